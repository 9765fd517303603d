/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's style sheet, asked for the colour of a token; then what a chosen colour has to be to be
 * read upon it. A shade that is offered fits. */
#include "fuzz.h"
#include "view/tokens.h"

static void check_rule(color against, unsigned least)
{
    const struct color_rule rule = {against, least};
    const color asked[] = {0x000000, 0xffffff, 0x5b2bbd, 0xffff00, against & 0xffffff};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        color made;
        if (color_nearest(asked[i], &rule, 1, &made))
            assert(made <= 0xffffff && color_fits(made, &rule, 1));
        else
            assert(least > 458); /* black or white is always that far from anything */
        assert(!color_fits(asked[i], &rule, 1) || made == asked[i]);
    }
}

/* The same in a theme, its parent and base, along var(). */
static void check_theme(struct arena *a, const uint8_t *data, size_t n)
{
    struct theme_file own = {"tokens.css", (const char *)data, n / 2},
                      others[] = {{"notes.txt", "x", 1},
                                  {"app.css", (const char *)data + n / 2, n - n / 2}};
    struct theme theme = {.name = "child",
                          .chain_n = 2,
                          .chain = {{.name = "child", .files_n = 1, .files = &own},
                                    {.name = "parent", .files_n = 2, .files = others}}};
    static const char *const names[] = {"--a", "--accent", "--surface"};
    struct token t = {0};
    if (token_find(a, &theme, names[n % 3], &t))
        assert(t.light <= 0xffffff && t.dark <= 0xffffff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    if (n % 8 < 3) /* base's sheet is long */
        check_theme(a, data, n);
    struct token token;
    color c;
    const char *next = NULL;
    if (token_in(a, (const char *)data, n, "--surface", &token, &next)) {
        if (next == NULL) {
            assert(token.light <= 0xffffff && token.dark <= 0xffffff);
            check_rule(token.light, 450);
            check_rule(token.dark, 700);
        } else {
            assert(strlen(next) <= n);
        }
    }
    if (color_parse((const char *)data, n, &c)) {
        const char *text = color_text(a, c);
        color again;
        assert(color_parse(text, strlen(text), &again) && again == c);
    }
    return 0;
}
