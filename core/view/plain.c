/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/plain.h"

#include <string.h>

static void html(struct str *s, const char *text)
{
    if (text != NULL)
        str_append_html(s, text, strlen(text));
}

void plain_page(struct str *s, int status, const char *heading, const char *text,
                const char *request_id, const char *prefix)
{
    str_append(s,
               "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html(s, heading);
    str_append(s, "</title>\n</head>\n<body>\n<main>\n<h1>");
    html(s, heading);
    str_append(s, "</h1>\n<p>");
    html(s, text);
    str_printf(s, "</p>\n<p>Status %d", status);
    if (request_id != NULL && request_id[0] != '\0') {
        str_append(s, ", reference <code>");
        html(s, request_id);
        str_append(s, "</code>");
    }
    str_append(s, "</p>\n<p><a href=\"");
    html(s, prefix);
    str_append(s, "/\">Back to the start</a></p>\n</main>\n</body>\n</html>\n");
}
