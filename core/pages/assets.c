/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/assets.h"

#include "pages/page.h"
#include "view/theme.h"

void asset_send(struct page *p)
{
    const struct http_request *r = p->request;
    struct theme_asset asset;
    if (r->method != HTTP_GET && r->method != HTTP_HEAD) {
        p->allow = "GET, HEAD";
        page_send_error(p, 405, TEXT_METHOD_NOT_ALLOWED, NULL);
        return;
    }
    if (r->segments_n != 3 ||
        !theme_asset(p->desk->renderer, r->segments[1], r->segments[2], &asset)) {
        page_send_error(p, 404, TEXT_NOT_FOUND, NULL);
        return;
    }
    http_response_write(&(struct http_response){.status = 200,
                                                .content_type = asset.type,
                                                .body = asset.bytes,
                                                .body_n = asset.size,
                                                .immutable = true,
                                                .https = r->https,
                                                .head = r->method == HTTP_HEAD},
                        &p->x->answer);
}
