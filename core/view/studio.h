/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools' side of a renderer: compiles a theme, checks it, and draws its pages from the fixtures
 * of the contract, with neither database nor configuration. It asks for the same walled process
 * as a worker does (server/zygote.h), reads its answers as a stranger's, and gives it more time: a
 * whole check takes up to a second. Every result lives in the arena of the call that made it. */
#ifndef VIEW_STUDIO_H
#define VIEW_STUDIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "view/theme.h"
#include "view/value.h"

struct studio;

/* Worst last: a theme with an error is not installed or activated, with a fatal one it cannot be
 * used. */
enum studio_level { STUDIO_ADVICE, STUDIO_WARNING, STUDIO_ERROR, STUDIO_FATAL, STUDIO_LEVELS };

struct studio_finding {
    enum studio_level level;
    const char *code;         /* "MB021" */
    const char *theme, *path; /* "" where it is about the theme as a whole */
    unsigned line, column;    /* 0: unknown */
    const char *message, *mend;
};

enum { STUDIO_FINDINGS = 2000, STUDIO_CASES = 2000 };

struct studio_findings {
    size_t n;
    const struct studio_finding *at;
    bool usable;                          /* false: there is nothing to draw with */
    const char *title, *version, *parent; /* as the theme's manifest says; "" if it does not */
};

/* A page of the fixtures. NULL: as the fixtures have it (a role of that page, "en", "auto"). */
struct studio_sample {
    const char *page, *name, *role, *locale, *scheme;
};

struct studio_case {
    const char *page, *name;
    const char *roles; /* with blanks between them */
};

struct studio_cases {
    size_t n;
    const struct studio_case *at;
};

enum studio_depth { STUDIO_COMPILE, STUDIO_WHOLE };

/* `zygote`: its door, -1: none, which every call then says. Never NULL. */
struct studio *studio_create(int zygote);
void studio_destroy(struct studio *s);
/* Until then each question is answered, or fails; else it has half a minute. */
void studio_hurry(struct studio *s, int64_t end_ms);

/* Reads the theme of that name (or "base") with its parents from themes_dir and compiles it; from
 * now on samples are drawn with it. STUDIO_WHOLE: every rule. False: it could not be read or the
 * renderer failed; studio_why says why. */
bool studio_load(struct studio *s, struct arena *a, const char *themes_dir, const char *name,
                 enum studio_depth depth, struct studio_findings *findings_r);
/* Draws a page and appends it. False: studio_why says why. `fell_back_r` (may be NULL): what
 * base or a parent had to do instead, a line each, "" for nothing. */
bool studio_draw(struct studio *s, struct arena *a, const struct studio_sample *sample,
                 struct str *html_r, const char **fell_back_r);
bool studio_cases(struct studio *s, struct arena *a, struct studio_cases *cases_r);
/* Markdown: `what` is the name of a page, "themes" for the whole reference, "rules" for the list of
 * rules. NULL: studio_why says why. */
const char *studio_docs(struct studio *s, struct arena *a, const char *what);

/* A block of the theme loaded last, as it is written. */
struct studio_block {
    const char *page, *block; /* "mailboxes.list", "row" */
    const char *theme, *version, *path;
    const char *sha;  /* the first 8 hex digits of its SHA-256 */
    const char *args; /* names with blanks between them */
    const char *text; /* "" in a list of all */
    unsigned depth;   /* 0: in effect; 1: what that one stands in for ... */
};

struct studio_blocks {
    size_t n;
    const struct studio_block *at;
};

enum { STUDIO_BLOCKS = 4000 };

/* The rows of one block, the one in effect first; page "": of all blocks, by page and name. An unknown
 * block has no rows. False: studio_why. */
bool studio_blocks(struct studio *s, struct arena *a, const char *page, const char *block,
                   struct studio_blocks *blocks_r);

/* The theme that was loaded, with its parents; NULL for base. Lives as long as the arena it was
 * loaded with. */
const struct theme *studio_theme(const struct studio *s);
/* What was the matter last; never NULL. */
const char *studio_why(const struct studio *s);

const char *studio_level_word(enum studio_level level);
/* False: there is no such word. */
bool studio_level_find(const char *word, enum studio_level *level_r);
/* So many findings are of that level or worse. */
size_t studio_count(const struct studio_findings *f, enum studio_level least);
/* Adds {code, level, theme, path, line, column, message, mend} of each, as JSON will have them. */
void studio_findings_add(struct value *list, const struct studio_findings *f,
                         enum studio_level least);

#endif
