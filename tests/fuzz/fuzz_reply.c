/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a renderer answers. A page that is taken has its slots in order and where a secret may
 * stand, and the secrets go into it whole; nothing else of it changes. */
#include "fuzz.h"
#include "view/markup.h"
#include "view/reply.h"
#include "view/report.h"

static const struct value_secrets secrets = {3, {"first", "s<&\"econd", ""}};

/* A page that stays has none of these, whatever stands around them. */
static void check_stays(struct arena *a, const char *html, size_t n)
{
    static const char *const never[] = {"<meta http-equiv=", "<base", "<iframe", "<META"};
    const char *own = arena_memdup(a, html, n); /* nothing behind its end is read */
    struct str told;
    str_init(&told, a, 64);
    wire_put_text(&told, "https://x.y", 11);
    if (!markup_stays(own, n, &told))
        return;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert(memmem(html, n, never[i], strlen(never[i])) == NULL);
}

static void check_page(struct arena *a, const struct reply_page *page)
{
    struct str html;
    size_t want = page->n;
    for (size_t i = 0; i < page->slots_n; i++)
        want += page->slots[i].slot == 0 ? 5 : page->slots[i].slot == 1 ? 1 + 4 + 5 + 6 + 5 : 0;
    check_stays(a, page->html, page->n);
    str_init(&html, a, 8 * 1024 * 1024);
    reply_splice(page, &secrets, &html);
    assert(!html.overflow && html.len == want && page->why != NULL);
}

/* The answers to the tools, whose words may go to a terminal. */
static void check_shown(const char *text)
{
    assert(text != NULL);
    for (; *text != '\0'; text++)
        assert((unsigned char)*text >= ' ' || *text == '\n');
}

static void check_reports(struct arena *a, struct wire_reader r)
{
    struct studio_findings findings;
    struct studio_cases cases;
    struct studio_blocks blocks;
    check_shown(report_read_prose(r, a));
    if (report_read_findings(r, a, &findings))
        for (size_t i = 0; i < findings.n; i++) {
            assert(findings.at[i].level < STUDIO_LEVELS);
            check_shown(findings.at[i].message);
        }
    if (report_read_cases(r, a, &cases))
        for (size_t i = 0; i < cases.n; i++)
            check_shown(cases.at[i].roles);
    if (report_read_blocks(r, a, &blocks))
        for (size_t i = 0; i < blocks.n; i++)
            check_shown(blocks.at[i].path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct reply_page page;
    static struct reply_ready ready;
    struct arena *a = fuzz_arena();
    struct wire_reader r = wire_reader(data, n);
    if (reply_read_page(r, a, &secrets, &page))
        check_page(a, &page);
    if (reply_read_ready(r, a, &ready)) {
        assert(ready.n <= REPLY_MESSAGES);
        for (size_t i = 0; i < ready.n; i++)
            assert(ready.messages[i] != NULL);
    }
    check_reports(a, r);
    assert(reply_reason(r, a) != NULL);
    assert(!reply_is_failure(r) || data[0] == WIRE_FAILED);
    return 0;
}
