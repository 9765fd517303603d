/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hooks of server/server.h that main.c puts into `struct house`. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "server/server.h"
#include "settings/settings.h"
#include "store/store.h"

bool serve_load(struct pool_options *options_r);
void *serve_worker_start(unsigned index, int zygote);
void serve_handle(void *worker, struct exchange *x);
void serve_between(void *worker);
unsigned serve_tick(void *worker);

/* The text belongs to the settings. */
void store_options_of(const struct settings *s, struct store_options *options_r);

#endif
