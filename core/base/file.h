/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to a file that blocks: a full disk may take a part first, a signal nothing. False with
 * errno when not all went in. Sockets with a deadline are base/wire.h's. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

bool file_write_all(int fd, const void *bytes, size_t n);

#endif
