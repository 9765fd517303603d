/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of domains and addresses in their one normal form. Domains: IDNA 2008 with UTS 46
 * mapping (libidn2), kept as A-label in lower case, 253 octets, labels of 63, at least two
 * labels, no all-numeric top label, no address literal (RFC 5890, RFC 1123); surrounding blanks
 * and one trailing dot are dropped. Local parts: dot-atom of RFC 5321 4.1.2 up to 64 octets,
 * lower-cased. Pure: no I/O. Each parser returns a text key of base/texts.def, TEXT_NONE when
 * all is well; results live in the arena. Input is `n` bytes of a stranger: NUL, controls and
 * broken UTF-8 are refused. On a refusal the output holds what goes into the text's %s instead
 * (in `text` of an address), or NULL. */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/texts.h"

struct address {
    const char *local_part; /* lower case, but as typed of a foreign address */
    const char *domain;     /* A-label, lower case */
    const char *text;       /* local_part@domain, at most 254 octets */
};

enum text_key domain_parse(struct arena *a, const char *text, size_t n, const char **domain_r);
/* As people read it: A-labels decoded to U-labels where that is safe, else the A-label itself.
 * Safe is what encodes back to the same, is of one script (or Japanese, Chinese, Korean with
 * Latin) and is not made of look-alikes of Latin letters only (the idea of browsers' address
 * bars, UTS 39). */
const char *domain_display(struct arena *a, const char *domain);

/* A local part for a hosted mailbox: besides dot-atom none of + % ! / * (what Postfix' recipient
 * delimiter would split or maps would misread), each refusal with its reason. */
enum text_key local_part_parse(struct arena *a, const char *text, size_t n,
                               const char **local_part_r);
/* A whole hosted address; <angle brackets> of a mail client are taken off. */
enum text_key address_parse(struct arena *a, const char *text, size_t n, struct address *address_r);
/* One of another server: any dot-atom of RFC 5321 before the @, kept as it was typed. */
enum text_key foreign_address_parse(struct arena *a, const char *text, size_t n,
                                    struct address *address_r);
/* Its letters A to Z made small. */
const char *lower_text(struct arena *a, const char *text);
/* "ada@xn--bcher-kva.example" -> "ada@bücher.example". */
const char *address_display(struct arena *a, const char *address);

#endif
