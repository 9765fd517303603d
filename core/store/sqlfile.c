/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sqlfile.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

#define SEPARATOR "--;;"

/* The next separator line at or behind `at`, or the end. */
static const char *statement_end(const char *at)
{
    for (const char *line = at;; line++) {
        bool separator = text_starts(line, SEPARATOR) &&
                         (line[strlen(SEPARATOR)] == '\n' || line[strlen(SEPARATOR)] == '\0');
        if (separator)
            return line;
        line = strchr(line, '\n');
        if (line == NULL)
            return at + strlen(at);
    }
}

const char *sqlfile_next(const char **at, size_t *n_r)
{
    while (**at != '\0') {
        const char *start = *at, *end = statement_end(start);
        *at = *end != '\0' ? end + strlen(SEPARATOR) : end;
        while (start < end && isspace((unsigned char)*start))
            start++;
        *n_r = (size_t)(end - start);
        if (*n_r > 0)
            return start;
    }
    return NULL;
}
