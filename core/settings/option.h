/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of options.def, and how its text becomes a value. For the files of settings/ only. */
#ifndef SETTINGS_OPTION_H
#define SETTINGS_OPTION_H

#include "settings/settings.h"

enum option_type {
    TYPE_TEXT,
    TYPE_WORD,
    TYPE_PATH,
    TYPE_PLACE,
    TYPE_LISTEN,
    TYPE_PREFIX,
    TYPE_ORIGIN,
    TYPE_SECRET,
    TYPE_SECRET_WORD,
    TYPE_NUMBER,
    TYPE_DURATION,
    TYPE_SIZE,
    TYPE_SWITCH,
    TYPE_LOG_LEVEL,
    TYPE_HOST,
    TYPE_HOSTS,
    TYPE_NETWORKS,
    TYPE_SECURITY,
    OPTION_TYPES
};

struct option {
    const char *name; /* NULL: a heading, its words in `prose` */
    enum option_type type;
    const char *fallback;
    int64_t least, most;
    const char *prose;
    size_t offset; /* in struct settings */
};

/* In the order of options.def; ends with a row of neither name nor prose. */
extern const struct option options[];

/* Its value is shown to nobody, and the file that holds it is to be private. */
bool option_is_secret(const struct option *o);
const struct option *option_find(const char *name);
/* The option whose name is nearest to a mistyped one, NULL: none is near. */
const struct option *option_near(const char *name);
/* Writes the value into the settings; false: it does not fit. */
bool option_read(struct arena *a, const struct option *o, const char *text, struct settings *to);
/* In words: "a whole number from 1 to 64". */
const char *option_allowed(struct arena *a, const struct option *o);

/* Lines of an INI file, by inih. `take` is called for each key with its line; `mistake` for each
 * line that cannot be read as it was meant. Both get text that is only good during the call. */
struct reader_hooks {
    void (*take)(void *ctx, unsigned line, const char *key, const char *value);
    void (*mistake)(void *ctx, unsigned line, const char *what);
    void *ctx;
};
void reader_run(const char *bytes, size_t n, const struct reader_hooks *hooks);

#endif
