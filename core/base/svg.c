/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/svg.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { DEPTH = 32, NAME = 40 };

/* Both lists between blanks. What is missing is missing on purpose: a, animate, set, image, style,
 * script, foreignObject and the filters; style, on*, and base of the attributes. */
static const char elements[] =
    " svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan "
    "linearGradient radialGradient stop clipPath mask pattern marker ";
static const char attributes[] =
    " xmlns xmlns:xlink xml:space version id class viewBox preserveAspectRatio x y x1 y1 x2 y2 "
    "width height cx cy r rx ry fx fy d dx dy points pathLength transform opacity color display "
    "visibility overflow fill fill-opacity fill-rule stroke stroke-width stroke-opacity "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset "
    "vector-effect paint-order clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits "
    "patternUnits patternContentUnits patternTransform gradientUnits gradientTransform "
    "spreadMethod offset stop-color stop-opacity marker-start marker-mid marker-end markerWidth "
    "markerHeight markerUnits refX refY orient text-anchor font-family font-size font-weight "
    "font-style letter-spacing dominant-baseline href xlink:href role focusable aria-hidden "
    "aria-label aria-labelledby ";

struct svg {
    struct arena *arena;
    const char *start, *at, *end, *problem;
    size_t depth, roots;
    char open[DEPTH][NAME];
};

static bool wrong(struct svg *s, const char *at, const char *format, const char *word)
{
    size_t line = 1, column = 1;
    for (const char *c = s->start; c < at; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    if (s->problem == NULL)
        s->problem = arena_printf(s->arena, "%zu:%zu: %s", line, column,
                                  arena_printf(s->arena, format, word));
    return false;
}

static bool starts(const struct svg *s, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, with, n) == 0;
}

static bool is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name))
        if (n > 0 && at[-1] == ' ' && at[n] == ' ')
            return true;
    return false;
}

static void skip_blanks(struct svg *s)
{
    while (s->at < s->end && strchr(" \t\r\n", *s->at) != NULL && *s->at != '\0')
        s->at++;
}

static bool take_name(struct svg *s, char name_r[NAME])
{
    size_t n = 0;
    const char *at = s->at;
    for (; at < s->end && (isalnum((unsigned char)*at) || *at == ':' || *at == '-'); at++)
        if (n < NAME - 1)
            name_r[n++] = *at;
    name_r[n] = '\0';
    if (n == 0 || at - s->at != (ptrdiff_t)n)
        return wrong(s, s->at, "a name was expected here%s", "");
    s->at = at;
    return true;
}

/* Past the end of what starts here, which ends with `until`. */
static bool skip_until(struct svg *s, const char *until, const char *what)
{
    const char *found = memmem(s->at, (size_t)(s->end - s->at), until, strlen(until));
    if (found == NULL)
        return wrong(s, s->at, "%s does not end", what);
    s->at = found + strlen(until);
    return true;
}

/* &amp; &lt; &gt; &quot; &apos; and numbers; document types are refused, so there are no others. */
static bool reference_is_plain(const struct svg *s, const char *at)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((size_t)(s->end - at) >= strlen(known[i]) &&
            memcmp(at, known[i], strlen(known[i])) == 0)
            return true;
    return false;
}

/* "#id" and "url(#id)" stay in the file. Backslashes spell CSS words another way. */
static bool value_is_inside(struct svg *s, const char *name, const char *value, size_t n)
{
    bool href = strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0;
    if (href && (n < 2 || value[0] != '#' || memchr(value, '&', n) != NULL))
        return wrong(s, value, "'%s' may only name a part of this file: #id", name);
    for (const char *at = value; at < value + n; at++) {
        size_t left = (size_t)(value + n - at);
        if (*at == '\\' || *at == '<')
            return wrong(s, at, "'%s' may hold neither \\ nor <", name);
        if (*at == '&' && !reference_is_plain(s, at))
            return wrong(s, at, "an unknown reference in '%s'", name);
        if (left >= 4 && strncasecmp(at, "url(", 4) == 0 && (left < 5 || at[4] != '#'))
            return wrong(s, at, "'%s' may only name a part of this file: url(#id)", name);
    }
    return true;
}

