/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A statement is a named constant: whole, readable, with a ? for each value. All of them are in
 * one list (statements_all), so that a test can EXPLAIN each. Prepared once per connection, at
 * first use; one that is not in the list ends the process. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include <stddef.h>

struct statement {
    const char *name, *sql;
};

/* At the top of store/<noun>.c; its name stands in statements.def too. */
#define STATEMENT(id, text) const struct statement id = {#id, text};

/* NULL-terminated. */
const struct statement *const *statements_all(void);

#endif
