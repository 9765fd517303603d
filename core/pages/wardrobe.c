/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/wardrobe.h"

#include <string.h>

#include "base/asset.h"
#include "model/color.h"
#include "model/links.h"
#include "pages/page.h"
#include "store/theme.h"
#include "view/tokens.h"

enum { KEPT = 4, KEPT_BYTES = 8 << 20, FILES_BYTES = 32 << 20, CSS_MAX = 32 * 1024, HASH = 4 };
enum { LINKS_BYTES = 1900, TEXT_CHARACTERS = 500 };

struct wardrobe {
    struct kept {
        struct arena *arena;
        char theme[MANIFEST_NAME + 1];
        int64_t generation;
        const struct outfit *outfit;
        uint64_t used;
    } kept[KEPT];
    uint64_t uses;
};

/* Stacks of fonts that machines have; a theme offers those it likes, or all. */
static const struct {
    const char *word, *label, *stack;
} fonts[] = {
    {"system", "System", "system-ui,sans-serif"},
    {"humanist", "Humanist",
     "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"DejaVu Sans\",sans-serif"},
    {"grotesque", "Grotesque",
     "\"Helvetica Neue\",Inter,Roboto,\"Arial Nova\",Arimo,Arial,sans-serif"},
    {"rounded", "Rounded",
     "ui-rounded,\"Hiragino Maru Gothic ProN\",Quicksand,Comfortaa,sans-serif"},
    {"serif", "Serif", "Charter,\"Bitstream Charter\",\"Sitka Text\",Cambria,\"Noto Serif\",serif"},
    {"antique", "Antique", "\"Bookman Old Style\",\"URW Bookman\",Sitka,\"DejaVu Serif\",serif"},
    {"mono", "Monospace", "ui-monospace,\"Cascadia Mono\",Menlo,\"DejaVu Sans Mono\",monospace"},
    {"typewriter", "Typewriter", "\"Nimbus Mono PS\",\"Courier New\",monospace"},
};
enum { FONTS = sizeof fonts / sizeof *fonts };

/* --- the fields of a form --- */

static bool is_offered(const struct manifest_setting *s, const char *word)
{
    for (size_t i = 0; i < s->options_n; i++)
        if (strcmp(s->options[i].value, word) == 0)
            return true;
    return s->options_n == 0;
}

static void offer(struct field *f, struct field_option *options, const char *value,
                  const char *label)
{
    options[f->options_n++] = (struct field_option){value, label};
    f->options = options;
}

static void offer_fonts(struct arena *a, const struct manifest_setting *s, struct field *f)
{
    struct field_option *options = arena_array(a, FONTS, sizeof *options);
    for (size_t i = 0; i < FONTS; i++)
        if (is_offered(s, fonts[i].word))
            offer(f, options, fonts[i].word, fonts[i].label);
}

static bool is_image(const char *path)
{
    const char *type = asset_type(path, false);
    return type != NULL && text_starts(type, "image/");
}

/* The images that the chain brings; a site's own is put into its folder. */
static void offer_images(struct arena *a, const struct theme *t, struct field *f)
{
    struct field_option *options = arena_array(a, MANIFEST_OPTIONS + 1, sizeof *options);
    offer(f, options, "", "None");
    for (size_t i = 0; t != NULL && i < t->chain_n; i++)
        for (size_t k = 0; k < t->chain[i].files_n && f->options_n < MANIFEST_OPTIONS; k++) {
            const char *path = t->chain[i].files[k].path;
            if (text_starts(path, "assets/") && is_image(path))
                offer(f, options, arena_strdup(a, asset_name(path)),
                      arena_strdup(a, asset_name(path)));
        }
}

static enum field_type field_type_of(enum manifest_type type)
{
    static const enum field_type types[SETTING_TYPES] = {
        [SETTING_BOOL] = FIELD_BOOL,    [SETTING_CHOICE] = FIELD_CHOICE,
        [SETTING_COLOR] = FIELD_COLOR,  [SETTING_FONT] = FIELD_CHOICE,
        [SETTING_IMAGE] = FIELD_CHOICE, [SETTING_LINKS] = FIELD_LINKS,
        [SETTING_NUMBER] = FIELD_INT,   [SETTING_TEXT] = FIELD_TEXT};
    return types[type];
}

