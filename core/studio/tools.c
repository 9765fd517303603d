/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/tools.h"

#include <stdio.h>
#include <sysexits.h>

#include "studio/dev.h"
#include "studio/install.h"
#include "studio/publish.h"

static int tool_build(struct arena *a, const struct studio_order *order)
{
    struct published sum;
    struct str messages;
    str_init(&messages, a, 1 << 20);
    bool good = publish_assets(a, order->themes_dir, order->assets_dir, &messages, &sum);
    fputs(messages.data, stderr);
    if (!good)
        return EX_CANTCREAT;
    printf("%u files of %u themes are in %s: %u new, %u old ones removed.\n", sum.files, sum.themes,
           order->assets_dir, sum.fresh, sum.removed);
    return EX_OK;
}

const struct studio_tool studio_tools[] = {
    {"build", 0, false, false, NULL, tool_build},
    {"dev", 1, true, true, NULL, dev_run},
    {"pack", 1, true, true, NULL, pack_run},
    {"install", 1, true, false, install_prepare, install_run},
    {0},
};
