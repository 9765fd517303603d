/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/page.h"

#include <lauxlib.h>
#include <string.h>

#include "render/decode.h"
#include "render/handle.h"
#include "render/helper.h"
#include "render/part.h"
#include "render/script.h"
#include "render/skeleton.h"

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
    skeleton_links(r);
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
    skeleton_links(r);
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
