/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An access entry: what Postfix does with mail of a client (table ip_access) or of a sender (table
 * domain_access). A client is an address, a network, a host name or ".name" for the hosts below a
 * name; a sender an address, a domain, ".domain" for what lies below it, "user@" for a name at any
 * domain, or "<>" for mail without a sender. The state is one of access(5)'s that this program
 * knows, with a text where it has one. The most specific entry wins: Postfix asks for the host's
 * name, then its parents, then the address and the smallest network around it; for the sender's
 * address, its domain, the parents of that, then "user@". Pure; results live in the arena. */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include <stdint.h>

#include "model/field.h"
#include "model/network.h"

enum access_kind { ACCESS_CLIENT, ACCESS_SENDER, ACCESS_KINDS };

struct access_entry {
    int64_t id, version, created;
    int64_t kind;        /* enum access_kind: ids count in each table by themselves */
    const char *pattern; /* in its normal form */
    const char *state;   /* whole: "REJECT", "OK", "550 5.7.1 Not here" */
    const char *comment; /* "" for none */
    /* The same in parts, by access_split(). */
    const char *kind_word; /* "client", "sender" */
    const char *word;      /* "REJECT"; "CODE" where the text begins with a reply code */
    const char *text;      /* "" for none */
    int64_t null_sender;
};

/* Many at once: what the lines do not say themselves. Begins as struct paste. */
struct access_paste {
    int64_t good_only;
    const char *kind, *state;
};

/* kind, entry, null_sender (on create); state, text, comment. */
extern const struct field access_fields[];
/* kind, state, lines, good_only. */
extern const struct field access_paste_fields[];

const char *access_kind_word(int64_t kind);
/* ACCESS_KINDS: there is none of that word. */
enum access_kind access_kind_of(const char *word);
/* Fills the parts from the whole. */
void access_split(struct arena *a, struct access_entry *e);
/* Fills the state from its parts; a text is kept only where it is told to somebody or logged. */
enum text_key access_join(struct arena *a, struct access_entry *e);
/* What privacy_level opens to domain admins: OK or REJECT and nothing else, and not of mail without a
 * sender, since to refuse that takes everybody's bounces. */
bool access_is_plain(const struct access_entry *e);

/* What an entry speaks of. */
struct access_pattern {
    const char *text;
    enum { IS_ADDRESS, IS_NETWORK, IS_NAME, IS_BELOW, IS_EMAIL, IS_USER, IS_NULL, IS_OCTETS } form;
    struct network network; /* of IS_ADDRESS and IS_NETWORK */
};
/* arg_r and offer_r as network_parse() gives them. */
enum text_key access_parse(struct arena *a, enum access_kind kind, const char *text, size_t n,
                           struct access_pattern *pattern_r, const char **arg_r,
                           const char **offer_r);
/* The same of what is stored, which may be older than these rules. */
void access_pattern_of(struct arena *a, const struct access_entry *e,
                       struct access_pattern *pattern_r);
/* "address", "network", "name", "below", "email", "user", "null", "octets". */
const char *access_form_word(const struct access_pattern *p);
/* As people read it: domains with their own letters. */
const char *access_display(struct arena *a, const char *pattern);
/* Patterns of wider entries that may cover this one, the nearest first; at most `most`. */
size_t access_wider(struct arena *a, const struct access_pattern *p, const char **rows,
                    size_t most);

#endif
