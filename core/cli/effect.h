/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do Mailboy's files have their effect? They may stand where they belong, byte for byte, and yet a daemon may not
 * read them, or read something after them that has the last word. Asks postconf and doveconf; of Amavis' folder the
 * files that come later are read. Of Postfix, too, whether somebody listens
 * where it asks. Reads only; each finding goes to `found` as "overridden" with what does not count
 * and what has taken its place. */
#ifndef CLI_EFFECT_H
#define CLI_EFFECT_H

#include "cli/placing.h"
#include "store/store.h"
#include "store/survey.h"

/* p: the service's files as conf_compare found them. */
void effect_postfix(const struct placing *p, survey_found *found, void *ctx);
void effect_dovecot(const struct placing *p, survey_found *found, void *ctx);
void effect_amavis(const struct placing *p, survey_found *found, void *ctx);
/* What Postfix delivers to accounts of the machine: the names in mydestination, separated by blanks. */
const char *effect_destinations(struct arena *a, const char *folder);

#endif
