/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/markup.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/wire.h"

#ifdef MAILBOY_TEST_WALLS
bool markup_is_trusted;
#else
enum { markup_is_trusted = 0 };
#endif

/* lua/template/html.lua's elements (tests/themes/test_hostile.py compares them), and those that base writes
 * itself. h1-h6 are one: a name counts as far as it is letters. Those that lead somewhere are looked at below. */
static const char *const elements[] = {
    "abbr",   "address",  "article", "aside",    "b",          "bdi",     "bdo",    "blockquote",
    "body",   "br",       "button",  "caption",  "cite",       "code",    "col",    "colgroup",
    "data",   "datalist", "dd",      "del",      "details",    "dfn",     "dialog", "div",
    "dl",     "dt",       "em",      "fieldset", "figcaption", "figure",  "footer", "form",
    "h",      "head",     "header",  "hgroup",   "hr",         "html",    "i",      "img",
    "input",  "ins",      "kbd",     "label",    "legend",     "li",      "main",   "mark",
    "menu",   "meter",    "nav",     "ol",       "optgroup",   "option",  "output", "p",
    "pre",    "progress", "q",       "s",        "samp",       "script",  "search", "section",
    "select", "small",    "span",    "strong",   "sub",        "summary", "sup",    "svg",
    "table",  "tbody",    "td",      "textarea", "tfoot",      "th",      "thead",  "time",
    "title",  "tr",       "u",       "ul",       "use",        "var",     "wbr",
};

enum { KEY = 8, PLACES = 512 };
static uint64_t known[PLACES]; /* by place_of(), or the next that is free */

/* The letters that stand there, eight at most, as a number: no other byte below 64 and no digit has that bit. An
 * upper-case letter has it and makes a name that is not known. */
static inline uint64_t key_at(const char *name)
{
    uint64_t bytes, other;
    memcpy(&bytes, name, KEY);
    bytes = le64toh(bytes);
    other = ~bytes & 0x4040404040404040;
    return other == 0 ? bytes : bytes & (((other & -other) >> 6) - 1);
}

static uint64_t key_of(const char *name)
{
    char text[KEY] = "";
    memcpy(text, name, strnlen(name, KEY));
    return key_at(text);
}

/* With this number each has a place of its own. */
static inline size_t place_of(uint64_t key)
{
    return (key * 0x7fa0c201d247d7ab) >> 55; /* 9 bits: PLACES */
}

static inline bool is_known(uint64_t key)
{
    size_t i = place_of(key);
    while (known[i] != key && known[i] != 0)
        i = (i + 1) % PLACES;
    return known[i] != 0;
}

static void learn(void)
{
    for (size_t k = 0; k < sizeof elements / sizeof *elements; k++) {
        uint64_t key = key_of(elements[k]);
        size_t i = place_of(key);
        while (known[i] != 0)
            i = (i + 1) % PLACES;
        known[i] = key;
    }
}

struct attribute {
    const char *name, *value;
    size_t name_n, value_n;
};

/* The next one, as we write it: a blank, name="value" or the name alone. False at the tag's end. */
static bool next_attribute(const char **at, const char *end, struct attribute *found_r,
                           bool *broken_r)
{
    const char *p = *at, *quote;
    *broken_r = false;
    if (p < end && *p == '>')
        return false;
    *broken_r = true;
    if (p == end || (*p != ' ' && *p != '\n'))
        return false;
    for (found_r->name = ++p;
         p < end && ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-');)
        p++;
    *found_r = (struct attribute){found_r->name, p, (size_t)(p - found_r->name), 0};
    if (found_r->name_n == 0)
        return false;
    if (p < end && *p == '=') {
        if (end - p < 2 || p[1] != '"' ||
            (quote = memchr(p + 2, '"', (size_t)(end - p - 2))) == NULL)
            return false;
        found_r->value = p + 2;
        found_r->value_n = (size_t)(quote - p - 2);
        p = quote + 1;
    }
    *broken_r = false;
    *at = p;
    return true;
}

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~' || c == '%';
}

/* A browser skips blanks, reads "\" as "/" and references as what they stand for: what is none of ours decides nothing. */
static bool is_local(const char *url, size_t n)
{
    size_t i = 0;
    if (n > 1 && url[0] == '/')
        return is_plain((unsigned char)url[1]) || url[1] == '?' || url[1] == '#';
    while (i < n && is_plain((unsigned char)url[i]))
        i++;
    return i == n || url[i] == '?' || url[i] == '#' || url[i] == '/';
}

