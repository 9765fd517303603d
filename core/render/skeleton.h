/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The core's part of a page, around what a theme prints. */
#ifndef RENDER_SKELETON_H
#define RENDER_SKELETON_H

#include "render/render.h"

/* As far as the start of the title. */
void skeleton_head(const struct render *r);
/* The rest of the head, behind the title, and the start of the body. */
void skeleton_links(const struct render *r);
void skeleton_foot(const struct render *r);

#endif