static void field_make(struct arena *a, const struct manifest_setting *s, const struct theme *t,
                       size_t number, struct field *f)
{
    *f = (struct field){.name = s->id,
                        .column = manifest_type_word(s->type),
                        .type = field_type_of(s->type),
                        .offset = number * sizeof(union outfit_slot),
                        .when = ON_CREATE | ON_EDIT,
                        .edit = SERVER_ADMIN,
                        .required = s->type != SETTING_TEXT && s->type != SETTING_LINKS &&
                                    s->type != SETTING_IMAGE && s->type != SETTING_BOOL,
                        .words = s->label,
                        .help = s->hint[0] != '\0' ? s->hint : NULL};
    if (s->type == SETTING_TEXT)
        f->max = s->max > 0 && s->max < TEXT_CHARACTERS ? s->max : TEXT_CHARACTERS;
    if (s->type == SETTING_LINKS)
        f->max = LINKS_BYTES;
    if (s->type == SETTING_NUMBER) {
        f->min = s->min;
        f->max = s->max;
    }
    if (s->type == SETTING_FONT)
        offer_fonts(a, s, f);
    if (s->type == SETTING_IMAGE)
        offer_images(a, t, f);
    if (s->type == SETTING_CHOICE) {
        f->options = s->options;
        f->options_n = s->options_n;
    }
}

/* --- the values --- */

static const struct theme_setting *stored(const struct theme_setting *rows, size_t n,
                                          const struct manifest_setting *s, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0 &&
            strcmp(rows[i].kind, manifest_type_word(s->type)) == 0)
            return &rows[i];
    return NULL;
}

/* A value as the field's reader takes it. False: it does not fit. */
static bool slot_read(struct arena *a, const struct field *f, const char *value,
                      union outfit_slot *slot_r)
{
    struct field one[2] = {*f, {0}};
    struct input *in = input_create(a, one);
    input_read_typed(a, in, f->name, value, strlen(value));
    if (in->values[0].error != TEXT_NONE)
        return false;
    if (FIELD_IS_NUMBER(f->type))
        slot_r->number = in->values[0].number;
    else
        slot_r->text = in->values[0].text != NULL ? in->values[0].text : "";
    return true;
}

static void slot_otherwise(struct arena *a, const struct manifest_setting *s, const struct field *f,
                           union outfit_slot *slot)
{
    if (slot_read(a, f, s->otherwise, slot))
        return;
    if (FIELD_IS_NUMBER(f->type))
        slot->number = f->min;
    else
        slot->text = f->type == FIELD_CHOICE && f->options_n > 0 ? f->options[0].value : "";
}

static void slots_fill(struct arena *a, struct outfit *o, const struct theme_setting *rows,
                       size_t n)
{
    bool *chosen = arena_array(a, o->manifest->settings_n + 1, sizeof *chosen);
    for (size_t i = 0; i < o->manifest->settings_n; i++) {
        const struct manifest_setting *s = &o->manifest->settings[i];
        const struct theme_setting *row = stored(rows, n, s, s->id);
        if (row == NULL && s->was[0] != '\0')
            row = stored(rows, n, s, s->was);
        chosen[i] = row != NULL && slot_read(a, &o->fields[i], row->value, &o->slots[i]);
        if (!chosen[i])
            slot_otherwise(a, s, &o->fields[i], &o->slots[i]);
    }
    o->chosen = chosen;
}

/* --- colours --- */

struct rules {
    size_t light_n, dark_n;
    struct color_rule light[MANIFEST_CONTRASTS], dark[MANIFEST_CONTRASTS];
};

static void rules_find(struct arena *a, const struct theme *t, const struct manifest *m,
                       const struct manifest_setting *s, struct rules *r)
{
    *r = (struct rules){0};
    for (size_t i = 0; i < s->contrasts_n; i++) {
        struct token token;
        if (!token_find(a, t, s->contrasts[i].with, &token))
            continue;
        if (m->light)
            r->light[r->light_n++] = (struct color_rule){token.light, s->contrasts[i].least};
        if (m->dark)
            r->dark[r->dark_n++] = (struct color_rule){token.dark, s->contrasts[i].least};
    }
}

