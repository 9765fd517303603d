/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/alias.h"

const struct field alias_fields[] = {
    FIELD_AS(alias, source, FIELD_LOCAL_PART, .column = "source", .max = 64, .required = true,
             .unless = "catch_all", .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_LOCAL_PART,
             .hint = TEXT_HINT_ALIAS_SOURCE),
    FIELD_AS(alias, catch_all, FIELD_BOOL, .max = 1, .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN, .label = TEXT_LABEL_CATCH_ALL, .hint = TEXT_HINT_CATCH_ALL),
    FIELD_AS(alias, destinations, FIELD_DESTINATIONS, .column = "destination",
             .max = DESTINATIONS_MOST, .required = true, .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_DESTINATIONS,
             .hint = TEXT_HINT_DESTINATIONS),
    FIELD_AS(alias, keep_copy, FIELD_BOOL, .max = 1, .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_KEEP_COPY,
             .hint = TEXT_HINT_KEEP_COPY),
    FIELD(alias, description, .column = "description", .max = 255, .when = ON_CREATE | ON_EDIT,
          .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_DESCRIPTION,
          .hint = TEXT_HINT_DESCRIPTION),
    FIELD_AS(alias, active, FIELD_BOOL, .column = "active", .max = 1, .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_ACTIVE,
             .hint = TEXT_HINT_ALIAS_ACTIVE),
    {0},
};

struct mailbox alias_account(const struct alias *alias)
{
    return (struct mailbox){.id = alias->account_id,
                            .domain_id = alias->domain_id,
                            .email = alias->email,
                            .level = alias->account_level,
                            .administers = alias->account_administers,
                            .administers_n = alias->account_administers_n};
}
