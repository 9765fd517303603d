/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker's message to its renderer: a page with a view model, or a theme (taken apart, not
 * compiled: that is fuzz_template). Whatever the model, there is an answer. renderer.c is read
 * here whole, since its parts are its own and its process would shut this one in. */
#include "base/wire.h"
#include "render/compile.h"
#include "render/sample.h"

static bool swallow(int fd, const struct str *message, int64_t deadline_ms);
static struct compiled *compile_rarely(struct compiler *c, enum locale locale,
                                       const struct source *chain, size_t n,
                                       struct messages *messages_r);
static void keep_next(struct compiler *c);
static bool list_once(struct compiler *c, struct str *s, char *why_r, size_t n);
#define wire_send swallow
#define compiler_compile compile_rarely
#define compiler_keep keep_next
#define sample_cases list_once
#define compiler_check_model(...) ((void)messages) /* fuzz_contract has that, and it is slow */
#include "render/renderer.c"
#undef wire_send
#undef compiler_compile
#undef compiler_keep
#undef sample_cases
#undef compiler_check_model
#include "../unit/fixture.h"
#include "fuzz.h"

static const unsigned char answer_kinds[] = {WIRE_PAGE,  WIRE_READY,    WIRE_FAILED,
                                             WIRE_FACTS, WIRE_FINDINGS, WIRE_LISTING,
                                             WIRE_PROSE, WIRE_SOURCES};
static size_t answers;

static bool swallow(int fd, const struct str *message, int64_t deadline_ms)
{
    (void)deadline_ms;
    assert(fd == -1 && message->len >= 5 && message->len <= WIRE_MAX);
    struct wire_reader r = wire_reader(message->data, message->len);
    assert(wire_u32(&r) == message->len - 4);
    unsigned kind = wire_u8(&r);
    assert(memchr(answer_kinds, (int)kind, sizeof answer_kinds) != NULL);
    answers++;
    return true;
}

/* What takes nothing of the message but its kind, and long: once is enough. */
static bool list_once(struct compiler *c, struct str *s, char *why_r, size_t n)
{
    static bool listed;
    bool before = listed;
    listed = true;
    return before || sample_cases(c, s, why_r, n);
}

static bool keeps;

static void keep_next(struct compiler *c)
{
    keeps = true;
    compiler_keep(c);
}

/* Base for the reference is made once, and kept by the compiler. */
static struct compiled *compile_base_rarely(struct compiler *c, enum locale locale,
                                            struct messages *messages_r)
{
    static bool kept;
    bool is_kept = keeps && kept;
    kept = kept || keeps;
    keeps = false;
    return is_kept ? NULL : compiler_compile(c, locale, NULL, 0, messages_r);
}

static struct compiled *compile_rarely(struct compiler *c, enum locale locale,
                                       const struct source *chain, size_t n,
                                       struct messages *messages_r)
{
    size_t sum = 0;
    if (n == 0)
        return compile_base_rarely(c, locale, messages_r);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < chain[i].files_n; k++) {
            const struct source_file *f = &chain[i].files[k];
            for (size_t b = 0; b < f->bytes.n; b++)
                sum += (unsigned char)f->bytes.at[b];
        }
    assert(sum < SIZE_MAX && chain[0].name.at != NULL);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct renderer_state *p;
    if (p == NULL) {
        log_threshold((enum log_level)(LOG_ERROR_LEVEL +
                                       1)); /* pages that break the contract are told there */
        p = renderer_prepare(fixture_routes, NULL);
    }
    size_t before = answers;
    bool served = serve(p, -1, data, n);
    assert(served == (answers == before + 1));
    arena_reset(p->arena);
    for (size_t i = 0; i < LOCALE_COUNT; i++)
        compiled_tidy(p->base[i]);
    return 0;
}
