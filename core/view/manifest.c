/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/manifest.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "view/renderer.h"
#include "view/reply.h"

static const char *const words[SETTING_TYPES] = {"bool",  "choice", "color",  "font",
                                                 "image", "links",  "number", "text"};

const char *manifest_type_word(enum manifest_type type)
{
    return words[type];
}

static const char *take_text(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    if (n > MANIFEST_TEXT || !utf8_is_valid(text, n) || utf8_has_control(text, n)) {
        r->broken = true;
        return "";
    }
    return arena_memdup(a, text, n);
}

/* A lower-case letter, then letters, digits, - and _. */
static bool is_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= MANIFEST_NAME && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static bool is_token(const char *name)
{
    return text_starts(name, "--") && is_name(name + 2);
}

static void take_options(struct wire_reader *r, struct arena *a, struct manifest_setting *s)
{
    s->options_n = wire_u32(r);
    if (r->broken || s->options_n > MANIFEST_OPTIONS) {
        r->broken = true;
        return;
    }
    struct field_option *made = arena_array(a, s->options_n + 1, sizeof *made);
    for (size_t i = 0; i < s->options_n; i++) {
        made[i].value = take_text(r, a);
        made[i].label = take_text(r, a);
    }
    s->options = made;
}

static void take_contrasts(struct wire_reader *r, struct arena *a, struct manifest_setting *s)
{
    s->contrasts_n = wire_u32(r);
    if (r->broken || s->contrasts_n > MANIFEST_CONTRASTS) {
        r->broken = true;
        return;
    }
    struct manifest_contrast *made = arena_array(a, s->contrasts_n + 1, sizeof *made);
    for (size_t i = 0; i < s->contrasts_n; i++) {
        made[i].with = take_text(r, a);
        made[i].least = wire_u32(r);
        r->broken = r->broken || !is_token(made[i].with) || made[i].least < 100 ||
                    made[i].least > 2100;
    }
    s->contrasts = made;
}

static void take_setting(struct wire_reader *r, struct arena *a, struct manifest_setting *s)
{
    s->id = take_text(r, a);
    unsigned type = wire_u8(r);
    s->type = (enum manifest_type)type;
    s->label = take_text(r, a);
    s->hint = take_text(r, a);
    s->otherwise = take_text(r, a);
    s->min = wire_i64(r);
    s->max = wire_i64(r);
    s->was = take_text(r, a);
    take_options(r, a, s);
    take_contrasts(r, a, s);
    if (r->broken || type >= SETTING_TYPES || !is_name(s->id) ||
        (s->was[0] != '\0' && !is_name(s->was)) ||
        (s->type == SETTING_CHOICE && s->options_n == 0) || (s->max != 0 && s->min > s->max))
        r->broken = true;
    if (s->label[0] == '\0')
        s->label = s->id;
}

static bool has_twins(const struct manifest *m)
{
    for (size_t i = 0; i < m->settings_n; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->settings[i].id, m->settings[k].id) == 0)
                return true;
    return false;
}

bool manifest_decode(struct wire_reader r, struct arena *a, struct manifest *m_r)
{
    struct manifest m = {0};
    if (wire_u8(&r) != WIRE_FACTS)
        return false;
    const char **texts[] = {&m.title,       &m.version, &m.author,   &m.license,   &m.homepage,
                            &m.description, &m.extends, &m.contract, &m.screenshot};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = take_text(&r, a);
    m.light = wire_u8(&r) == 1;
    m.dark = wire_u8(&r) == 1;
    m.settings_n = wire_u32(&r);
    if (r.broken || m.settings_n > MANIFEST_SETTINGS)
        return false;
    struct manifest_setting *settings = arena_array(a, m.settings_n + 1, sizeof *settings);
    for (size_t i = 0; i < m.settings_n && !r.broken; i++)
        take_setting(&r, a, &settings[i]);
    m.settings = settings;
    if (r.broken || r.at != r.end || has_twins(&m))
        return false;
    *m_r = m;
    return true;
}

void manifest_question(struct str *s, const struct theme *t)
{
    wire_begin(s, WIRE_MANIFEST);
    wire_put_u32(s, t != NULL ? t->chain_n : 0);
    for (size_t i = 0; t != NULL && i < t->chain_n; i++) {
        const struct theme_file *f = theme_file(&t->chain[i], "theme.lua");
        assert(t->chain[i].name != NULL);
        wire_put_text(s, t->chain[i].name, strlen(t->chain[i].name));
        wire_put_text(s, f != NULL ? f->bytes : "", f != NULL ? f->n : 0);
    }
    wire_end(s);
}

/* The child's name where its theme.lua, or that of one it extends, is too large; else NULL. */
static const char *too_large(const struct theme *t)
{
    for (size_t i = 0; t != NULL && i < t->chain_n; i++) {
        const struct theme_file *f = theme_file(&t->chain[i], "theme.lua");
        if (f != NULL && f->n > MANIFEST_BYTES)
            return t->chain[i].name;
    }
    return NULL;
}

const struct manifest *manifest_read(struct renderer *r, struct arena *a, const struct theme *t,
                                     const char **why_r)
{
    struct str s;
    struct wire_reader reply;
    struct manifest *m = ARENA_NEW(a, struct manifest);
    const char *large = too_large(t);
    if (large != NULL) {
        *why_r = arena_printf(a, "%s/theme.lua is larger than 64 KB", large);
        return NULL;
    }
    str_init(&s, a, WIRE_MAX);
    manifest_question(&s, t);
    if (s.overflow || !renderer_ask(r, a, &s, &reply)) {
        *why_r = "theme.lua cannot be read now";
        return NULL;
    }
    if (manifest_decode(reply, a, m))
        return m;
    *why_r = reply_reason(reply, a);
    return NULL;
}
