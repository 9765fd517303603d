/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/access.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "model/address.h"

#define OPENED (SERVER_ADMIN | OPENED_LIST)
enum { TEXT_MOST = 200, LINES_BYTES = 256 * 1024, V4_PARTS = 4 };
#define CODE "CODE"

static const struct field_option kinds[] = {{"client", N_("Clients: where mail comes from")},
                                            {"sender", N_("Senders: whose mail it says it is")}};

/* The first two are whose privacy_level opens the lists to; see .options_opened. */
static const struct field_option states[] = {
    {"REJECT", N_("Refuse")},
    {"OK", N_("Accept, whatever wider entries say")},
    {"DUNNO", N_("No decision here: an exception from wider entries")},
    {"DEFER_IF_PERMIT", N_("Put off, unless it is refused anyway")},
    {"DEFER", N_("Put off: the sender tries again later")},
    {"HOLD", N_("Accept, and hold it until somebody looks")},
    {"DISCARD", N_("Accept, and throw it away without a word")},
    {CODE, N_("Answer with a code and text of your own")},
};

#define STATE_FIELD(...)                                                                         \
    .max = 16, .edit = OPENED, .label = TEXT_LABEL_ACCESS_STATE, .hint = TEXT_HINT_ACCESS_STATE, \
    .options = states, .options_n = sizeof states / sizeof *states, .options_opened = 2,         \
    __VA_ARGS__
#define KIND_FIELD(...)                                                          \
    .max = 6, .edit = OPENED, .label = TEXT_LABEL_ACCESS_KIND, .options = kinds, \
    .options_n = sizeof kinds / sizeof *kinds, __VA_ARGS__

const struct field access_fields[] = {
    FIELD_NAMED(access_entry, kind_word, "kind", FIELD_CHOICE, KIND_FIELD(.when = ON_CREATE)),
    FIELD_NAMED(access_entry, pattern, "entry", FIELD_TEXT, .max = 254, .when = ON_CREATE,
                .edit = OPENED, .label = TEXT_LABEL_ACCESS_ENTRY, .hint = TEXT_HINT_ACCESS_ENTRY),
    FIELD_AS(access_entry, null_sender, FIELD_BOOL, .max = 1, .when = ON_CREATE,
             .edit = SERVER_ADMIN, .label = TEXT_LABEL_NULL_SENDER, .hint = TEXT_HINT_NULL_SENDER),
    FIELD_NAMED(access_entry, word, "state", FIELD_CHOICE,
                STATE_FIELD(.required = true, .when = ON_CREATE | ON_EDIT)),
    FIELD(access_entry, text, .max = TEXT_MOST, .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN,
          .label = TEXT_LABEL_ACCESS_TEXT, .hint = TEXT_HINT_ACCESS_TEXT),
    FIELD(access_entry, comment, .column = "comment", .max = 255, .when = ON_CREATE | ON_EDIT,
          .edit = OPENED, .label = TEXT_LABEL_COMMENT, .hint = TEXT_HINT_DESCRIPTION),
    {0},
};

const struct field access_paste_fields[] = {
    FIELD_AS(access_paste, kind, FIELD_CHOICE, KIND_FIELD(.when = ON_EDIT)),
    FIELD_AS(access_paste, state, FIELD_CHOICE, STATE_FIELD(.when = ON_EDIT)),
    {.name = "lines",
     .type = FIELD_LINES,
     .offset = SIZE_MAX,
     .max = LINES_BYTES,
     .lines = 5000,
     .required = true,
     .when = ON_EDIT,
     .edit = OPENED,
     .label = TEXT_LABEL_ACCESS_LINES,
     .hint = TEXT_HINT_ACCESS_LINES},
    FIELD_GOOD_ONLY(OPENED),
    {0},
};

const char *access_kind_word(int64_t kind)
{
    return kinds[kind == ACCESS_SENDER].value;
}

enum access_kind access_kind_of(const char *word)
{
    size_t i = 0;
    while (i < ACCESS_KINDS && strcmp(kinds[i].value, word) != 0)
        i++;
    return (enum access_kind)i;
}

/* --- states --- */

static bool is_code(const char *text)
{
    return (text[0] == '4' || text[0] == '5') && isdigit((unsigned char)text[1]) &&
           isdigit((unsigned char)text[2]) && (text[3] == ' ' || text[3] == '\0');
}

void access_split(struct arena *a, struct access_entry *e)
{
    size_t n = strcspn(e->state, " ");
    e->kind_word = access_kind_word(e->kind);
    e->null_sender = strcmp(e->pattern, "<>") == 0;
    e->word = is_code(e->state) ? CODE : arena_memdup(a, e->state, n);
    e->text = is_code(e->state) ? e->state : e->state + n + strspn(e->state + n, " ");
}

