/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/option.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

const struct option options[] = {
#define GROUP(title) {.prose = title},
#define OPTION(name_, type_, fallback_, least_, most_, prose_) \
    {#name_, TYPE_##type_, fallback_, least_, most_, prose_, offsetof(struct settings, name_)},
#include "settings/options.def"
#undef OPTION
#undef GROUP
    {0},
};

const struct option *option_find(const char *name)
{
    for (const struct option *o = options; o->prose != NULL; o++) {
        if (o->name != NULL && strcmp(o->name, name) == 0)
            return o;
    }
    return NULL;
}

bool option_is_secret(const struct option *o)
{
    return o->type == TYPE_SECRET || o->type == TYPE_SECRET_WORD;
}

const struct option *option_near(const char *name)
{
    struct nearest n = nearest_to(name);
    for (const struct option *o = options; o->prose != NULL; o++)
        if (o->name != NULL)
            nearest_try(&n, o->name);
    return n.name != NULL ? option_find(n.name) : NULL;
}

/* Text, by kind. */

static bool length_fits(const struct option *o, const char *text)
{
    int64_t n = (int64_t)strlen(text);
    return n >= o->least && n <= o->most;
}

static bool path_fits(const struct option *o, const char *text)
{
    return length_fits(o, text) && (text[0] == '/' || text[0] == '\0');
}

/* Letters, digits and what no file of a neighbour takes for something else. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

static bool word_fits(const struct option *o, const char *text, const char *also)
{
    size_t n = 0;
    while (text[n] != '\0' && (strchr(PLAIN, text[n]) != NULL || strchr(also, text[n]) != NULL))
        n++;
    return length_fits(o, text) && text[n] == '\0';
}

static bool place_fits(const struct option *o, const char *text)
{
    return path_fits(o, text) && word_fits(o, text, "/.+");
}

static bool listen_fits(const struct option *o, const char *text)
{
    if (text[0] == '/')
        return place_fits(o, text);
    const char *port = text_starts(text, "127.0.0.1:") ? text + 10
                       : text_starts(text, "[::1]:")   ? text + 6
                                                       : "";
    size_t n = strspn(port, "0123456789");
    return n > 0 && n <= 5 && port[n] == '\0' && atoi(port) > 0 && atoi(port) < 65536;
}

/* Segments of unreserved characters, none of them . or .., no slash at the end. */
static bool prefix_fits(const struct option *o, const char *text)
{
    if (!length_fits(o, text))
        return false;
    while (*text == '/') {
        size_t n = 0;
        for (text++;
             isalnum((unsigned char)text[n]) || (text[n] != '\0' && strchr("-._~", text[n])); n++)
            ;
        if (n == 0 || strspn(text, ".") == n)
            return false;
        text += n;
    }
    return *text == '\0';
}

/* Values. */

static bool number_read(const struct option *o, const char *text, int64_t *to)
{
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 18 || text[n] != '\0')
        return false;
    *to = strtoll(text, NULL, 10);
    return *to >= o->least && *to <= o->most;
}

struct unit {
    const char *name;
    int64_t size;
};
static const struct unit durations[] = {
    {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {0}};
static const struct unit sizes[] = {
    {"B", 1}, {"kB", 1024}, {"MB", 1048576}, {"GB", 1073741824}, {0}};

static bool unit_read(const struct option *o, const struct unit *units, const char *text,
                      int64_t *to)
{
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 9)
        return false;
    const char *name = text + n + strspn(text + n, " ");
    for (const struct unit *u = units; u->name != NULL; u++) {
        if (strcmp(u->name, name) == 0) {
            *to = strtoll(text, NULL, 10) * u->size;
            return *to >= o->least && *to <= o->most;
        }
    }
    return false;
}

static const char *unit_text(struct arena *a, const struct unit *units, int64_t value)
{
    const struct unit *best = units;
    for (const struct unit *u = units; u->name != NULL; u++) {
        if (value % u->size == 0)
            best = u;
    }
    return arena_printf(a, "%lld%s", (long long)(value / best->size), best->name);
}

