/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type into one field, into its normal form: a reader for each type. Limits are the
 * field's own; what is too long is refused before its bytes are looked at. Inside model/. */
#ifndef MODEL_TYPED_H
#define MODEL_TYPED_H

#include "model/input.h"

/* Sets the whole value, `error` too. */
void typed_read(struct arena *a, const struct field *f, struct input_value *v, const char *bytes,
                size_t n);
/* Fit to be shown in the form again; "" for what is not. */
const char *typed_again(struct arena *a, const char *bytes, size_t n);
void typed_fail(struct input_value *v, enum text_key error, const char *arg);
void typed_check_range(struct arena *a, const struct field *f, struct input_value *v);
/* Of a nullable field: not set; an empty text on purpose. */
void typed_nothing(const struct field *f, struct input_value *v);
void typed_empty(struct input_value *v);

#endif
