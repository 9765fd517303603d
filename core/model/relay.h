/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A relay domain: one for which this server is a backup MX (table relay_domains), and the
 * recipients that are known in it (relay_recipients). Where its mail goes next is kept as
 * transport(5) of Postfix has it; people write the next hop alone: "mail.example.org" (by its MX
 * record), "[mail.example.org]" (that very host) or "[192.0.2.1]", each with ":port" behind it.
 * Pure; results live in the arena. */
#ifndef MODEL_RELAY_H
#define MODEL_RELAY_H

#include <stdint.h>

#include "model/field.h"

struct relay {
    int64_t id, version, created;
    const char *domain;      /* A-label */
    const char *description; /* "" for none */
    const char *recipients;  /* "any": any address of the domain; "list": those of
                                relay_recipients */
    const char *transport;   /* where to, as transport(5) has it; "": by MX */
    const char *next_hop;    /* the same as people write it */
    int64_t listed;          /* recipients in its list */
};

struct relay_recipient {
    int64_t id, version, created;
    int64_t relay_id;
    const char *email, *user; /* user: the part before the @ */
};

/* domain, recipients, next_hop, description. */
extern const struct field relay_fields[];
/* The same of one that is there; its domain is called name. */
extern const struct field relay_edit_fields[];
/* addresses: one a line; good_only. */
extern const struct field relay_recipients_fields[];
/* address: the one that goes. */
extern const struct field relay_recipient_fields[];

/* "" becomes "". On a refusal arg_r goes into the text's %s and offer_r would do instead (NULL:
 * nothing). */
enum text_key next_hop_parse(struct arena *a, const char *text, size_t n, const char **transport_r,
                             const char **arg_r, const char **offer_r);
/* Of a transport: "relay:[192.0.2.1]:25" is "[192.0.2.1]:25". */
const char *next_hop_of(const char *transport);

/* "ada" or "ada@DOMAIN" becomes "ada" in lower case: any dot-atom of RFC 5321, for the mailbox is
 * another server's. arg_r as above. */
enum text_key relay_recipient_parse(struct arena *a, const char *text, size_t n, const char *domain,
                                    const char **user_r, const char **arg_r);

#endif
