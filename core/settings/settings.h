/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration: /etc/mailboy/mailboy.conf, or what --config or MAILBOY_CONF names. All that
 * there is to set stands in options.def. Everything is checked when it is read, and all mistakes
 * are told together, each with file, line, what was seen and what is allowed. A file that holds
 * a secret and that others can read, or that others can write, is refused. Text is "" for "not
 * set" and lives in the arena. */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

struct words {
    const char *const *at;
    size_t n;
};

typedef const char *setting_TEXT, *setting_PATH, *setting_LISTEN, *setting_PREFIX, *setting_ORIGIN,
    *setting_SECRET;
/* These stand in the neighbours' files as well, each of which would quote other characters in its own way. */
typedef const char *setting_WORD, *setting_SECRET_WORD, *setting_PLACE, *setting_HOST;
typedef const char *setting_SECURITY; /* "tls", "starttls", "none" */
typedef int64_t setting_NUMBER;
typedef int64_t setting_DURATION; /* milliseconds */
typedef int64_t setting_SIZE;     /* bytes */
typedef bool setting_SWITCH;
typedef enum log_level setting_LOG_LEVEL;
typedef struct words setting_HOSTS;    /* lower case, no ports */
typedef struct words setting_NETWORKS; /* "192.0.2.1", "2001:db8::/32" */

struct settings {
#define GROUP(title)
#define OPTION(name, type, fallback, least, most, prose) setting_##type name;
#include "settings/options.def"
#undef OPTION
#undef GROUP
};

#define SETTINGS_PATH "/etc/mailboy/mailboy.conf"

/* `option` (--config) if not NULL, else MAILBOY_CONF, else SETTINGS_PATH. */
const char *settings_path(const char *option);
/* False: mistakes_r (an initialised str) holds them, a line each. */
bool settings_load(struct arena *process, const char *path, struct settings *settings_r,
                   struct str *mistakes_r);
/* What an empty file means; `hosts` is empty. */
void settings_defaults(struct arena *process, struct settings *settings_r);
/* A file with all options, their prose, type, limits and default, each commented out. */
void settings_print_manual(struct str *to);
/* The same as mailboy.conf(5), for man(1). */
void settings_print_man(struct str *to);

#endif
