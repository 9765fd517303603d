/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/admin.h"

const struct field admin_make_fields[] = {
    {.name = "address",
     .type = FIELD_ADDRESS,
     .offset = SIZE_MAX,
     .max = 254,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = SERVER_ADMIN,
     .label = TEXT_LABEL_ADMIN_ADDRESS,
     .hint = TEXT_HINT_ADMIN_ACCOUNT},
    {.name = "domain",
     .type = FIELD_DOMAIN,
     .offset = SIZE_MAX,
     .max = 253,
     .when = ON_CREATE | ON_EDIT,
     .edit = SERVER_ADMIN,
     .label = TEXT_LABEL_DOMAIN,
     .hint = TEXT_HINT_ADMIN_DOMAIN},
    FIELD_CURRENT(SIGNED_IN, false),
    {0},
};
