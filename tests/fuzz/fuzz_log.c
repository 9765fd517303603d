/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text on its way into a log line: nothing in it ends the line or forges another. */
#include "base/log.c"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const size_t rooms[] = {6, 17, 100, LINE_MAX_BYTES};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        char *to = malloc(rooms[i]);
        assert(to != NULL);
        size_t len = sanitise((const char *)data, n, to, rooms[i]);
        assert(len < rooms[i] && utf8_is_valid(to, len) && !utf8_has_control(to, len));
        free(to);
    }
    return 0;
}
