/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON (RFC 8259) of a change: one flat object, some of whose members may be lists, read by jansson
 * into typed members in the arena. Duplicate members, NUL characters, whole numbers beyond 64 bits,
 * broken UTF-8, nesting beyond 2048 (jansson) and anything behind the object are refused, and it is
 * said which and where. Nested values are kept as JSON_OTHER, so that the field they were sent for
 * can say so. */
#ifndef HTTP_JSON_H
#define HTTP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum json_kind {
    JSON_NOTHING,
    JSON_TEXT,
    JSON_WHOLE,
    JSON_FRACTION,
    JSON_TRUTH,
    JSON_LIST,
    JSON_OTHER
};

struct json_member {
    const char *name;
    enum json_kind kind;
    const char *text;
    size_t text_n;
    int64_t number;            /* JSON_WHOLE; JSON_TRUTH: 0 or 1 */
    double real;               /* JSON_FRACTION */
    struct json_member *items; /* JSON_LIST: without names; a list in it is JSON_OTHER */
    size_t items_n;
};

/* Why it was refused. */
enum json_trouble {
    JSON_FINE,
    JSON_NO_OBJECT,
    JSON_BROKEN,
    JSON_HAS_NUL,
    JSON_NOT_UTF8,
    JSON_TOO_LARGE,
    JSON_TWICE,
    JSON_TOO_DEEP
};

struct json_members {
    struct json_member *rows;
    size_t n;
    enum json_trouble trouble;
    const char
        *at; /* of the trouble: "1:14 (quota)": line, column, and the member if it has a name */
};

/* False: there is trouble. */
bool json_parse(struct arena *a, const unsigned char *bytes, size_t n,
                struct json_members *members_r);
const struct json_member *json_find(const struct json_members *m, const char *name);

/* "text" with its quotes; control characters, quotes and backslashes escaped. */
void json_append_text(struct str *s, const char *text, size_t n);

#endif
