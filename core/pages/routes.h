/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of URLs (routes.def): matching a request to its row, and making URLs from rows,
 * which is the only way any page makes one. */
#ifndef PAGES_ROUTES_H
#define PAGES_ROUTES_H

#include <stddef.h>

#include "actions/permit.h"
#include "http/request.h"

struct route {
    const char *name, *pattern;
    enum action_id see;    /* ACTION_COUNT: no right is needed */
    enum action_id change; /* ACTION_COUNT: none */
};

enum {
    ROUTES = 0
#define ROUTE(name, pattern, see, show, change, post, after) +1
#include "pages/routes.def"
#undef ROUTE
};
extern const struct route routes[ROUTES + 1]; /* ends with a row whose name is NULL */

/* What a pattern's {names} stood for in a request. */
struct route_match {
    const struct route *route;
    const char *domain, *mailbox, *alias, *relay, *policy, *client, *sender, *entry, *account,
        *theme, *token;
};
/* False: no row fits. */
bool route_find(const struct http_request *r, struct route_match *match_r);
const struct route *route_named(const char *name);
/* Is what stands in the path a secret (a one-time link), whether it fits or not? */
bool route_hides_path(const struct http_request *r);

/* prefix + pattern with its {names} from `names`, percent-encoded. */
const char *route_url_of(struct arena *a, const char *prefix, const char *name,
                         const struct route_match *names);
/* prefix + pattern with its {names} percent-encoded; NULL for those it has not. */
const char *route_url(struct arena *a, const char *prefix, const char *name, const char *domain,
                      const char *mailbox, const char *entry);

#endif
