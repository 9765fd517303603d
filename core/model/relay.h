/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A relay domain: one for which this server is a backup MX (table relay_domains). */
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
};

#endif
