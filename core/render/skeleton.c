/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/skeleton.h"

#include <string.h>

#include "base/pseudo.h"
#include "base/texts.h"

static void html(struct writer *w, struct span s)
{
    writer_html(w, s.at, s.n);
}

static void link_asset(const struct render *r, const char *before, const char *url,
                       const char *after)
{
    writer_text(r->out, before);
    html(r->out, r->shell.prefix);
    writer_html(r->out, url, strlen(url));
    writer_text(r->out, after);
}

static void link_named(const struct render *r, const char *name, const char *before,
                       const char *after)
{
    const struct compiled_asset *a = compiled_asset(r->theme, name, strlen(name));
    if (a != NULL)
        link_asset(r, before, a->url, after);
}

/* For whoever hears titles: the page shows mistakes. */
static void title_error(const struct render *r)
{
    static const char english[] = N_("Error: ");
    char longer[128];
    if (pseudo_is(r->locale)) {
        size_t n = pseudo_write(r->locale, english, sizeof english - 1, longer);
        writer_raw(r->out, longer, n);
        return;
    }
    const char *text = text_translation(r->locale, english);
    writer_text(r->out, text != NULL ? text : english);
}

void skeleton_head(const struct render *r)
{
    struct writer *w = r->out;
    writer_text(w, "<!doctype html>\n<html lang=\"");
    html(w, r->shell.lang);
    writer_text(w, "\" dir=\"");
    html(w, r->shell.dir);
    writer_text(w, "\" data-scheme=\"");
    html(w, r->shell.scheme);
    writer_text(
        w, "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    if (r->shell.title_error)
        title_error(r);
}

void skeleton_links(const struct render *r)
{
    struct writer *w = r->out;
    html(w, r->shell.site);
    writer_text(w, "</title>\n");
    for (size_t i = 0; i < r->theme->styles_n; i++)
        link_asset(r, "<link rel=\"stylesheet\" href=\"", r->theme->styles[i], "\">\n");
    if (r->shell.stylesheet.n > 0) {
        writer_text(w, "<link rel=\"stylesheet\" href=\"");
        html(w, r->shell.stylesheet);
        writer_text(w, "\">\n");
    }
    link_named(r, "favicon.svg", "<link rel=\"icon\" type=\"image/svg+xml\" href=\"", "\">\n");
    if (!r->theme->scriptless)
        link_named(r, "app.js", "<script src=\"", "\" defer></script>\n");
    writer_text(w, "</head>\n<body data-mb-page=\"");
    html(w, r->shell.page);
    writer_text(w, "\">\n");
}

void skeleton_foot(const struct render *r)
{
    writer_text(r->out, "\n</body>\n</html>\n");
}
