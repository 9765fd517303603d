/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole page: the skeleton around what a theme prints. A child theme's error, whatever it
 * is, gives the same page of `base`. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "render/job.h"

/* False: not even base could; the reason is the last line of render->why. */
bool page_make(struct page_job *job);

#endif