/* The bytes with the references that we write (str_append_html) as what they stand for. */
static size_t unescape(char *to, const char *text, size_t n)
{
    static const struct {
        const char *text;
        char c;
    } references[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    size_t made = 0;
    for (size_t i = 0; i < n;) {
        char c = text[i];
        size_t step = 1;
        for (size_t k = 0; c == '&' && k < sizeof references / sizeof *references; k++) {
            size_t m = strlen(references[k].text);
            if (n - i >= m && memcmp(text + i, references[k].text, m) == 0) {
                c = references[k].c;
                step = m;
                break;
            }
        }
        to[made++] = c;
        i += step;
    }
    return made;
}

/* Bytes of messages that are searched for one page: of a usual one for a thousand links to elsewhere. */
enum { SEARCHED_MOST = 32 * 1024 * 1024 };
struct looker {
    const struct str *told;
    size_t left;
};

/* A whole text of the message: its length stands before it (base/wire.h). */
static bool was_told(const char *url, size_t n, struct looker *l)
{
    enum { URL_MAX = 4096, LENGTH = 4 };
    char text[LENGTH + URL_MAX];
    if (n > URL_MAX || l->left < l->told->len)
        return false;
    l->left -= l->told->len;
    size_t m = unescape(text + LENGTH, url, n);
    uint32_t le = htole32((uint32_t)m);
    memcpy(text, &le, LENGTH);
    return memmem(l->told->data, l->told->len, text, LENGTH + m) != NULL;
}

static bool is_allowed(const char *url, size_t n, struct looker *l)
{
    static const char mail[] = "mailto:";
    return is_local(url, n) || (n > strlen(mail) && memcmp(url, mail, strlen(mail)) == 0) ||
           was_told(url, n, l);
}

static bool is_named(const struct attribute *a, const char *name)
{
    return a->name_n == strlen(name) && memcmp(a->name, name, a->name_n) == 0;
}

/* Of <a>, <link> and <meta>, from behind its name: the first of two addresses is what a browser takes. */
static bool leads_nowhere(const char *at, const char *end, struct looker *l, bool meta)
{
    struct attribute a;
    bool broken;
    while (next_attribute(&at, end, &a, &broken)) {
        if (is_named(&a, "href"))
            return is_allowed(a.value, a.value_n, l);
        if (meta && is_named(&a, "http-equiv"))
            return false;
    }
    return !broken;
}

/* What is none of the elements above; most of these are a link to a place of this site. */
static bool may_stand(const char *tag, const char *end, struct looker *l)
{
    static const char link[] = "a href=\"/";
    static const char doctype[] = "!doctype html>";
    static const char *const leading[] = {"a", "link", "meta"};
    size_t left = (size_t)(end - tag);
    if (left > strlen(link) && memcmp(tag, link, strlen(link)) == 0 &&
        is_plain((unsigned char)tag[strlen(link)]))
        return true;
    for (size_t i = 0; i < sizeof leading / sizeof *leading; i++) {
        size_t n = strlen(leading[i]);
        if (left > n && memcmp(tag, leading[i], n) == 0 && !(tag[n] >= 'a' && tag[n] <= 'z'))
            return leads_nowhere(tag + n, end, l, leading[i] == leading[2]);
    }
    return left >= strlen(doctype) && memcmp(tag, doctype, strlen(doctype)) == 0;
}

/* Sixteen bytes, looked at together. */
enum { CHUNK = 16, TOGETHER = 4 * CHUNK };
typedef unsigned char chunk __attribute__((vector_size(CHUNK)));

static inline chunk load(const char *text)
{
    chunk v;
    memcpy(&v, text, sizeof v);
    return v;
}

/* A bit for each byte that has all of them. */
static inline uint64_t bits_of(chunk v)
{
#ifdef __SSE2__
    return (uint64_t)__builtin_ia32_pmovmskb128((__attribute__((vector_size(CHUNK))) char)v);
#else
    uint64_t bits = 0;
    for (int i = 0; i < CHUNK; i++)
        bits |= (uint64_t)(v[i] & 1) << i;
    return bits;
#endif
}

static inline uint64_t tags_of(const char *at)
{
    return bits_of((chunk)(load(at) == '<') & (chunk)(load(at + 1) != '/'));
}

/* The last bytes, behind which nothing may be read. */
static bool rest_stays(const char *at, const char *end, struct looker *l)
{
    for (; at < end; at++) {
        char name[KEY] = "";
        size_t left = (size_t)(end - at - 1);
        if (*at != '<' || (left > 0 && at[1] == '/'))
            continue;
        memcpy(name, at + 1, left < KEY ? left : KEY);
        if (!is_known(key_at(name)) && !may_stand(at + 1, end, l))
            return false;
    }
    return true;
}

bool markup_stays(const char *html, size_t n, const struct str *told)
{
    const char *at = html, *end = html + n;
    struct looker looker = {.told = told, .left = SEARCHED_MOST}, *l = &looker;
    if (markup_is_trusted)
        return true;
    if (known[place_of(key_of(elements[0]))] == 0)
        learn();
    for (; end - at >= TOGETHER + 1 + KEY; at += TOGETHER) {
        uint64_t found = tags_of(at) | tags_of(at + CHUNK) << CHUNK |
                         tags_of(at + 2 * CHUNK) << 2 * CHUNK |
                         tags_of(at + 3 * CHUNK) << 3 * CHUNK;
        for (; found != 0; found &= found - 1) {
            const char *tag = at + __builtin_ctzll(found) + 1;
            if (!is_known(key_at(tag)) && !may_stand(tag, end, l))
                return false;
        }
    }
    return rest_stays(at, end, l);
}