static bool is_printable_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

enum text_key access_join(struct arena *a, struct access_entry *e)
{
    bool silent = strcmp(e->word, "OK") == 0 || strcmp(e->word, "DUNNO") == 0;
    if (silent)
        e->text = "";
    if (!is_printable_ascii(e->text))
        return TEXT_ACCESS_TEXT_ASCII;
    if (strcmp(e->word, CODE) == 0) {
        e->state = e->text;
        return is_code(e->text) ? TEXT_NONE : TEXT_ACCESS_CODE;
    }
    e->state = e->text[0] != '\0' ? arena_printf(a, "%s %s", e->word, e->text) : e->word;
    return TEXT_NONE;
}

bool access_is_plain(const struct access_entry *e)
{
    return strcmp(e->pattern, "<>") != 0 &&
           (strcmp(e->state, "OK") == 0 || strcmp(e->state, "REJECT") == 0);
}

/* --- patterns --- */

/* What people write with a star has a form without one. */
static const char *without_star(struct arena *a, const char *text)
{
    const char *name, *rest = text + (text[0] == '*');
    const char *at = rest + (rest[0] == '@' || rest[0] == '.');
    bool below = rest[0] == '.';
    if (at == text || domain_parse(a, at, strlen(at), &name) != TEXT_NONE)
        return NULL;
    return below ? arena_printf(a, ".%s", name) : name;
}

static enum text_key name_parse(struct arena *a, const char *text, struct access_pattern *p,
                                const char **arg_r)
{
    bool below = text[0] == '.' && text[1] != '\0';
    const char *name;
    enum text_key wrong = domain_parse(a, text + below, strlen(text + below), &name);
    p->form = below ? IS_BELOW : IS_NAME;
    *arg_r = wrong != TEXT_NONE ? name : NULL;
    if (wrong == TEXT_NONE)
        p->text = below ? arena_printf(a, ".%s", name) : name;
    return wrong;
}

static enum text_key client_parse(struct arena *a, const char *text, struct access_pattern *p,
                                  const char **arg_r, const char **offer_r)
{
    size_t n = strlen(text);
    if (strchr(text, '@') != NULL)
        return TEXT_ACCESS_CLIENT_AT;
    if (!network_is_meant(text, n)) {
        enum text_key wrong = name_parse(a, text, p, arg_r);
        if (wrong != TEXT_NONE || !network_is_meant(p->text, strlen(p->text)))
            return wrong;
        text = p->text; /* a name in its normal form that looks like a range */
        n = strlen(text);
    }
    enum text_key wrong = network_parse(a, text, n, &p->network, arg_r, offer_r);
    p->form = p->network.single ? IS_ADDRESS : IS_NETWORK;
    p->text = p->network.text;
    return wrong;
}

/* What holds of local parts that a list of senders cannot hold. */
static enum text_key email_parse(struct arena *a, const char *text, struct access_pattern *p,
                                 const char **arg_r)
{
    size_t n = strlen(text);
    bool anywhere = text[n - 1] == '@';
    struct address at;
    const char *whole = anywhere ? arena_printf(a, "%sany.example", text) : text;
    enum text_key wrong = foreign_address_parse(a, whole, strlen(whole), &at);
    *arg_r = at.text;
    if (wrong != TEXT_NONE)
        return wrong;
    const char *local = lower_text(a, at.local_part), *bad = strpbrk(local, "%*");
    *arg_r = bad != NULL ? arena_printf(a, "\"%c\"", *bad) : NULL;
    if (bad != NULL)
        return TEXT_LOCAL_PART_CHARACTER;
    p->form = anywhere ? IS_USER : IS_EMAIL;
    p->text = arena_printf(a, "%s@%s", local, anywhere ? "" : at.domain);
    return TEXT_NONE;
}

static enum text_key sender_parse(struct arena *a, const char *text, struct access_pattern *p,
                                  const char **arg_r)
{
    size_t n = strlen(text);
    if (strcmp(text, "<>") == 0)
        return TEXT_ACCESS_NULL_BOX;
    if (text[0] == '<' && n > 2 && text[n - 1] == '>') {
        text = arena_memdup(a, text + 1, n - 2);
        n -= 2;
    }
    if (strchr(text, '@') != NULL)
        return email_parse(a, text, p, arg_r);
    enum text_key wrong = network_is_meant(text, n) ? TEXT_ACCESS_SENDER_IP
                                                    : name_parse(a, text, p, arg_r);
    bool looks_so = wrong == TEXT_NONE && network_is_meant(p->text, strlen(p->text));
    return looks_so ? TEXT_ACCESS_SENDER_IP : wrong; /* in its normal form */
}

