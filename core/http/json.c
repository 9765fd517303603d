/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/json.h"

#include <jansson.h>
#include <string.h>

#include "base/utf8.h"

enum { NAME_SHOWN = 64 };

/* jansson asks for memory through these, so that it too lives in the request's arena. */
static struct arena *current;

static void *json_malloc(size_t n)
{
    return arena_alloc(current, n);
}

static void json_free(void *p)
{
    (void)p;
}

static struct json_member scalar(const json_t *value)
{
    struct json_member m = {.kind = JSON_OTHER};
    if (json_is_null(value)) {
        m.kind = JSON_NOTHING;
    } else if (json_is_string(value)) {
        m.kind = JSON_TEXT;
        m.text = json_string_value(value);
        m.text_n = json_string_length(value);
    } else if (json_is_integer(value)) {
        m.kind = JSON_WHOLE;
        m.number = json_integer_value(value);
    } else if (json_is_real(value)) {
        m.kind = JSON_FRACTION;
        m.real = json_real_value(value);
    } else if (json_is_boolean(value)) {
        m.kind = JSON_TRUTH;
        m.number = json_is_true(value);
    }
    return m;
}

static struct json_member member(struct arena *a, const char *name, const json_t *value)
{
    struct json_member m = scalar(value);
    m.name = arena_strdup(a, name);
    if (!json_is_array(value))
        return m;
    m.kind = JSON_LIST;
    m.items_n = json_array_size(value);
    m.items = arena_array(a, m.items_n > 0 ? m.items_n : 1, sizeof *m.items);
    for (size_t i = 0; i < m.items_n; i++)
        m.items[i] = scalar(json_array_get(value, i));
    return m;
}

/* --- what is wrong, and where --- */

static enum json_trouble trouble_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_null_character:
    case json_error_null_byte_in_key: return JSON_HAS_NUL;
    case json_error_numeric_overflow: return JSON_TOO_LARGE;
    case json_error_duplicate_key: return JSON_TWICE;
    case json_error_invalid_utf8: return JSON_NOT_UTF8;
    case json_error_stack_overflow: return JSON_TOO_DEEP;
    default: return JSON_BROKEN;
    }
}

/* Bytes of the string that starts at its quote, with both quotes if the second is there. */
static size_t quoted(const char *text, size_t n)
{
    size_t i = 1;
    while (i < n && text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
    return i < n ? i + 1 : n;
}

/* The member that these bytes of an object end in, as it was written; "": none, or none to be shown. */
static const char *member_last(struct arena *a, const char *text, size_t n)
{
    const char *name = "";
    bool due = false; /* the next string is a member's name */
    int depth = 0;
    for (size_t i = 0, step; i < n; i += step) {
        char c = text[i];
        step = c == '"' ? quoted(text + i, n - i) : 1;
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (depth == 0 || (depth == 1 && (c == '{' || c == ','))) {
            due = depth == 1;
            name = "";
        } else if (c == '"' && due) {
            bool shown = step >= 2 && step <= NAME_SHOWN && text[i + step - 1] == '"' &&
                         utf8_is_valid(text + i, step) && !utf8_has_control(text + i, step);
            name = shown ? arena_memdup(a, text + i + 1, step - 2) : "";
            due = false;
        }
    }
    return name;
}

static const char *place_of(struct arena *a, const json_error_t *error, const char *text, size_t n)
{
    size_t at = error->position > 0 ? (size_t)error->position : 0;
    const char *name = member_last(a, text, at < n ? at : n);
    return arena_printf(a, name[0] != '\0' ? "%d:%d (%s)" : "%d:%d", error->line, error->column,
                        name);
}

static bool starts_object(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && text[i] != '\0' && strchr(" \t\r\n", text[i]) != NULL)
        i++;
    return i < n && text[i] == '{';
}

bool json_parse(struct arena *a, const unsigned char *bytes, size_t n,
                struct json_members *members_r)
{
    const char *text = (const char *)bytes, *name;
    current = a;
    json_set_alloc_funcs(json_malloc, json_free);
    *members_r = (struct json_members){.at = ""};
    if (!starts_object(text, n)) {
        members_r->trouble = JSON_NO_OBJECT;
        return false;
    }
    json_error_t error;
    json_t *value, *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        members_r->trouble = trouble_of(&error);
        members_r->at = place_of(a, &error, text, n);
        return false;
    }
    members_r->rows = arena_array(a, json_object_size(root), sizeof *members_r->rows);
    json_object_foreach(root, name, value) members_r->rows[members_r->n++] = member(a, name, value);
    return true;
}

const struct json_member *json_find(const struct json_members *m, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (text_equal(m->rows[i].name, name))
            return &m->rows[i];
    return NULL;
}

static void append_escaped(struct str *s, unsigned char c)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *at = names; *at != '\0'; at += 2)
        if ((unsigned char)*at == c) {
            str_append_c(s, '\\');
            str_append_c(s, at[1]);
            return;
        }
    str_printf(s, "\\u%04x", c);
}

void json_append_text(struct str *s, const char *text, size_t n)
{
    size_t from = 0;
    str_append_c(s, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        str_append_n(s, text + from, i - from);
        append_escaped(s, c);
        from = i + 1;
    }
    str_append_n(s, text + from, n - from);
    str_append_c(s, '"');
}
