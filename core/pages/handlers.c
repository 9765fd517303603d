/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/page.h"

const struct handler handlers[ROUTES] = {
#define ROUTE(name, pattern, see, show, change, post, after) {show, post, after},
#include "pages/routes.def"
#undef ROUTE
};
