/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/gallery.h"

#include <string.h>

#include "base/clock.h"

/* Half of what a request may take: the worker lives to say that a check lasts too long. */
static int64_t check_end(const struct reception *desk)
{
    return clock_monotonic_ms() + desk->settings->request_timeout / 2;
}

bool gallery_check(struct reception *desk, struct arena *a, const char *theme,
                   enum studio_depth depth, struct studio_findings *findings_r, const char **why_r)
{
    *findings_r = (struct studio_findings){.usable = true};
    if (desk->renderer == NULL) {
        *why_r = "themes are not checked here";
        return false;
    }
    struct studio *studio = studio_create(renderer_zygote(desk->renderer));
    studio_hurry(studio, check_end(desk));
    bool done = studio_load(studio, a, desk->settings->themes_dir, theme, depth, findings_r);
    if (!done)
        *why_r = arena_strdup(a, studio_why(studio));
    studio_destroy(studio);
    return done;
}

const char *gallery_place(struct arena *a, const struct studio_finding *f)
{
    if (f->path[0] == '\0')
        return NULL;
    return f->line > 0 ? arena_printf(a, "%s/%s:%u:%u", f->theme, f->path, f->line, f->column)
                       : arena_printf(a, "%s/%s", f->theme, f->path);
}

const char *gallery_problem(struct reception *desk, struct arena *a, const char *theme,
                            enum studio_depth depth)
{
    struct studio_findings f;
    const char *why;
    if (strcmp(theme, "base") == 0) /* without it the program does not start */
        return NULL;
    if (!gallery_check(desk, a, theme, depth, &f, &why))
        return why;
    for (size_t i = 0; i < f.n; i++)
        if (f.at[i].level >= STUDIO_ERROR) {
            const char *place = gallery_place(a, &f.at[i]);
            return place != NULL ? arena_printf(a, "%s: %s", place, f.at[i].message)
                                 : f.at[i].message;
        }
    return f.usable ? NULL : "it cannot be compiled";
}
