/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/relay.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"

#define OPENED (SERVER_ADMIN | OPENED_LIST)
enum { NEXT_HOP_MOST = 240, LINES_BYTES = 256 * 1024, PORT_MOST = 65535 };

static const struct field_option recipients[] = {
    {"list", N_("Only the addresses in its list")},
    {"any", N_("Any address")},
};

/* What is the same of a new one and one that is there. */
#define RELAY_ROWS                                                                              \
    FIELD_AS(relay, recipients, FIELD_CHOICE, .column = "recipients", .max = 4,                 \
             .when = ON_CREATE | ON_EDIT, .edit = OPENED, .label = TEXT_LABEL_RELAY_RECIPIENTS, \
             .hint = TEXT_HINT_RELAY_RECIPIENTS, .options = recipients,                         \
             .options_n = sizeof recipients / sizeof *recipients),                              \
        FIELD(relay, next_hop, .column = "transport", .max = NEXT_HOP_MOST,                     \
              .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN, .label = TEXT_LABEL_NEXT_HOP,  \
              .hint = TEXT_HINT_NEXT_HOP),                                                      \
        FIELD(relay, description, .column = "description", .max = 255,                          \
              .when = ON_CREATE | ON_EDIT, .edit = OPENED, .label = TEXT_LABEL_DESCRIPTION,     \
              .hint = TEXT_HINT_DESCRIPTION)

const struct field relay_fields[] = {
    FIELD_AS(relay, domain, FIELD_DOMAIN, .column = "domain", .max = 253, .required = true,
             .when = ON_CREATE, .edit = OPENED, .label = TEXT_LABEL_DOMAIN,
             .hint = TEXT_HINT_RELAY_DOMAIN),
    RELAY_ROWS,
    {0},
};

/* A rename takes destinations and access entries of all domains along. */
const struct field relay_edit_fields[] = {
    FIELD_NAMED(relay, domain, "name", FIELD_DOMAIN, .column = "domain", .max = 253,
                .required = true, .when = ON_EDIT, .edit = SERVER_ADMIN, .label = TEXT_LABEL_DOMAIN,
                .hint = TEXT_HINT_RELAY_DOMAIN),
    RELAY_ROWS,
    {0},
};

const struct field relay_recipients_fields[] = {
    {.name = "addresses",
     .type = FIELD_LINES,
     .offset = SIZE_MAX,
     .max = LINES_BYTES,
     .lines = 5000,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = OPENED,
     .label = TEXT_LABEL_RELAY_ADDRESSES,
     .hint = TEXT_HINT_RELAY_ADDRESSES},
    FIELD_GOOD_ONLY(OPENED),
    {0},
};

const struct field relay_recipient_fields[] = {
    {.name = "address",
     .type = FIELD_TEXT,
     .offset = SIZE_MAX,
     .max = 254,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = OPENED,
     .label = TEXT_LABEL_EMAIL},
    {0},
};

/* --- next hop --- */

/* A port behind a colon, or nothing. */
static bool port_read(const char *text, const char **port_r)
{
    *port_r = NULL;
    if (text[0] == '\0')
        return true;
    size_t n = text[0] == ':' ? strspn(text + 1, "0123456789") : 0;
    long port = n > 0 && n <= 5 ? strtol(text + 1, NULL, 10) : 0;
    *port_r = text + 1;
    return text[1 + n] == '\0' && port >= 1 && port <= PORT_MOST;
}

/* The normal form of an address, NULL: it is none. */
static const char *address_text(struct arena *a, const char *text)
{
    unsigned char bytes[16];
    char normal[INET6_ADDRSTRLEN];
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    return inet_pton(family, text, bytes) == 1 &&
                   inet_ntop(family, bytes, normal, sizeof normal) != NULL
               ? arena_strdup(a, normal)
               : NULL;
}

/* A name's A-labels may be longer than what was typed. */
static enum text_key hop_write(struct arena *a, const char *host, const char *port, bool bracket,
                               const char **transport_r, const char **arg_r)
{
    *transport_r = arena_printf(a, "relay:%s%s%s%s%s", bracket ? "[" : "", host, bracket ? "]" : "",
                                port != NULL ? ":" : "", port != NULL ? port : "");
    if (strlen(next_hop_of(*transport_r)) <= NEXT_HOP_MOST)
        return TEXT_NONE;
    *arg_r = arena_printf(a, "%d", NEXT_HOP_MOST);
    return TEXT_TOO_LONG;
}

