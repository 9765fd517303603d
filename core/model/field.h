/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field table per entity: the form reader, the form that a theme draws, the JSON form, the
 * audit line, the single-row statements and the command line's options all come from it. A field
 * says who may edit it; what the actor may not edit is not read from what he sent. Tables are constants;
 * texts made of an entity live in the arena. */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/texts.h"
#include "model/role.h"

enum field_type {
    FIELD_TEXT, /* one line, blanks at the ends dropped, UTF-8, no control characters */
    FIELD_INT,
    FIELD_BOOL, /* "1"/"0", JSON true/false */
    FIELD_SIZE, /* kept in kB; typed with unit B kB MB GB (default MB), JSON: bytes; 0 = no limit */
    FIELD_DECIMAL,  /* kept in thousandths; typed with a point or a comma, JSON: a number */
    FIELD_PASSWORD, /* any bytes but NUL, min to max; hashed before it is kept; masked everywhere */
    FIELD_ADDRESS,  /* an existing account's address */
    FIELD_DOMAIN,   /* a domain's name */
    FIELD_LOCAL_PART,
    FIELD_CHOICE, /* one of the field's options */
    FIELD_COLOR,  /* "#rrggbb" (typed also "#rgb"), or "" */
    FIELD_LINKS,  /* lines of "words URL", each URL https, http, mailto or a path of this site */
    FIELD_LINES,  /* a thing each line, at most `lines`; the action judges each by itself. JSON: a
                     text of lines, or a list */
    FIELD_DESTINATIONS /* addresses, one a line (or behind a comma), at most `max` of them; JSON: a list
                          of texts. Kept one a line, each once */
};

enum { ON_CREATE = 1, ON_EDIT = 2 }; /* when a field is asked for */

struct field {
    const char *name;   /* of the form field, JSON member, audit line and command-line option */
    const char *column; /* in the entity's table; NULL: none of its own */
    enum field_type type;
    size_t offset;    /* in the entity's struct; SIZE_MAX: none */
    int64_t min, max; /* characters of a FIELD_TEXT, octets, or value */
    bool required;
    const char *unless; /* not required where that other field, a FIELD_BOOL, is sent as true; NULL */
    unsigned when;      /* ON_CREATE | ON_EDIT */
    unsigned edit;      /* role bits that may set it */
    bool nullable; /* may be *not set*, which is NULL in SQL, null in JSON, and typed as nothing; a
                     text that is empty on purpose is typed "-" */
    const char *group; /* N_() words that head a part of the form, from this field on; NULL */
    enum text_key label, hint;
    const char *autocomplete; /* HTML's token, NULL: off */
    /* Of fields that a theme makes: its own words instead of label and hint; what a FIELD_CHOICE
     * may be. */
    const char *words, *help;
    const struct field_option {
        const char *value, *label;
    } * options;
    size_t options_n;
    size_t lines;          /* of FIELD_LINES: so many, as are done well within request_timeout */
    size_t options_opened; /* so many of them, the first, for who is no server admin; 0: all */
};

/* Rows of the tables. The type comes from the struct's member, so it cannot be wrong; FIELD_AS
 * gives a number or a text its meaning and does not compile when the member is of the other
 * kind. */
#define FIELD_MEMBER(entity, member) (((struct entity *)0)->member)
#define FIELD_IS_NUMBER(type) \
    ((type) == FIELD_INT || (type) == FIELD_BOOL || (type) == FIELD_SIZE || (type) == FIELD_DECIMAL)
/* What a nullable number is that is not set; a text is NULL then. */
#define FIELD_UNSET INT64_MIN
/* A nullable text that is empty on purpose is typed so. */
#define FIELD_EMPTY "-"
#define FIELD_IS_LIST(type) ((type) == FIELD_DESTINATIONS)
/* Those that JSON may send a list to. */
#define FIELD_TAKES_LIST(type) (FIELD_IS_LIST(type) || (type) == FIELD_LINES)
#define FIELD_FITS(entity, member, type)                                                      \
    (0 * sizeof(char[_Generic(FIELD_MEMBER(entity, member), int64_t : 1, const char * : 0) == \
                             FIELD_IS_NUMBER(type)                                            \
                         ? 1                                                                  \
                         : -1]))
#define FIELD_NAMED(entity, member, word, kind, ...)                                              \
    {                                                                                             \
        .name = (word), .type = (kind),                                                           \
        .offset = offsetof(struct entity, member) + FIELD_FITS(entity, member, kind), __VA_ARGS__ \
    }
#define FIELD_AS(entity, member, kind, ...) FIELD_NAMED(entity, member, #member, kind, __VA_ARGS__)
#define FIELD(entity, member, ...) \
    FIELD_AS(entity, member, \
             _Generic(FIELD_MEMBER(entity, member), int64_t: FIELD_INT, const char *: FIELD_TEXT), \
             __VA_ARGS__)

/* One's own password, typed again: asked for where the session is not fresh. */
#define FIELD_CURRENT(who, must)                                                              \
    {                                                                                         \
        .name = "current", .type = FIELD_PASSWORD, .offset = SIZE_MAX, .min = 1, .max = 1024, \
        .required = (must), .when = ON_CREATE | ON_EDIT, .edit = (who),                       \
        .label = TEXT_LABEL_CURRENT, .autocomplete = "current-password"                       \
    }

/* What goes with a FIELD_LINES, and its field: add the good lines though others are wrong? */
struct paste {
    int64_t good_only;
};
extern const struct paste paste_fresh;
#define FIELD_GOOD_ONLY(who)                                                                     \
    FIELD_AS(paste, good_only, FIELD_BOOL, .max = 1, .when = ON_CREATE | ON_EDIT, .edit = (who), \
             .label = TEXT_LABEL_GOOD_ONLY, .hint = TEXT_HINT_GOOD_ONLY)

size_t fields_count(const struct field *fields);
/* How many of a field's options that role may choose, from the first. */
size_t field_options(const struct field *f, unsigned roles);
/* Stored values of an entity by its table, as people read them ("" for absent, sizes "1 GB"). */
const char *field_display(struct arena *a, const struct field *f, const void *entity);
/* As a form control holds it. */
const char *field_edit_text(struct arena *a, const struct field *f, const void *entity);
int64_t field_number(const struct field *f, const void *entity);
/* The number where the table says that it is one, else the text. */
void field_put(const struct field *f, void *entity, int64_t number, const char *text);
/* A number as the field's control holds it; thousandths with their point. */
const char *field_number_text(struct arena *a, const struct field *f, int64_t n);
/* False: a nullable field that is not set. */
bool field_is_set(const struct field *f, const void *entity);
/* Every field of a new entity that may be not set. */
void fields_unset(const struct field *fields, void *entity);
bool fields_equal(const struct field *fields, const void *x, const void *y);

#endif
