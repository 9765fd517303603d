/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a renderer answers to the tools, read with as much doubt as a page (view/reply.h): a theme may
 * have taken that process over. The readers stand before the kind. What they give lives in the
 * arena; false: it is broken. Texts have no character that steers a terminal. */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H

#include "base/wire.h"
#include "view/studio.h"

bool report_read_findings(struct wire_reader r, struct arena *a,
                          struct studio_findings *findings_r);
bool report_read_cases(struct wire_reader r, struct arena *a, struct studio_cases *cases_r);
/* The blocks' own text comes as it was written, to be written back. */
bool report_read_blocks(struct wire_reader r, struct arena *a, struct studio_blocks *blocks_r);
const char *report_read_prose(struct wire_reader r, struct arena *a);

/* A copy with '?' for control characters (C0 but for line ends, DEL, C1). */
const char *report_clean(struct arena *a, const char *text, size_t n);

#endif
