/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wires the rooms: what the pool runs, and what the command line may call. core/README.md is the
 * tour. */
#include "cli/cli.h"
#include "cli/serve.h"
#include "patterns.h"
#include "render/renderer.h"

/* This file makes two programs: mailboy, and mailboy-studio with the theme tools in it. */
#ifdef MAILBOY_STUDIO
#include "studio/tools.h"
#define TOOLS studio_tools
#else
#define TOOLS NULL
#endif

/* The renderer knows URLs by name and pattern, not what lies behind them. */
static void *prepare_renderer(void)
{
    return renderer_prepare(route_patterns, embed_baked);
}

int main(int argc, char **argv)
{
    static const struct house house = {
        .renderer_prepare = prepare_renderer,
        .renderer_warm = renderer_warm,
        .renderer_main = renderer_main,
        .load = serve_load,
        .worker_start = serve_worker_start,
        .handle = serve_handle,
        .between = serve_between,
        .tick = serve_tick,
    };
    return cli_main(argc, argv, &house, TOOLS);
}
