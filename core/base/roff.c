/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/roff.h"

#include <ctype.h>
#include <string.h>

/* Of the text, not of the day it was built: the same program makes the same page. */
#define ROFF_DATE "November 23, 2026"

void roff_append(struct str *s, const char *text, size_t n)
{
    bool starts = s->len == 0 || s->data[s->len - 1] == '\n';
    for (size_t i = 0; i < n; i++, starts = false) {
        if (starts && (text[i] == '.' || text[i] == '\''))
            str_append(s, "\\&");
        switch (text[i]) {
        case '\\': str_append(s, "\\e"); break;
        case '-': str_append(s, "\\-"); break;
        case '`': str_append(s, "\\(ga"); break;
        case '\'': str_append(s, "\\(aq"); break;
        case '~': str_append(s, "\\(ti"); break;
        case '^': str_append(s, "\\(ha"); break;
        case '\n': str_append_c(s, ' '); break;
        default: str_append_c(s, text[i]);
        }
    }
}

/* Up to and with the full stop that ends a sentence, or the end of the paragraph. */
static size_t sentence(const char *text, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (strchr(".:?", text[i]) != NULL && isspace((unsigned char)text[i + 1]) &&
            (i + 2 >= n || isupper((unsigned char)text[i + 2])) && i > 1 && text[i - 2] != '.')
            return i + 1;
    return n;
}

/* One sentence, on as many lines as mandoc's lint wants. */
static void wrapped(struct str *s, const char *text, size_t n)
{
    enum { WIDTH = 72 };
    size_t column = 0;
    while (n > 0) {
        size_t word = 0;
        while (word < n && !isspace((unsigned char)text[word]))
            word++;
        if (column > 0)
            str_append_c(s, column + word > WIDTH ? '\n' : ' ');
        column = column + word > WIDTH ? 0 : column;
        roff_append(s, text, word);
        column += word + 1;
        for (text += word, n -= word; n > 0 && isspace((unsigned char)*text); text++, n--)
            ;
    }
    str_append_c(s, '\n');
}

static void paragraph(struct str *s, const char *text, size_t n)
{
    while (n > 0) {
        size_t used = sentence(text, n);
        wrapped(s, text, used);
        for (text += used, n -= used; n > 0 && isspace((unsigned char)*text); text++, n--)
            ;
    }
}

static bool is_example(const char *line)
{
    return line[0] == ' ' && line[1] == ' ';
}

void roff_append_prose(struct str *s, const char *text)
{
    while (*text != '\0') {
        size_t n = 0;
        if (is_example(text)) {
            n = strcspn(text, "\n");
            str_append(s, ".Dl ");
            roff_append(s, text + 2, n - 2);
            str_append_c(s, '\n');
        } else {
            while (text[n] != '\0' && !is_example(text + n))
                n += strcspn(text + n, "\n") + (strchr(text + n, '\n') != NULL);
            size_t words = n;
            while (words > 0 && text[words - 1] == '\n')
                words--;
            paragraph(s, text, words);
        }
        text += n;
        text += *text == '\n';
    }
}

void roff_append_head(struct str *s, const char *name, unsigned section, const char *what)
{
    str_append(s, ".\\\" SPDX-License-Identifier: GPL-3.0-or-later\n.Dd " ROFF_DATE "\n.Dt ");
    for (const char *c = name; *c != '\0'; c++)
        str_append_c(s, (char)toupper((unsigned char)*c));
    str_printf(s, " %u\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", section, name, what);
}
