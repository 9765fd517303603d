/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/press.h"

#include <assert.h>
#include <brotli/encode.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 9 };

/* The room that the bound promises is enough; the library's own failure is out of memory. */
struct pressed press_gzip(struct arena *a, const void *bytes, size_t n)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)n};
    int begun = deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                             Z_DEFAULT_STRATEGY);
    assert(begun == Z_OK);
    size_t room = deflateBound(&z, (uLong)n);
    void *to = arena_raw(a, room);
    z.next_out = to;
    z.avail_out = (uInt)room;
    int ended = deflate(&z, Z_FINISH);
    assert(ended == Z_STREAM_END);
    deflateEnd(&z);
    return (struct pressed){to, z.total_out};
}

struct pressed press_brotli(struct arena *a, const void *bytes, size_t n)
{
    size_t room = BrotliEncoderMaxCompressedSize(n);
    void *to = arena_raw(a, room);
    int done = BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, n,
                                     bytes, &room, to);
    assert(done);
    return (struct pressed){to, room};
}
