/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody sent for one entity, by its field table: read from forms, JSON and the command line
 * into normal form, each mistake beside its value. All of it lives in the arena it was made in. */
#ifndef MODEL_INPUT_H
#define MODEL_INPUT_H

#include "model/field.h"

/* One line of a field of many, and what became of it. */
enum line_verdict { LINE_GOOD, LINE_THERE, LINE_WRONG };
struct input_line {
    const char *typed; /* trimmed; "?" for what is no text */
    const char *text;  /* in its normal form, or in words; NULL: not known */
    enum line_verdict verdict;
    enum text_key why; /* TEXT_NONE: there is nothing to say */
    const char *why_arg;
    const char *offer; /* what would do instead, NULL */
};

/* What somebody sent for one entity: a value per row of its field table. */
struct input {
    const struct field *fields; /* ends with a row whose name is NULL */
    size_t n;
    struct input_value {
        bool present;          /* was sent, and the actor may set it */
        const char *typed;     /* as sent, for the form shown again; NULL for passwords */
        const char *text;      /* normal form (FIELD_TEXT, ADDRESS, DOMAIN, LOCAL_PART, PASSWORD) */
        size_t text_n;         /* of passwords: may hold any byte */
        int64_t number;        /* INT, BOOL, SIZE (kB), DECIMAL (thousandths) */
        enum text_key error;   /* TEXT_NONE: fine */
        const char *error_arg; /* for %s in the error's text, NULL */
        const char *offer;     /* what would do instead, NULL */
        struct input_line *lines; /* of a FIELD_LINES; of FIELD_DESTINATIONS where one is wrong */
        size_t lines_n;
    } * values;
    enum text_key error; /* of no single field */
    const char *error_arg;
    const char *error_member; /* the name it was sent under, where no field has it; NULL */
};

struct input *input_create(struct arena *a, const struct field *fields);
struct input_value *input_at(struct input *in, const char *name); /* NULL: no such field */
bool input_has(const struct input *in, const char *name);
const char *input_text(const struct input *in, const char *name); /* NULL if not present */
int64_t input_number(const struct input *in, const char *name, int64_t otherwise);
bool input_is_clean(const struct input *in);
void input_fail(struct input *in, const char *name, enum text_key error, const char *arg);
/* The same, with what would do instead. */
void input_offer(struct input *in, const char *name, enum text_key error, const char *arg,
                 const char *offer);

/* Reads one value as people type it (form, command line) into its normal form; sets error. An
 * empty password counts as not sent; an empty number, size or truth as 0. What its owner may not
 * set is not read here: whoever calls has asked the row's `edit`. */
void input_read_typed(struct arena *a, struct input *in, const char *name, const char *bytes,
                      size_t n);
/* As field_display() wrote it. */
void input_read_display(struct arena *a, struct input *in, const char *name, const char *text);
/* As JSON sends it: numbers and truth come as such. */
void input_read_number(struct arena *a, struct input *in, const char *name, int64_t number);
void input_read_bool(struct arena *a, struct input *in, const char *name, bool truth);
void input_read_real(struct arena *a, struct input *in, const char *name, double real);
void input_read_nothing(struct input *in, const char *name);
/* As a JSON text: for a number, a size or a truth that is the wrong type. */
void input_read_text(struct arena *a, struct input *in, const char *name, const char *bytes,
                     size_t n);
/* As a JSON list of texts: for fields of many alone. */
void input_read_list(struct arena *a, struct input *in, const char *name, const char *const *texts,
                     const size_t *lengths, size_t n);
/* None of them. */
void input_fail_type(struct input *in, const char *name);
/* Marks required fields that are missing for a create (ON_CREATE) or edit (only present ones
 * count). */
void input_check_required(struct input *in, unsigned when);

/* What was sent, into the entity. */
void input_apply(const struct input *in, void *entity);

#endif
