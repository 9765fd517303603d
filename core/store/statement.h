/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A statement is a named constant: whole, readable, with a ? for each value. All of them are in one
 * list (statements_all), so that a test can EXPLAIN each. Prepared once per connection, at first use. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include <stddef.h>

struct statement {
    const char *name, *sql;
};

/* NULL-terminated. */
const struct statement *const *statements_all(void);

#endif
