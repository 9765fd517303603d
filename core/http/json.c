/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/json.h"

#include <jansson.h>
#include <string.h>

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

bool json_parse(struct arena *a, const unsigned char *bytes, size_t n,
                struct json_members *members_r)
{
    current = a;
    json_set_alloc_funcs(json_malloc, json_free);
    *members_r = (struct json_members){0};
    json_error_t error;
    json_t *root = json_loadb((const char *)bytes, n, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root))
        return false;
    const char *name;
    json_t *value;
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