static bool switch_read(const char *text, bool *to)
{
    *to = strcmp(text, "on") == 0;
    return *to || strcmp(text, "off") == 0;
}

static bool log_level_read(const char *text, enum log_level *to)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], text) == 0) {
            *to = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static bool security_fits(const char *text)
{
    return strcmp(text, "tls") == 0 || strcmp(text, "starttls") == 0 || strcmp(text, "none") == 0;
}

/* Words between blanks, lower case. */
static struct words words_split(struct arena *a, const char *text)
{
    const char **at = arena_array(a, strlen(text) / 2 + 1, sizeof *at);
    size_t n = 0;
    for (const char *c = text + strspn(text, " \t"); *c != '\0'; c += strspn(c, " \t")) {
        size_t length = strcspn(c, " \t");
        char *word = arena_memdup(a, c, length);
        for (char *l = word; *l != '\0'; l++)
            *l = (char)tolower((unsigned char)*l);
        at[n++] = word;
        c += length;
    }
    return (struct words){at, n};
}

static bool host_fits(const char *word)
{
    unsigned char to[16];
    size_t n = strlen(word);
    if (word[0] == '[') {
        char inside[64];
        if (n < 4 || n >= sizeof inside || word[n - 1] != ']')
            return false;
        memcpy(inside, word + 1, n - 2);
        inside[n - 2] = '\0';
        return inet_pton(AF_INET6, inside, to) == 1;
    }
    return n <= 253 && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n &&
           word[0] != '.' && word[0] != '-' && strstr(word, "..") == NULL;
}

/* One, and without brackets: a client of the database takes it as it is. */
static bool one_host_fits(const struct option *o, const char *text)
{
    unsigned char to[16];
    return length_fits(o, text) &&
           (inet_pton(AF_INET6, text, to) == 1 || (text[0] != '[' && host_fits(text)));
}

/* Scheme, name and perhaps a port. */
static bool origin_fits(const struct option *o, const char *text)
{
    char host[256];
    const char *at = text_starts(text, "https://")  ? text + 8
                     : text_starts(text, "http://") ? text + 7
                                                    : "";
    size_t n = strcspn(at, at[0] == '[' ? "]" : ":/");
    n += at[0] == '[' && at[n] == ']';
    if (text[0] == '\0' || n == 0 || n >= sizeof host || !length_fits(o, text))
        return text[0] == '\0';
    memcpy(host, at, n);
    host[n] = '\0';
    const char *port = at + n;
    size_t digits = port[0] == ':' ? strspn(port + 1, "0123456789") : 0;
    bool port_fits = port[0] == '\0' || (digits > 0 && digits <= 5 && port[1 + digits] == '\0' &&
                                         atoi(port + 1) > 0 && atoi(port + 1) < 65536);
    return host_fits(host) && port_fits;
}

static bool network_fits(const char *word)
{
    char address[64];
    unsigned char to[16];
    size_t n = strcspn(word, "/");
    if (n >= sizeof address)
        return false;
    memcpy(address, word, n);
    address[n] = '\0';
    int most = inet_pton(AF_INET, address, to) == 1    ? 32
               : inet_pton(AF_INET6, address, to) == 1 ? 128
                                                       : -1;
    if (most < 0 || word[n] == '\0')
        return most >= 0;
    const char *bits = word + n + 1;
    size_t digits = strspn(bits, "0123456789");
    return digits > 0 && digits <= 3 && bits[digits] == '\0' && atoi(bits) <= most;
}

static bool words_read(struct arena *a, const struct option *o, bool (*fits)(const char *),
                       const char *text, struct words *to)
{
    *to = words_split(a, text);
    for (size_t i = 0; i < to->n; i++) {
        if (!fits(to->at[i]))
            return false;
    }
    return (int64_t)to->n >= o->least && (int64_t)to->n <= o->most;
}

static bool text_read(struct arena *a, const char *text, bool fits, const char **to)
{
    *to = arena_strdup(a, text);
    return fits;
}

bool option_read(struct arena *a, const struct option *o, const char *text,
                 struct settings *settings)
{
    void *to = (char *)settings + o->offset;
    switch (o->type) {
    case TYPE_TEXT:
    case TYPE_SECRET: return text_read(a, text, length_fits(o, text), to);
    case TYPE_WORD: return text_read(a, text, word_fits(o, text, ""), to);
    case TYPE_SECRET_WORD: return text_read(a, text, word_fits(o, text, ".+/=~:,"), to);
    case TYPE_PATH: return text_read(a, text, path_fits(o, text), to);
    case TYPE_PLACE: return text_read(a, text, place_fits(o, text), to);
    case TYPE_HOST: return text_read(a, text, one_host_fits(o, text), to);
    case TYPE_LISTEN: return text_read(a, text, listen_fits(o, text), to);
    case TYPE_PREFIX: return text_read(a, text, prefix_fits(o, text), to);
    case TYPE_ORIGIN: return text_read(a, text, origin_fits(o, text), to);
    case TYPE_NUMBER: return number_read(o, text, to);
    case TYPE_DURATION: return unit_read(o, durations, text, to);
    case TYPE_SIZE: return unit_read(o, sizes, text, to);
    case TYPE_SWITCH: return switch_read(text, to);
    case TYPE_LOG_LEVEL: return log_level_read(text, to);
    case TYPE_HOSTS: return words_read(a, o, host_fits, text, to);
    case TYPE_SECURITY: return text_read(a, text, security_fits(text), to);
    case TYPE_NETWORKS: return words_read(a, o, network_fits, text, to);
    case OPTION_TYPES: break;
    }
    assert(false);
    return false;
}

const char *option_allowed(struct arena *a, const struct option *o)
{
    long long least = o->least, most = o->most;
    const char *empty = least == 0 ? ", or nothing" : "";
    switch (o->type) {
    case TYPE_TEXT:
    case TYPE_SECRET: return arena_printf(a, "text of %lld to %lld bytes", least, most);
    case TYPE_PATH:
        return arena_printf(a, "a path that starts with /, at most %lld bytes%s", most, empty);
    case TYPE_WORD: return arena_printf(a, "%lld to %lld letters, digits, - and _", least, most);
    case TYPE_SECRET_WORD:
        return arena_printf(a, "at most %lld letters, digits and - . _ + / = ~ : ,", most);
    case TYPE_PLACE:
        return arena_printf(a,
                            "a path that starts with /, of at most %lld letters, digits and "
                            "- . _ + /%s",
                            most, empty);
    case TYPE_HOST: return "a name in small letters, or an address";
    case TYPE_LISTEN:
        return arena_printf(a,
                            "a path of at most %lld letters, digits and - . _ + /, "
                            "127.0.0.1:PORT or [::1]:PORT",
                            most);
    case TYPE_PREFIX:
        return "nothing, or a path such as /mail: letters, digits and -._~ between slashes, no "
               "slash at its end";
    case TYPE_ORIGIN:
        return "nothing, or https:// and a name in small letters, perhaps with a port, no path";
    case TYPE_NUMBER: return arena_printf(a, "a whole number from %lld to %lld", least, most);
    case TYPE_DURATION:
        return arena_printf(a, "a time from %s to %s, in ms, s, min or h",
                            unit_text(a, durations, o->least), unit_text(a, durations, o->most));
    case TYPE_SIZE:
        return arena_printf(a, "a size from %s to %s, in B, kB, MB or GB",
                            unit_text(a, sizes, o->least), unit_text(a, sizes, o->most));
    case TYPE_SWITCH: return "on or off";
    case TYPE_SECURITY: return "tls, starttls or none";
    case TYPE_LOG_LEVEL: return "debug, info, warn or error";
    case TYPE_HOSTS:
        return arena_printf(
            a,
            "at most %lld names or addresses separated by blanks, without ports; IPv6 in "
            "[brackets]",
            most);
    case TYPE_NETWORKS:
        return arena_printf(
            a, "at most %lld addresses or networks (192.0.2.0/24) separated by blanks", most);
    case OPTION_TYPES: break;
    }
    assert(false);
    return "";
}
