/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/messages.h"

void messages_note(struct messages *m, const char *text)
{
    if (m->n < MESSAGES_MAX)
        m->text[m->n++] = arena_strdup(m->arena, text);
}
