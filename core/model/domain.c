/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/domain.h"

const struct field domain_fields[] = {
    FIELD_AS(domain, name, FIELD_DOMAIN, .column = "name", .max = 253, .required = true,
             .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN, .label = TEXT_LABEL_DOMAIN,
             .hint = TEXT_HINT_DOMAIN),
    FIELD(domain, description, .column = "description", .max = 255, .when = ON_CREATE | ON_EDIT,
          .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_DESCRIPTION,
          .hint = TEXT_HINT_DESCRIPTION),
    {0},
};