static enum text_key parse_of_kind(struct arena *a, enum access_kind kind, const char *text,
                                   struct access_pattern *p, const char **arg_r,
                                   const char **offer_r)
{
    return kind == ACCESS_SENDER ? sender_parse(a, text, p, arg_r)
                                 : client_parse(a, text, p, arg_r, offer_r);
}

enum text_key access_parse(struct arena *a, enum access_kind kind, const char *text, size_t n,
                           struct access_pattern *pattern_r, const char **arg_r,
                           const char **offer_r)
{
    *pattern_r = (struct access_pattern){0};
    *arg_r = *offer_r = NULL;
    if (n == 0)
        return TEXT_REQUIRED;
    if (n > 1024 || memchr(text, '\0', n) != NULL)
        return TEXT_DOMAIN_TOO_LONG;
    const char *typed = arena_memdup(a, text, n);
    if (typed[0] == '*' || typed[0] == '@') {
        const char *bare = without_star(a, typed), *arg, *other;
        struct access_pattern p; /* a name may still look like an address */
        bool fits = bare != NULL && parse_of_kind(a, kind, bare, &p, &arg, &other) == TEXT_NONE;
        *offer_r = fits ? bare : NULL;
        return TEXT_ACCESS_STAR;
    }
    return parse_of_kind(a, kind, typed, pattern_r, arg_r, offer_r);
}

void access_pattern_of(struct arena *a, const struct access_entry *e,
                       struct access_pattern *pattern_r)
{
    const char *arg, *offer;
    enum text_key wrong = access_parse(a, (enum access_kind)e->kind, e->pattern, strlen(e->pattern),
                                       pattern_r, &arg, &offer);
    if (strcmp(e->pattern, "<>") == 0)
        pattern_r->form = IS_NULL;
    else if (wrong == TEXT_NETWORK_OCTETS && offer != NULL &&
             network_parse(a, offer, strlen(offer), &pattern_r->network, &arg, &offer) == TEXT_NONE)
        pattern_r->form = IS_OCTETS;
    else if (wrong != TEXT_NONE)
        pattern_r->form = e->pattern[0] == '.' ? IS_BELOW : IS_NAME;
    pattern_r->text = e->pattern;
}

const char *access_form_word(const struct access_pattern *p)
{
    static const char *const words[] = {
        [IS_ADDRESS] = "address", [IS_NETWORK] = "network", [IS_NAME] = "name",
        [IS_BELOW] = "below",     [IS_EMAIL] = "email",     [IS_USER] = "user",
        [IS_NULL] = "null",       [IS_OCTETS] = "octets"};
    return words[p->form];
}

const char *access_display(struct arena *a, const char *pattern)
{
    const char *at = strrchr(pattern, '@');
    if (pattern[0] == '.')
        return arena_printf(a, ".%s", domain_display(a, pattern + 1));
    return at != NULL ? at[1] != '\0' ? address_display(a, pattern) : pattern
                      : domain_display(a, pattern);
}

/* --- what is wider --- */

struct rows {
    const char **at;
    size_t n, most;
};

static void add(struct rows *rows, const char *pattern)
{
    if (rows->n < rows->most)
        rows->at[rows->n++] = pattern;
}

/* ".sub.example" and so on upwards; not of the top alone. */
static void add_parents(struct rows *rows, const char *name)
{
    for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        add(rows, dot);
}

/* Smaller networks first; the octets of old are networks too. */
static void add_networks(struct arena *a, struct rows *rows, const struct access_pattern *p)
{
    const struct network *n = &p->network;
    unsigned from = n->bits, least = n->v4 ? NETWORK_V4_LEAST : NETWORK_V6_LEAST;
    for (unsigned bits = from; bits-- > least;) {
        const char *text = network_around(a, n, bits);
        add(rows, text);
        if (n->v4 && bits % 8 == 0) {
            size_t length = strcspn(text, "/");
            for (unsigned octets = bits / 8; octets < V4_PARTS; octets++)
                length -= 2; /* ".0" */
            add(rows, arena_memdup(a, text, length));
        }
    }
}

size_t access_wider(struct arena *a, const struct access_pattern *p, const char **rows, size_t most)
{
    struct rows r = {.at = rows, .most = most};
    const char *at = strchr(p->text, '@');
    if (p->form == IS_ADDRESS || p->form == IS_NETWORK || p->form == IS_OCTETS) {
        add_networks(a, &r, p);
    } else if (p->form == IS_EMAIL) {
        add(&r, at + 1);
        add_parents(&r, at + 1);
        add(&r, arena_memdup(a, p->text, (size_t)(at + 1 - p->text)));
    } else if (p->form == IS_NAME || p->form == IS_BELOW) {
        add_parents(&r, p->text + (p->form == IS_BELOW));
    }
    return r.n;
}
