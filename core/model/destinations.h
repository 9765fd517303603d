/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of destinations as people type it: an address a line, or several behind commas; each line is
 * judged by itself. The normal form has one a line, each once, in the order they were typed. Pure. */
#ifndef MODEL_DESTINATIONS_H
#define MODEL_DESTINATIONS_H

#include "model/input.h"

/* TEXT_NONE: text_r is the list. TEXT_LINES_WRONG: the lines, each with what is the matter with it, and
 * the numbers of the wrong ones for the text's %s. TEXT_TOO_MANY_LINES: more than `most`. */
enum text_key destinations_parse(struct arena *a, const char *bytes, size_t n, size_t most,
                                 const char **text_r, struct input_line **lines_r,
                                 size_t *lines_n_r, const char **arg_r);
/* Walks a list in its normal form: the next one, NULL at its end. */
const char *destinations_next(struct arena *a, const char **at);
bool destinations_have(const char *list, const char *address);

#endif
