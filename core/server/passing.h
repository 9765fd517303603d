/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors handed from process to process (SCM_RIGHTS, unix(7)). The caller keeps what it sends;
 * what arrives is its receiver's, close-on-exec. */
#ifndef SERVER_PASSING_H
#define SERVER_PASSING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One packet with a descriptor, or none where fd is -1. Never raises SIGPIPE. */
bool passing_send(int sock, const void *bytes, size_t n, int fd);
/* One packet without waiting; as recvmsg(2): 0 when the other side is gone, -1 with errno. *fd_r is
 * -1 when none came. */
ssize_t passing_receive(int sock, void *bytes, size_t n, int *fd_r);

#endif
