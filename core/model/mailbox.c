/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/mailbox.h"

#include <string.h>

#define MESSAGES_MAX INT64_C(4294967295) /* INT UNSIGNED */

const struct field mailbox_fields[] = {
    FIELD_AS(mailbox, local_part, FIELD_LOCAL_PART, .column = "user", .max = 64, .required = true,
             .when = ON_CREATE, .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_LOCAL_PART,
             .hint = TEXT_HINT_LOCAL_PART),
    FIELD(mailbox, name, .column = "name", .max = 200, .when = ON_CREATE | ON_EDIT,
          .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_NAME, .hint = TEXT_HINT_NAME),
    {.name = "password",
     .type = FIELD_PASSWORD,
     .offset = SIZE_MAX,
     .min = 8,
     .max = 1024,
     .when = ON_CREATE,
     .edit = SERVER_ADMIN | DOMAIN_ADMIN,
     .label = TEXT_LABEL_PASSWORD,
     .hint = TEXT_HINT_PASSWORD_OR_LINK,
     .autocomplete = "new-password"},
    FIELD_NAMED(mailbox, quota_kb, "quota", FIELD_SIZE, .column = "quota_kb",
                .max = MAILBOX_QUOTA_MAX_KB, .when = ON_CREATE | ON_EDIT,
                .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_QUOTA,
                .hint = TEXT_HINT_QUOTA),
    FIELD(mailbox, quota_messages, .column = "quota_messages", .max = MESSAGES_MAX,
          .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN | DOMAIN_ADMIN,
          .label = TEXT_LABEL_QUOTA_MESSAGES, .hint = TEXT_HINT_QUOTA_MESSAGES),
    FIELD_AS(mailbox, active, FIELD_BOOL, .column = "active", .max = 1, .when = ON_CREATE | ON_EDIT,
             .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_ACTIVE,
             .hint = TEXT_HINT_ACTIVE),
    {0},
};

const struct field password_set_fields[] = {
    {.name = "password",
     .type = FIELD_PASSWORD,
     .offset = SIZE_MAX,
     .min = 8,
     .max = 1024,
     .when = ON_EDIT,
     .edit = SERVER_ADMIN | DOMAIN_ADMIN,
     .label = TEXT_LABEL_PASSWORD_NEW,
     .hint = TEXT_HINT_PASSWORD,
     .autocomplete = "new-password"},
    FIELD_CURRENT(SIGNED_IN, false),
    {0},
};

const struct field invite_fields[] = {
    {.name = "password",
     .type = FIELD_PASSWORD,
     .offset = SIZE_MAX,
     .min = 8,
     .max = 1024,
     .required = true,
     .when = ON_EDIT,
     .edit = INVITED,
     .label = TEXT_LABEL_PASSWORD_NEW,
     .hint = TEXT_HINT_PASSWORD,
     .autocomplete = "new-password"},
    {0},
};

const struct field password_change_fields[] = {
    FIELD_CURRENT(SIGNED_IN, true),
    {.name = "password",
     .type = FIELD_PASSWORD,
     .offset = SIZE_MAX,
     .min = 8,
     .max = 1024,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = SIGNED_IN,
     .label = TEXT_LABEL_PASSWORD_NEW,
     .hint = TEXT_HINT_PASSWORD,
     .autocomplete = "new-password"},
    {0},
};

static const struct field_option languages[] = {
    {"", N_("As the browser asks")},
#define LOCALE_OFFERED_true(tag, name) {tag, name},
#define LOCALE_OFFERED_false(tag, name)
#define LOCALE(id, tag, dir, name, offered) LOCALE_OFFERED_##offered(tag, name)
#include "base/locale.def"
#undef LOCALE
};

const struct field language_fields[] = {
    FIELD_AS(mailbox, language, FIELD_CHOICE, .column = "language", .max = 8, .when = ON_EDIT,
             .edit = SIGNED_IN, .label = TEXT_LABEL_LANGUAGE, .hint = TEXT_HINT_LANGUAGE,
             .options = languages, .options_n = sizeof languages / sizeof *languages),
    {0},
};

const struct field domain_admin_fields[] = {
    {.name = "address",
     .type = FIELD_ADDRESS,
     .offset = SIZE_MAX,
     .max = 254,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = SERVER_ADMIN,
     .label = TEXT_LABEL_ADMIN_ADDRESS,
     .hint = TEXT_HINT_ADMIN_ADDRESS},
    FIELD_CURRENT(SIGNED_IN, false),
    {0},
};

const struct field login_fields[] = {
    {.name = "email",
     .type = FIELD_ADDRESS,
     .offset = SIZE_MAX,
     .max = 254,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = ANYBODY,
     .label = TEXT_LABEL_EMAIL,
     .autocomplete = "username"},
    {.name = "password",
     .type = FIELD_PASSWORD,
     .offset = SIZE_MAX,
     .min = 1,
     .max = 1024,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = ANYBODY,
     .label = TEXT_LABEL_PASSWORD,
     .autocomplete = "current-password"},
    {0},
};

const struct field typed_name_fields[] = {
    {.name = "name",
     .type = FIELD_TEXT,
     .offset = SIZE_MAX,
     .max = 253,
     .required = true,
     .when = ON_CREATE | ON_EDIT,
     .edit = SERVER_ADMIN,
     .label = TEXT_LABEL_TYPED_NAME,
     .hint = TEXT_HINT_TYPED_NAME},
    FIELD_CURRENT(SIGNED_IN, false),
    {0},
};

const struct field confirm_fields[] = {
    FIELD_CURRENT(SIGNED_IN | CONSOLE, false),
    {0},
};

const struct field theme_preview_fields[] = {
    {.name = "on",
     .type = FIELD_BOOL,
     .offset = SIZE_MAX,
     .max = 1,
     .when = ON_EDIT,
     .edit = SERVER_ADMIN,
     .label = TEXT_LABEL_PREVIEW_ON},
    {0},
};

static const char *const uses[] = {
    [USE_ANY] = "", [USE_NEARLY_FULL] = "nearly-full", [USE_NEVER_SIGNED_IN] = "never-signed-in"};

bool mailbox_use_of(const char *word, enum mailbox_use *use_r)
{
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (strcmp(word, uses[i]) == 0) {
            *use_r = (enum mailbox_use)i;
            return true;
        }
    return false;
}

const char *mailbox_use_word(enum mailbox_use use)
{
    return uses[use];
}