static enum text_key bracketed(struct arena *a, char *text, const char **transport_r,
                               const char **arg_r)
{
    char *end = strchr(text, ']');
    const char *host, *port;
    if (end == NULL)
        return TEXT_NEXT_HOP_BRACKET;
    *end = '\0';
    if (!port_read(end + 1, &port))
        return TEXT_NEXT_HOP_PORT;
    const char *name = strncasecmp(text + 1, "ipv6:", 5) == 0 ? text + 6 : text + 1;
    host = address_text(a, name);
    if (host != NULL)
        return hop_write(a, host, port, true, transport_r, arg_r);
    enum text_key wrong = domain_parse(a, name, strlen(name), &host);
    if (wrong != TEXT_NONE)
        *arg_r = host;
    return wrong == TEXT_NONE ? hop_write(a, host, port, true, transport_r, arg_r) : wrong;
}

/* An address without brackets would be looked up as a name. */
static enum text_key bare(struct arena *a, char *text, const char **transport_r, const char **arg_r,
                          const char **offer_r)
{
    const char *host = address_text(a, text), *port;
    char *colon = strrchr(text, ':');
    if (host == NULL && colon != NULL) {
        if (!port_read(colon, &port))
            return TEXT_NEXT_HOP_PORT;
        *colon = '\0';
        host = address_text(a, text);
    } else {
        port = NULL;
    }
    if (host != NULL) {
        *offer_r =
            arena_printf(a, "[%s]%s%s", host, port != NULL ? ":" : "", port != NULL ? port : "");
        return TEXT_NEXT_HOP_ADDRESS;
    }
    enum text_key wrong = domain_parse(a, text, strlen(text), &host);
    if (wrong != TEXT_NONE)
        *arg_r = host;
    return wrong == TEXT_NONE ? hop_write(a, host, port, false, transport_r, arg_r) : wrong;
}

static enum text_key host_parse(struct arena *a, const char *text, const char **transport_r,
                                const char **arg_r, const char **offer_r)
{
    char *copy = arena_strdup(a, text);
    return copy[0] == '[' ? bracketed(a, copy, transport_r, arg_r)
                          : bare(a, copy, transport_r, arg_r, offer_r);
}

/* As transports are written in a mail server's own files: "smtp:[192.0.2.1]". NULL: it is not. */
static const char *behind_word(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *rest = text + n + 1;
    bool is_word = n > 1 && text[n] == ':' && rest[0] != '\0' && rest[0] != ':';
    return is_word && rest[strspn(rest, "0123456789")] != '\0' ? rest : NULL;
}

static enum text_key without_word(struct arena *a, const char *text, const char *rest,
                                  const char **arg_r, const char **offer_r)
{
    const char *transport, *arg = NULL, *other = NULL;
    enum text_key wrong = host_parse(a, rest, &transport, &arg, &other);
    *offer_r = wrong == TEXT_NONE ? next_hop_of(transport) : other;
    *arg_r = arena_memdup(a, text, (size_t)(rest - text));
    return TEXT_NEXT_HOP_WORD;
}

enum text_key next_hop_parse(struct arena *a, const char *text, size_t n, const char **transport_r,
                             const char **arg_r, const char **offer_r)
{
    *transport_r = "";
    *arg_r = *offer_r = NULL;
    if (n == 0)
        return TEXT_NONE;
    if (n > NEXT_HOP_MOST) {
        *arg_r = arena_printf(a, "%d", NEXT_HOP_MOST);
        return TEXT_TOO_LONG;
    }
    if (memchr(text, '\0', n) != NULL)
        return TEXT_NEXT_HOP_BRACKET;
    const char *typed = arena_memdup(a, text, n), *rest = behind_word(typed);
    return rest != NULL ? without_word(a, typed, rest, arg_r, offer_r)
                        : host_parse(a, typed, transport_r, arg_r, offer_r);
}

const char *next_hop_of(const char *transport)
{
    const char *colon = strchr(transport, ':');
    return colon != NULL ? colon + 1 : transport;
}

/* --- recipients --- */

enum text_key relay_recipient_parse(struct arena *a, const char *text, size_t n, const char *domain,
                                    const char **user_r, const char **arg_r)
{
    struct address at;
    *user_r = *arg_r = NULL;
    if (n > 0 && (text[0] == '@' || (text[0] == '*' && (n == 1 || text[1] == '@'))))
        return TEXT_RELAY_RECIPIENT_ANY;
    if (memchr(text, '@', n) == NULL) {
        text = arena_printf(a, "%.*s@%s", (int)n, text, domain);
        n = strlen(text);
    }
    enum text_key wrong = foreign_address_parse(a, text, n, &at);
    *arg_r = at.text;
    if (wrong != TEXT_NONE)
        return wrong;
    *arg_r = domain_display(a, domain);
    *user_r = lower_text(a, at.local_part);
    return strcmp(at.domain, domain) == 0 ? TEXT_NONE : TEXT_RELAY_OTHER_DOMAIN;
}
