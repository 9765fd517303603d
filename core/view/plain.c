/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/plain.h"

#include <string.h>

#include "base/asset.h"
#include "base/embed.h"
#include "base/texts.h"

static void html(struct str *s, const char *text)
{
    if (text != NULL)
        str_append_html(s, text, strlen(text));
}

/* Base's, which the program serves from itself: as base's own page of an error looks. */
static void link_style(struct str *s, const char *prefix)
{
    const struct embedded *css = embedded_find(embed_base, "app.css");
    if (css == NULL)
        return;
    str_append(s, "<link rel=\"stylesheet\" href=\"");
    html(s, prefix);
    str_printf(s, "/assets/base/%s\">\n", asset_file(s->arena, "app.css", css->bytes, css->size));
}

/* One of its own texts. */
static void say(struct str *s, enum locale l, const char *english)
{
    html(s, text_say(s->arena, l, english));
}

static void link_place(struct str *s, const char *class, const char *prefix, const char *path,
                       enum locale l, const char *english)
{
    str_printf(s, "<p class=\"%s\"><a%s href=\"", class,
               strcmp(class, "actions") == 0 ? " class=\"btn\"" : "");
    html(s, prefix);
    str_printf(s, "%s\">", path);
    say(s, l, english);
    str_append(s, "</a></p>\n");
}

void plain_page(struct str *s, enum locale l, int status, const char *heading, const char *text,
                const char *request_id, const char *prefix)
{
    str_printf(s, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n", locale_tag(l),
               locale_dir(l));
    str_append(s,
               "<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html(s, heading);
    str_append(s, "</title>\n");
    link_style(s, prefix);
    str_printf(s,
               "</head>\n<body>\n<div class=\"plain\">\n<main class=\"card\">\n"
               "<p class=\"code\">%d</p>\n<h1>",
               status);
    html(s, heading);
    str_append(s, "</h1>\n<p>");
    html(s, text);
    str_append(s, "</p>\n");
    link_place(s, "actions", prefix, "/", l, N_("Back to the start"));
    link_place(s, "hint", prefix, "/safe", l,
               N_("Does this page come again? Use the built-in theme."));
    str_append(s, "</main>\n");
    if (request_id != NULL && request_id[0] != '\0') {
        str_append(s, "<footer class=\"foot\"><p>");
        say(s, l, N_("Tell whoever runs this server, with this reference:"));
        str_append(s, " <code>");
        html(s, request_id);
        str_append(s, "</code></p></footer>\n");
    }
    str_append(s, "</div>\n</body>\n</html>\n");
}
