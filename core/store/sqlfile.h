/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside store/: the statements of an embedded sql/ file, one by one. A line "--;;" ends each. */
#ifndef STORE_SQLFILE_H
#define STORE_SQLFILE_H

#include "base/arena.h"

/* The next statement without the blanks before it, and how long it is; moves `at` behind it.
 * NULL: there is none left. */
const char *sqlfile_next(const char **at, size_t *n_r);

#endif