static bool namespace_is_known(struct svg *s, const char *name, const char *value, size_t n)
{
    const char *want = strcmp(name, "xmlns") == 0         ? "http://www.w3.org/2000/svg"
                       : strcmp(name, "xmlns:xlink") == 0 ? "http://www.w3.org/1999/xlink"
                                                          : NULL;
    if (want == NULL || (strlen(want) == n && memcmp(want, value, n) == 0))
        return true;
    return wrong(s, value, "'%s' is not SVG's", name);
}

static bool take_attribute(struct svg *s)
{
    char name[NAME];
    const char *start = s->at;
    if (!take_name(s, name))
        return false;
    if (!is_listed(attributes, name))
        return wrong(s, start, "the attribute '%s' is not allowed", name);
    skip_blanks(s);
    if (s->at == s->end || *s->at++ != '=')
        return wrong(s, start, "'%s' has no value", name);
    skip_blanks(s);
    char quote = s->at < s->end ? *s->at : '\0';
    if (quote != '"' && quote != '\'')
        return wrong(s, start, "the value of '%s' is not in quotes", name);
    const char *value = ++s->at;
    const char *close = memchr(value, quote, (size_t)(s->end - value));
    if (close == NULL)
        return wrong(s, start, "the value of '%s' does not end", name);
    s->at = close + 1;
    return namespace_is_known(s, name, value, (size_t)(close - value)) &&
           value_is_inside(s, name, value, (size_t)(close - value));
}

static bool take_close(struct svg *s)
{
    char name[NAME];
    const char *start = s->at;
    s->at += 2;
    if (!take_name(s, name))
        return false;
    skip_blanks(s);
    if (s->at == s->end || *s->at++ != '>' || s->depth == 0 ||
        strcmp(s->open[s->depth - 1], name) != 0)
        return wrong(s, start, "</%s> closes nothing", name);
    s->depth--;
    return true;
}

static bool take_open(struct svg *s)
{
    char name[NAME];
    const char *start = s->at++;
    if (!take_name(s, name))
        return false;
    if (!is_listed(elements, name))
        return wrong(s, start, "the element <%s> is not allowed", name);
    if (s->depth == DEPTH || (s->depth == 0) != (strcmp(name, "svg") == 0 && s->roots == 0))
        return wrong(s, start, "<%s> is in the wrong place", name);
    s->roots += s->depth == 0;
    for (;;) {
        const char *before = s->at;
        skip_blanks(s);
        if (starts(s, "/>")) {
            s->at += 2;
            return true;
        }
        if (starts(s, ">")) {
            s->at++;
            memcpy(s->open[s->depth++], name, NAME);
            return true;
        }
        if (before == s->at)
            return wrong(s, before, "<%s> does not end", name);
        if (!take_attribute(s))
            return false;
    }
}

static bool take_text(struct svg *s)
{
    const char c = *s->at;
    if (c == '&' && !reference_is_plain(s, s->at))
        return wrong(s, s->at, "an unknown reference%s", "");
    if (s->depth == 0 && strchr(" \t\r\n", c) == NULL)
        return wrong(s, s->at, "text outside <%s>", "svg");
    s->at++;
    return true;
}

static bool take_piece(struct svg *s)
{
    if (*s->at != '<')
        return take_text(s);
    if (starts(s, "<!--"))
        return skip_until(s, "-->", "the comment");
    if (starts(s, "<?xml ") && s->at == s->start)
        return skip_until(s, "?>", "<?xml");
    if (starts(s, "<!") || starts(s, "<?"))
        return wrong(s, s->at, "document types, CDATA and instructions are not allowed%s", "");
    return starts(s, "</") ? take_close(s) : take_open(s);
}

const char *svg_problem(struct arena *a, const char *text, size_t n)
{
    struct svg s = {.arena = a, .start = text, .at = text, .end = text + n};
    if (memchr(text, '\0', n) != NULL || !utf8_is_valid(text, n))
        return "1:1: this is not UTF-8";
    while (s.at < s.end && take_piece(&s))
        ;
    if (s.problem == NULL && (s.depth > 0 || s.roots == 0))
        wrong(&s, s.end, "<%s> does not end", s.depth > 0 ? s.open[s.depth - 1] : "svg");
    return s.problem;
}
