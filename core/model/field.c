/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/field.h"

#include <assert.h>
#include <string.h>

#include "model/address.h"
#include "model/decimal.h"
#include "model/size.h"

const struct paste paste_fresh = {0};

size_t fields_count(const struct field *fields)
{
    size_t n = 0;
    if (fields != NULL)
        while (fields[n].name != NULL)
            n++;
    return n;
}

size_t field_options(const struct field *f, unsigned roles)
{
    return f->options_opened > 0 && (roles & SERVER_ADMIN) == 0 ? f->options_opened : f->options_n;
}

static const void *member(const struct field *f, const void *entity)
{
    assert(f->offset != SIZE_MAX);
    return (const char *)entity + f->offset;
}

int64_t field_number(const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX || !FIELD_IS_NUMBER(f->type))
        return 0;
    return *(const int64_t *)member(f, entity);
}

bool field_is_set(const struct field *f, const void *entity)
{
    if (!f->nullable || f->offset == SIZE_MAX)
        return true;
    return FIELD_IS_NUMBER(f->type) ? field_number(f, entity) != FIELD_UNSET
                                    : *(const char *const *)member(f, entity) != NULL;
}

void field_put(const struct field *f, void *entity, int64_t number, const char *text)
{
    assert(f->offset != SIZE_MAX);
    void *at = (char *)entity + f->offset;
    if (FIELD_IS_NUMBER(f->type))
        *(int64_t *)at = number;
    else
        *(const char **)at = text;
}

void fields_unset(const struct field *fields, void *entity)
{
    for (const struct field *f = fields; f->name != NULL; f++)
        if (f->nullable && f->offset != SIZE_MAX)
            field_put(f, entity, FIELD_UNSET, NULL);
}

static bool field_equal(const struct field *f, const void *x, const void *y)
{
    if (FIELD_IS_NUMBER(f->type))
        return field_number(f, x) == field_number(f, y);
    const char *a = *(const char *const *)member(f, x), *b = *(const char *const *)member(f, y);
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool fields_equal(const struct field *fields, const void *x, const void *y)
{
    for (const struct field *f = fields; f->name != NULL; f++)
        if (f->offset != SIZE_MAX && !field_equal(f, x, y))
            return false;
    return true;
}

static const char *field_text(const struct field *f, const void *entity)
{
    const char *text = *(const char *const *)member(f, entity);
    return text != NULL ? text : "";
}

const char *field_number_text(struct arena *a, const struct field *f, int64_t n)
{
    return f->type == FIELD_DECIMAL ? decimal_text(a, n) : arena_printf(a, "%lld", (long long)n);
}

const char *field_display(struct arena *a, const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX)
        return "";
    if (f->type == FIELD_SIZE && field_number(f, entity) == 0)
        return text_english(TEXT_NO_LIMIT);
    if (f->type == FIELD_DOMAIN)
        return domain_display(a, field_text(f, entity));
    if (f->type == FIELD_ADDRESS)
        return address_display(a, field_text(f, entity));
    return field_edit_text(a, f, entity);
}

const char *field_edit_text(struct arena *a, const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX || f->type == FIELD_PASSWORD || !field_is_set(f, entity))
        return "";
    if (f->type == FIELD_SIZE)
        return size_text(a, field_number(f, entity));
    if (FIELD_IS_NUMBER(f->type))
        return field_number_text(a, f, field_number(f, entity));
    if (f->nullable && field_text(f, entity)[0] == '\0')
        return FIELD_EMPTY;
    if (f->type == FIELD_DOMAIN)
        return domain_display(a, field_text(f, entity));
    return field_text(f, entity);
}
