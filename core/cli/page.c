/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy page PATH --as ADDRESS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "server/zygote.h"

/* The status of the page becomes ours. */
static int status_of(const char *answer)
{
    int status = atoi(answer + strlen("Status: "));
    if (status == 404)
        return EXIT_NOT_FOUND;
    if (status == 403)
        return EXIT_NOT_ALLOWED;
    return status >= 500 ? EXIT_AWAY : status >= 400 ? EXIT_BAD_DATA : EXIT_DONE;
}

static const char *location_of(const char *answer, const char *end)
{
    const char *at = strstr(answer, "\r\nLocation: ");
    return at != NULL && at < end ? at + strlen("\r\nLocation: ") : NULL;
}

int command_page(struct shell *sh)
{
    struct str answer;
    if (sh->operands_n != 1 || sh->operands[0][0] != '/')
        return EXIT_USAGE;
    /* Of JSON pages those of themes alone ask a renderer. */
    bool asks = !sh->json || text_starts(sh->operands[0], "/themes");
    int zygote = asks ? zygote_alone(sh->house) : -1; /* before a secret is read */
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    sh->desk->renderer = asks ? renderer_create(zygote, sh->settings.themes_dir, NULL) : NULL;
    enum outcome o = pages_print(sh->desk, sh->arena, sh->operands[0],
                                 sh->as != NULL ? sh->account.email : NULL, sh->json, &answer);
    if (sh->desk->renderer != NULL)
        renderer_destroy(sh->desk->renderer);
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    const char *body = strstr(answer.data, "\r\n\r\n"), *location = location_of(answer.data, body);
    if (location != NULL)
        printf("See %.*s\n", (int)strcspn(location, "\r"), location);
    fwrite(body + 4, 1, answer.len - (size_t)(body + 4 - answer.data), stdout);
    return status_of(answer.data);
}