/* One value for both schemes: where it cannot be read in the second, that scheme gets the nearest
 * shade which can. */
static const char *color_value(struct arena *a, const struct manifest *m, const struct rules *r,
                               const char *text)
{
    color c, light, dark;
    if (!color_parse(text, strlen(text), &c))
        return NULL;
    if (!color_nearest(c, r->light, r->light_n, &light))
        light = c;
    if (!color_nearest(c, r->dark, r->dark_n, &dark))
        dark = c;
    if (!m->dark || light == dark)
        return color_text(a, light);
    return m->light
               ? arena_printf(a, "light-dark(%s,%s)", color_text(a, light), color_text(a, dark))
               : color_text(a, dark);
}

/* --- the style sheet: every value is written anew from its type --- */

static bool is_word(const char *text)
{
    return text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* A CSS string: whatever is no letter, digit or blank of ASCII is an escape. */
static void put_string(struct str *css, const char *text)
{
    str_append_c(css, '"');
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool plain = *at == ' ' || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= 'a' && *at <= 'z') || *at >= 0x80;
        if (plain)
            str_append_c(css, (char)*at);
        else
            str_printf(css, "\\%x ", (unsigned)*at);
    }
    str_append_c(css, '"');
}

static const char *font_stack(const char *word)
{
    for (size_t i = 0; i < FONTS; i++)
        if (strcmp(fonts[i].word, word) == 0)
            return fonts[i].stack;
    return NULL;
}

static void put_name(struct str *css, const char *id)
{
    str_printf(css, "%s--set-%s:", css->len > 0 ? ";" : "", id);
}

static void put_text_value(struct str *css, const struct outfit *o, size_t i, const char *shade)
{
    const struct manifest_setting *s = &o->manifest->settings[i];
    const char *text = o->slots[i].text, *made = NULL;
    switch (s->type) {
    case SETTING_CHOICE: made = is_word(text) ? text : NULL; break;
    case SETTING_COLOR: made = shade; break;
    case SETTING_FONT: made = font_stack(text); break;
    default: break;
    }
    if (made != NULL) {
        put_name(css, s->id);
        str_append(css, made);
    } else if (s->type == SETTING_IMAGE && o->urls[i] != NULL) {
        put_name(css, s->id);
        str_printf(css, "url(\"%s\")", o->urls[i]);
    } else if (s->type == SETTING_TEXT && text[0] != '\0') {
        put_name(css, s->id);
        put_string(css, text);
    }
}

static void css_make(struct arena *a, const char *prefix, const struct theme *t, struct outfit *o)
{
    struct str inside, css;
    unsigned char digest[SHA256_BYTES];
    str_init(&inside, a, CSS_MAX);
    for (size_t i = 0; i < o->manifest->settings_n; i++) {
        const struct manifest_setting *s = &o->manifest->settings[i];
        struct rules rules;
        const char *shade = NULL;
        if (FIELD_IS_NUMBER(o->fields[i].type)) {
            put_name(&inside, s->id);
            str_printf(&inside, "%lld", (long long)o->slots[i].number);
            continue;
        }
        if (s->type == SETTING_COLOR) {
            rules_find(a, t, o->manifest, s, &rules);
            shade = color_value(a, o->manifest, &rules, o->slots[i].text);
        }
        put_text_value(&inside, o, i, shade);
    }
    if (inside.len == 0 || inside.overflow)
        return;
    str_init(&css, a, CSS_MAX + 16);
    str_printf(&css, ":root{%s}\n", inside.data);
    sha256(css.data, css.len, digest);
    o->css = css.data;
    o->css_n = css.len;
    o->css_url = arena_printf(a, "%s/theme-%s.css", prefix, hex_text(a, digest, HASH));
}

/* --- the whole --- */

