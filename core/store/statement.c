/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/statement.h"

#undef STATEMENT
#define STATEMENT(id) extern const struct statement id;
#include "store/statements.def"
#undef STATEMENT

static const struct statement *const all[] = {
#define STATEMENT(id) &id,
#include "store/statements.def"
#undef STATEMENT
    NULL};

const struct statement *const *statements_all(void)
{
    return all;
}
