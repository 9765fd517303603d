/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The neighbours' files, for other commands than `mailboy conf`. */
#ifndef CLI_CONF_H
#define CLI_CONF_H

#include "cli/cli.h"
#include "cli/placing.h"

/* The name of the i-th neighbour; NULL behind the last. */
const char *conf_service(size_t i);
/* What `mailboy conf SERVICE --write` would make of the files below `folder` (NULL: where that service has
 * them), each with what is there now. False: p_r->trouble says why it cannot be told. */
bool conf_compare(struct shell *sh, const char *service, const char *folder, struct placing *p_r);
/* The folder where the service has its configuration on Debian. */
const char *conf_folder(const char *service);

#endif
