/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An access entry: what Postfix does with mail of a client (table ip_access: address, network or
 * host name) or of a sender (table domain_access: address, domain, ".domain" or "<>"). */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include <stdint.h>

#include "model/field.h"

enum access_kind { ACCESS_CLIENT, ACCESS_SENDER, ACCESS_KINDS };

struct access_entry {
    int64_t id, version, created;
    int64_t kind;        /* enum access_kind: ids count in each table by themselves */
    const char *pattern; /* in its normal form */
    const char *state;   /* "REJECT", "OK", "550 5.7.1 Not here" */
    const char *comment; /* "" for none */
};

#endif
