/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection on its way to a request. The peer's records (FastCGI 1.0, section 3) are read
 * without ever waiting, checked one by one and spooled in memory in their plainest form, so that
 * libfcgi sees only whole, well-formed requests and a slow peer holds nobody. Refused: any version
 * but 1, any role but RESPONDER, management and abort records, foreign request ids, more than
 * INTAKE_PARAMS bytes or INTAKE_PARAM_COUNT parameters, lengths that lie, a CONTENT_LENGTH that
 * differs from the body. */
#ifndef SERVER_INTAKE_H
#define SERVER_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTAKE_PARAMS = 65535, INTAKE_PARAM_COUNT = 512 };

enum intake_state {
    INTAKE_MORE,  /* the peer has not sent all yet */
    INTAKE_WHOLE, /* the spool holds a request; nothing of it is missing */
    INTAKE_BROKEN /* close it */
};

enum intake_phase { INTAKE_BEGIN, INTAKE_IN_PARAMS, INTAKE_IN_BODY, INTAKE_DONE };

struct intake {
    int fd;          /* the connection; -1: this intake is free */
    int spool;       /* a memory file, kept between connections; -1: none yet */
    int64_t spooled; /* bytes in it; it is to be read from its start */
    int64_t born_ms, heard_ms;
    enum intake_phase phase;
    unsigned char header[8]; /* of the record being read */
    size_t header_len;
    unsigned type;
    size_t content_left, padding_left;
    unsigned id;
    unsigned char begin[8];
    unsigned char *params; /* INTAKE_PARAMS bytes */
    size_t params_len, begin_len;
    size_t content_length, body_len, max_upload;
    bool too_large; /* CONTENT_LENGTH is above max_upload: the body was not read */
};

/* Takes the descriptor over. */
void intake_start(struct intake *in, int fd, size_t max_upload);
/* Reads what is there. */
enum intake_state intake_read(struct intake *in);
/* When the peer's time is over: `peer_ms` of silence, or twice that in all. */
int64_t intake_limit(const struct intake *in, unsigned peer_ms);
/* Closes the connection and forgets what it said; the intake is free again. */
void intake_finish(struct intake *in);

#endif
