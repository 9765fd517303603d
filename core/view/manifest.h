/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme says of itself: its theme.lua, read as data in the renderer (the worker runs no
 * Lua) and decoded here as anybody's bytes: lengths, numbers of entries, names and words are
 * held to limits, and text is UTF-8 without control characters. Lives in the arena. */
#ifndef VIEW_MANIFEST_H
#define VIEW_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/wire.h"
#include "model/field.h"
#include "view/theme.h"

enum {
    MANIFEST_SETTINGS = 32,
    MANIFEST_OPTIONS = 24,
    MANIFEST_CONTRASTS = 4,
    MANIFEST_TEXT = 500,
    MANIFEST_BYTES = 64 * 1024, /* of one theme.lua */
    MANIFEST_NAME = 40
};

/* In the order of lua/theme/facts.lua. */
enum manifest_type {
    SETTING_BOOL,
    SETTING_CHOICE,
    SETTING_COLOR,
    SETTING_FONT,
    SETTING_IMAGE,
    SETTING_LINKS,
    SETTING_NUMBER,
    SETTING_TEXT,
    SETTING_TYPES
};
/* "color": as manifests and the database spell it. */
const char *manifest_type_word(enum manifest_type type);

/* A colour has to differ so much from this token, in hundredths of WCAG's ratio. */
struct manifest_contrast {
    const char *with; /* "--surface" */
    unsigned least;
};
struct manifest_setting {
    const char *id, *label, *hint; /* id: a lower-case letter, then [a-z0-9_-]; hint "" for none */
    enum manifest_type type;
    const char *otherwise; /* the default: its normal form, as the theme wrote it; may be "" */
    const char *was;       /* the name it had in an earlier version; "" */
    int64_t min, max;      /* of a number; max: characters of a text; both 0: none stated */
    size_t options_n, contrasts_n;
    const struct field_option *options;
    const struct manifest_contrast *contrasts;
};

struct manifest {
    const char *title, *version, *author, *license, *homepage, *description, *extends, *contract,
        *screenshot; /* "" where nothing is said */
    bool light, dark;
    size_t settings_n;
    const struct manifest_setting *settings; /* of the whole chain, the parents' first */
};

/* A WIRE_FACTS; false if any of it is not as it must be. */
bool manifest_decode(struct wire_reader r, struct arena *a, struct manifest *m_r);
/* For the renderer: WIRE_MANIFEST with the theme.lua of each theme in t's chain (NULL: base). */
void manifest_question(struct str *s, const struct theme *t);

struct renderer;
/* Asks the renderer. NULL: why_r (in the arena) says what is wrong with it. */
const struct manifest *manifest_read(struct renderer *r, struct arena *a, const struct theme *t,
                                     const char **why_r);

#endif