static const char *image_url(struct arena *a, const char *prefix, const struct theme *t,
                             const char *name)
{
    for (size_t i = 0; t != NULL && i < t->chain_n; i++) {
        const struct theme_file *f = theme_file(&t->chain[i], arena_printf(a, "assets/%s", name));
        if (f != NULL && is_image(f->path))
            return arena_printf(a, "%s/assets/%s/%s", prefix, t->chain[i].name,
                                asset_file(a, asset_name(f->path), f->bytes, f->n));
    }
    return NULL;
}

static enum outcome dress(struct reception *desk, struct arena *a, const struct theme *t,
                          struct outfit *o)
{
    const char *prefix = desk->place.prefix;
    struct theme_setting *rows;
    size_t n, count;
    o->manifest = manifest_read(desk->renderer, a, t, &o->problem);
    if (o->manifest == NULL)
        return OUT_OK;
    count = o->manifest->settings_n;
    enum outcome outcome = theme_settings(desk->store, a, o->theme, &rows, &n);
    if (outcome != OUT_OK)
        return outcome;
    o->fields = arena_array(a, count + 1, sizeof *o->fields);
    o->slots = arena_array(a, count + 1, sizeof *o->slots);
    o->urls = arena_array(a, count + 1, sizeof *o->urls);
    for (size_t i = 0; i < count; i++)
        field_make(a, &o->manifest->settings[i], t, i, &o->fields[i]);
    slots_fill(a, o, rows, n);
    for (size_t i = 0; i < count; i++)
        if (o->manifest->settings[i].type == SETTING_IMAGE && o->slots[i].text[0] != '\0')
            o->urls[i] = image_url(a, prefix, t, o->slots[i].text);
    css_make(a, prefix, t, o);
    return OUT_OK;
}

enum outcome outfit_make(struct reception *desk, struct arena *a, const char *theme,
                         const struct outfit **outfit_r)
{
    struct outfit *o = ARENA_NEW(a, struct outfit);
    struct arena *files = arena_create(FILES_BYTES);
    const struct theme *t = NULL;
    const char *problem = NULL;
    enum outcome outcome = OUT_OK;
    o->theme = arena_strdup(a, theme);
    if (strcmp(theme, "base") != 0)
        t = theme_load(files, desk->settings->themes_dir, theme, &problem);
    if (t == NULL && strcmp(theme, "base") != 0)
        o->problem = arena_strdup(a, problem);
    else
        outcome = dress(desk, a, t, o);
    arena_destroy(files);
    *outfit_r = o;
    return outcome;
}

static struct kept *kept_place(struct wardrobe *w, const char *theme, int64_t generation)
{
    struct kept *oldest = &w->kept[0];
    for (size_t i = 0; i < KEPT; i++) {
        struct kept *k = &w->kept[i];
        if (k->outfit != NULL && k->generation == generation && strcmp(k->theme, theme) == 0)
            return k;
        if (k->used < oldest->used)
            oldest = k;
    }
    return oldest;
}

const struct outfit *outfit_worn(struct page *p)
{
    struct reception *desk = p->desk;
    if (desk->renderer == NULL || strcmp(p->theme, "base") == 0)
        return NULL;
    if (desk->wardrobe == NULL)
        desk->wardrobe = ARENA_NEW(desk->process, struct wardrobe);
    struct wardrobe *w = desk->wardrobe;
    struct kept *k = kept_place(w, p->theme, p->generation);
    k->used = ++w->uses;
    if (k->outfit != NULL && k->generation == p->generation && strcmp(k->theme, p->theme) == 0)
        return k->outfit;
    if (k->arena == NULL)
        k->arena = arena_create(KEPT_BYTES);
    arena_reset(k->arena);
    *k = (struct kept){.arena = k->arena, .generation = p->generation, .used = k->used};
    const struct outfit *made;
    if (strlen(p->theme) > MANIFEST_NAME || outfit_make(desk, k->arena, p->theme, &made) != OUT_OK)
        return NULL;
    memcpy(k->theme, p->theme, strlen(p->theme) + 1);
    k->outfit = made;
    return made;
}

