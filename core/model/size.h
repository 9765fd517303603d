/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes, kept in kB. Texts made live in the arena. Pure. */
#ifndef MODEL_SIZE_H
#define MODEL_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/texts.h"

/* "1.5 GB", "500 MB", "2048 kB", "0", a bare number as MB; kB are 1024 bytes and so on upwards, as
 * Dovecot counts; nothing but 0 gives 0. TEXT_NOT_A_SIZE; TEXT_SIZE_THOUSANDS: three digits behind a
 * sign, "1,000 MB"; TEXT_QUOTA_TOO_LARGE: more than 2^43 kB. */
enum text_key size_parse(const char *text, size_t n, int64_t *kb_r);
/* The shortest spelling which size_parse reads back as the same: "1.5 GB"; "0" for 0. */
const char *size_text(struct arena *a, int64_t kb);

#endif
