/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page "help": the manual, for everybody. Its words are the theme's, so there is nothing to fill. */
#include "pages/page.h"

enum outcome page_help(struct page *p)
{
    p->name = "help";
    return OUT_OK;
}
