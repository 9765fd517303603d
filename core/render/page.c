/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/page.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pseudo.h"
#include "base/texts.h"
#include "render/decode.h"
#include "render/handle.h"
#include "render/helper.h"
#include "render/part.h"
#include "render/script.h"

/* "theme:12:", a line of generated code, is told as the line of the template it came from. */
static const char *place_of(const struct render *r, const char *text, size_t *from_r, size_t *to_r)
{
    const char *at = strstr(text, "theme:");
    char *end;
    unsigned long line = at != NULL ? strtoul(at + strlen("theme:"), &end, 10) : 0;
    if (line == 0 || *end != ':' || r->theme == NULL || line >= r->theme->lines_n)
        return NULL;
    *from_r = (size_t)(at - text);
    *to_r = (size_t)(end - text);
    return r->theme->lines[line];
}

static void add_why(struct render *r, const char *text, size_t n)
{
    size_t room = sizeof r->why - r->why_len;
    if (n > room)
        n = room;
    memcpy(r->why + r->why_len, text, n);
    r->why_len += n;
}

void render_note(struct render *r, const char *format, ...)
{
    char text[1024];
    size_t from, to;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->fell_back++;
    const char *place = place_of(r, text, &from, &to);
    size_t before = r->why_len;
    if (place != NULL) {
        add_why(r, text, from);
        add_why(r, place, strlen(place));
    } else {
        to = 0;
    }
    add_why(r, text + to, strlen(text + to));
    add_why(r, "\n", 1);
    size_t n = r->why_len - before; /* a row's fault, told once */
    if (n <= before && memcmp(r->why + before - n, r->why + before, n) == 0)
        r->why_len = before;
}

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

static void skeleton_head(const struct render *r)
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

void page_links(const struct render *r)
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

static void skeleton_foot(const struct render *r)
{
    writer_text(r->out, "\n</body>\n</html>\n");
}

/* Stack afterwards: 2 the page's functions, 3 vm, 4 shell. */
static void push_page(lua_State *L, const struct page_job *job, const struct compiled *theme)
{
    lua_settop(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, theme->pages);
    lua_pushlstring(L, job->page.at, job->page.n);
    if (lua_rawget(L, 2) != LUA_TTABLE)
        luaL_error(L, "there is no page '%s'", lua_pushlstring(L, job->page.at, job->page.n));
    lua_remove(L, 2);
    handle_push(L, job->render->model.vm);
    handle_push(L, job->render->model.shell);
}

static void call_part(lua_State *L, const char *part)
{
    lua_getfield(L, 2, part);
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 4);
    lua_call(L, 2, 0);
}

static void title(lua_State *L, struct writer *w)
{
    size_t before = w->len;
    call_part(L, "title");
    if (w->len > before)
        writer_text(w, " \xe2\x80\x93 ");
}

static int make_templates(lua_State *L)
{
    struct page_job *job = lua_touserdata(L, 1);
    const struct render *r = job->render;
    push_page(L, job, r->theme);
    skeleton_head(r);
    title(L, r->out);
    page_links(r);
    call_part(L, "body");
    skeleton_foot(r);
    return 0;
}

static int make_title(lua_State *L)
{
    struct page_job *job = lua_touserdata(L, 1);
    push_page(L, job, job->base);
    title(L, job->render->out);
    return 0;
}

static bool run_in(const struct compiled *theme, struct page_job *job, lua_CFunction f, char *why_r,
                   size_t n)
{
    theme->templates->render = job->render;
    sandbox_arm(theme->templates);
    bool done = sandbox_run(theme->templates, f, job, why_r, n);
    theme->templates->render = NULL;
    return done;
}

/* A script prints the body; the title is base's, where it brings none. */
static bool make_script(struct page_job *job, const struct compiled_script *script, char *why_r,
                        size_t n)
{
    const struct render *r = job->render;
    skeleton_head(r);
    struct writer_mark here = writer_mark(r->out);
    if (!run_in(job->base, job, make_title, why_r, n))
        writer_back(r->out, here);
    page_links(r);
    struct sandbox *templates = r->theme->templates;
    templates->render = job->render;
    sandbox_arm(templates);
    job->render->script = true;
    bool done = script_body(job, script, here, why_r, n);
    job->render->script = false;
    part_forget(r);
    templates->render = NULL;
    skeleton_foot(r);
    return done && !r->out->overflow;
}

static bool make(struct page_job *job, const struct compiled *theme)
{
    char why[1024] = "the page is larger than 2 MB";
    struct render *r = job->render;
    const struct compiled_script *script = compiled_script(theme, job->page.at, job->page.n);
    writer_reset(r->out);
    r->theme = theme;
    bool made = script != NULL ? make_script(job, script, why, sizeof why)
                               : run_in(theme, job, make_templates, why, sizeof why);
    helper_forget(r);
    if (made)
        return true;
    bool placed = script == NULL || strstr(why, script->chunk + 1) != NULL;
    render_note(r, "%s: %.*s: %s%s%s", theme->name, (int)job->page.n, job->page.at,
                placed ? "" : script->chunk + 1, placed ? "" : ": ", why);
    return false;
}

bool page_make(struct page_job *job)
{
    struct render *r = job->render;
    r->shell = decode_facts(job->shell, &r->keys);
    if (!model_read(&r->model, job->arena, job->vm, job->shell, &r->keys)) {
        render_note(r, "%.*s: the view model is broken", (int)job->page.n, job->page.at);
        return false;
    }
    return make(job, job->theme) || (job->theme != job->base && make(job, job->base));
}