static void judge_one(struct page *p, const struct theme *t, const struct outfit *o, size_t i,
                      struct input *in)
{
    const struct manifest_setting *s = &o->manifest->settings[i];
    struct input_value *v = input_at(in, s->id);
    struct rules rules;
    color c, nearest;
    if (s->type != SETTING_COLOR || v == NULL || !v->present || v->error != TEXT_NONE ||
        !color_parse(v->text, strlen(v->text), &c))
        return;
    rules_find(p->a, t, o->manifest, s, &rules);
    const struct color_rule *first = o->manifest->light ? rules.light : rules.dark;
    size_t n = o->manifest->light ? rules.light_n : rules.dark_n;
    if (color_fits(c, first, n))
        return;
    if (color_nearest(c, first, n, &nearest)) {
        v->offer = color_text(p->a, nearest);
        input_fail(in, s->id, TEXT_COLOR_UNREADABLE, v->offer);
    } else {
        input_fail(in, s->id, TEXT_COLOR_HOPELESS, NULL);
    }
}

void outfit_judge(struct page *p, const struct outfit *o, struct input *in)
{
    const char *problem;
    struct arena *files = arena_create(FILES_BYTES);
    const struct theme *t = theme_load(files, p->desk->settings->themes_dir, o->theme, &problem);
    for (size_t i = 0; o->manifest != NULL && i < o->manifest->settings_n; i++)
        judge_one(p, t, o, i, in);
    arena_destroy(files);
}

static void fill_links(struct page *p, struct value *shell, const char *lines)
{
    struct link rows[LINKS_MAX];
    const char *wrong;
    size_t n = links_parse(p->a, lines, strlen(lines), rows, &wrong);
    struct value *list = value_get(shell, "links");
    if (n == SIZE_MAX || n == 0)
        return;
    if (list == NULL)
        list = value_set_list(shell, "links");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        value_set_text(v, "label", rows[i].words);
        value_set_url(v, "url", rows[i].url);
    }
}

/* Templates know the theme's own values; what the site chose is told. */
static void fill_setting(const struct outfit *o, size_t i, struct value *map)
{
    const struct manifest_setting *s = &o->manifest->settings[i];
    if (s->type == SETTING_IMAGE)
        value_set_url(map, s->id, o->urls[i]);
    else if (s->type == SETTING_BOOL)
        value_set_bool(map, s->id, o->slots[i].number != 0);
    else if (s->type == SETTING_NUMBER)
        value_set_int(map, s->id, o->slots[i].number);
    else if (s->type != SETTING_LINKS)
        value_set_text(map, s->id, o->slots[i].text);
}

void outfit_fill(struct page *p, struct value *shell)
{
    const struct outfit *o = outfit_worn(p);
    if (o == NULL || o->manifest == NULL)
        return;
    struct value *map = NULL;
    for (size_t i = 0; i < o->manifest->settings_n; i++) {
        if (o->manifest->settings[i].type == SETTING_LINKS)
            fill_links(p, shell, o->slots[i].text);
        if (o->chosen[i] && map == NULL)
            map = value_set_map(shell, "settings");
        if (o->chosen[i])
            fill_setting(o, i, map);
    }
    value_set_url(shell, "stylesheet", o->css_url);
}

bool outfit_send(struct page *p)
{
    const char *name = p->request->segments_n == 1 ? p->request->segments[0] : "";
    size_t n = strlen(name);
    bool reads = p->request->method == HTTP_GET || p->request->method == HTTP_HEAD;
    if (!reads || !text_starts(name, "theme-") || n != strlen("theme-.css") + 2 * HASH ||
        strcmp(name + n - 4, ".css") != 0)
        return false;
    const struct outfit *o = outfit_worn(p);
    const char *css = o != NULL && o->css != NULL ? o->css : "";
    bool same = o != NULL && o->css_url != NULL && strcmp(strrchr(o->css_url, '/') + 1, name) == 0;
    http_response_write(&(struct http_response){.status = 200,
                                                .content_type = "text/css; charset=utf-8",
                                                .body = css,
                                                .body_n = strlen(css),
                                                .immutable = same,
                                                .https = p->request->https,
                                                .head = p->request->method == HTTP_HEAD},
                        &p->x->answer);
    return true;
}
