/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of something that depends on the world. The user's mistakes are field errors
 * (model/field.h), the programmer's are asserts. */
#ifndef BASE_OUTCOME_H
#define BASE_OUTCOME_H

enum outcome {
    OUT_OK,
    OUT_ABSENT,      /* there is no such thing, or the asker may not know that there is */
    OUT_DENIED,      /* it is there and known to the asker, who may not do this */
    OUT_WRONG,       /* the input has mistakes; each is written at its field */
    OUT_CONFLICT,    /* somebody else changed it first (version), or it exists already */
    OUT_BUSY,        /* too many at once, or throttled: later */
    OUT_UNAVAILABLE, /* the database is away; nothing was changed */
    OUT_UNCERTAIN    /* the connection broke after we asked to commit, and the operation id could
                          not tell either */
};

const char *outcome_name(enum outcome o);

#endif
