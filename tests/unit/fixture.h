/* SPDX-License-Identifier: GPL-3.0-or-later */
/* View models for tests of themes, as the pages would fill them. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "render/renderer.h"
#include "view/value.h"

extern const struct renderer_route fixture_routes[];
/* "login", "mailboxes.list" (50 rows), "mailboxes.secret", "error"; NULL for another page. */
struct value *fixture_model(struct arena *a, const char *page);
struct value *fixture_shell(struct arena *a, const char *page);

#endif
