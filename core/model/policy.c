/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/policy.h"

#include <string.h>

#include "model/address.h"
#include "model/decimal.h"

#define OURS SERVER_ADMIN
#define OPEN (SERVER_ADMIN | OPENED_ADD | OPENED_EDIT)
#define SCORE_MAX INT64_C(999999000) /* in thousandths */
#define SIZE_MAX_KB INT64_C(4194303) /* INT UNSIGNED bytes */

#define FIELD_TRUTH FIELD_BOOL, .max = 1
#define FIELD_SCORE FIELD_DECIMAL, .min = -SCORE_MAX, .max = SCORE_MAX
#define FIELD_BYTES FIELD_SIZE, .max = SIZE_MAX_KB
#define FIELD_LINE64 FIELD_TEXT, .max = 64
#define FIELD_LINE254 FIELD_TEXT, .max = 254
#define FIELD_OF(name, ...) FIELD_AS(policy, name, __VA_ARGS__)
#define SETTING(kind, name, word, prose, who, head)                                              \
    FIELD_OF(name, FIELD_##kind, .column = #name, .nullable = true, .when = ON_CREATE | ON_EDIT, \
             .edit = (who), .group = (head), .label = TEXT_LABEL_##word,                         \
             .hint = TEXT_HINT_##prose),

const struct field policy_fields[] = {
    FIELD(policy, name, .column = "policy_name", .max = 64, .required = true,
          .when = ON_CREATE | ON_EDIT, .edit = OPEN, .label = TEXT_LABEL_POLICY_NAME,
          .hint = TEXT_HINT_POLICY_NAME),
    FIELD(policy, description, .column = "description", .max = 255, .when = ON_CREATE | ON_EDIT,
          .edit = OPEN, .label = TEXT_LABEL_DESCRIPTION, .hint = TEXT_HINT_POLICY_DESCRIPTION),
    FIELD_AS(policy, offered, FIELD_BOOL, .column = "offered", .max = 1,
             .when = ON_CREATE | ON_EDIT, .edit = OPEN, .label = TEXT_LABEL_OFFERED,
             .hint = TEXT_HINT_OFFERED),
    FIELD_AS(policy, server_default, FIELD_BOOL, .column = "server_default", .max = 1,
             .when = ON_CREATE | ON_EDIT, .edit = OURS, .label = TEXT_LABEL_SERVER_DEFAULT,
             .hint = TEXT_HINT_SERVER_DEFAULT),
    POLICY_SETTINGS(SETTING){0},
};

const struct field policy_choice_fields[] = {
    {.name = "policy",
     .type = FIELD_INT,
     .offset = SIZE_MAX,
     .min = 1,
     .max = INT64_C(4294967295),
     .nullable = true,
     .when = ON_EDIT,
     .edit = SIGNED_IN | CONSOLE,
     .label = TEXT_LABEL_POLICY,
     .hint = TEXT_HINT_POLICY},
    {0},
};

bool policy_field_is_ours(const struct field *f)
{
    return f->edit == OURS && f->nullable;
}

void policy_init(struct policy *policy)
{
    *policy = (struct policy){.name = "", .description = "", .offered = 1};
    fields_unset(policy_fields, policy);
}

static void must_rise(struct arena *a, struct input *in, int64_t low, int64_t high,
                      const char *field, enum text_key error)
{
    if (low == FIELD_UNSET || high == FIELD_UNSET || low <= high)
        return;
    input_fail(in, field, error, decimal_text(a, low));
    input_at(in, field)->offer = decimal_text(a, low);
}

/* Where Amavis sends reports: nowhere, or to an address. */
static bool is_reported_to(struct arena *a, const char *text)
{
    struct address at;
    return text == NULL || text[0] == '\0' || strcmp(text, "-") == 0 ||
           foreign_address_parse(a, text, strlen(text), &at) == TEXT_NONE;
}

/* Amavis puts it behind the local part of the address. */
static bool is_extension(const char *text)
{
    return text == NULL || text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789._-")] == '\0';
}

void policy_check(struct arena *a, struct input *in, const struct policy *policy)
{
    int64_t tag = policy->spam_tag_level, tag2 = policy->spam_tag2_level,
            kill = policy->spam_kill_level;
    must_rise(a, in, tag, tag2, "spam_tag2_level", TEXT_POLICY_TAG2_LOW);
    must_rise(a, in, tag, kill, "spam_kill_level", TEXT_POLICY_KILL_BELOW_TAG);
    must_rise(a, in, tag2, kill, "spam_kill_level", TEXT_POLICY_KILL_LOW);
    for (const struct field *f = policy_fields; f->name != NULL; f++) {
        if (f->hint != TEXT_HINT_EXTENSION && f->hint != TEXT_HINT_REPORT)
            continue;
        const char *text = *(const char *const *)(const void *)((const char *)policy + f->offset);
        if (f->hint == TEXT_HINT_EXTENSION && !is_extension(text))
            input_fail(in, f->name, TEXT_POLICY_EXTENSION, NULL);
        if (f->hint == TEXT_HINT_REPORT && !is_reported_to(a, text))
            input_fail(in, f->name, TEXT_POLICY_REPORT, NULL);
    }
}

/* Whether the subject is marked, as the first of the layers that says so has it. */
static int64_t modifies(const struct policy *layers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (layers[i].spam_modifies_subj != FIELD_UNSET)
            return layers[i].spam_modifies_subj;
    return FIELD_UNSET;
}

static bool some_say_no(const struct policy *layers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (layers[i].spam_modifies_subj == 0)
            return true;
    return false;
}

static const char **tag_at(struct policy *policy, size_t offset)
{
    return (const char **)(void *)((char *)policy + offset);
}

/* layers[0]'s tag; those below it are as they are stored yet. */
static void tag_read(struct policy *layers, size_t n, size_t offset, const char *last)
{
    const char **tag = tag_at(layers, offset);
    int64_t own = layers[0].spam_modifies_subj;
    if (modifies(layers, n) == 0 && (own == 0 || *tag != NULL)) {
        *tag = "";
    } else if (*tag == NULL && own == 1 && some_say_no(layers + 1, n - 1)) {
        for (size_t i = 1; i < n && *tag == NULL; i++)
            *tag = *tag_at(&layers[i], offset);
        if (*tag == NULL)
            *tag = last;
    }
}

void policies_as_read(struct policy *layers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tag_read(layers + i, n - i, offsetof(struct policy, spam_subject_tag), NULL);
        tag_read(layers + i, n - i, offsetof(struct policy, spam_subject_tag2), "***SPAM***");
        tag_read(layers + i, n - i, offsetof(struct policy, spam_subject_tag3), NULL);
        layers[i].spam_modifies_subj = FIELD_UNSET;
    }
}

const struct policy *policy_source(const struct policy *layers, size_t n, const struct field *f)
{
    for (size_t i = 0; i < n; i++)
        if (field_is_set(f, &layers[i]))
            return &layers[i];
    return NULL;
}

static int64_t level_in_force(const struct policy *layers, size_t n, size_t offset)
{
    for (size_t i = 0; i < n; i++) {
        int64_t level = *(const int64_t *)(const void *)((const char *)&layers[i] + offset);
        if (level != FIELD_UNSET)
            return level;
    }
    return FIELD_UNSET;
}

enum text_key policy_level_note(const struct policy *layers, size_t n, const struct field *f,
                                int64_t *low_r)
{
    static const struct {
        size_t low, high;
        enum text_key note;
    } pairs[] = {
        {offsetof(struct policy, spam_tag_level), offsetof(struct policy, spam_tag2_level),
         TEXT_POLICY_TAG2_APART},
        {offsetof(struct policy, spam_tag2_level), offsetof(struct policy, spam_kill_level),
         TEXT_POLICY_KILL_APART},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (f->offset != pairs[i].high)
            continue;
        int64_t high = level_in_force(layers, n, pairs[i].high);
        *low_r = level_in_force(layers, n, pairs[i].low);
        if (*low_r != FIELD_UNSET && high != FIELD_UNSET && high < *low_r)
            return pairs[i].note;
    }
    return TEXT_NONE;
}

/* What the graded ones say of checks keeps a default below them from taking a check away. */
#define CHECKED                                                                               \
    {"bypass_spam_checks", "0"}, {"bypass_virus_checks", "0"}, {"bypass_banned_checks", "0"}, \
        {"spam_lover", "0"}, {"virus_lover", "0"},                                            \
    {                                                                                         \
        "banned_files_lover", "0"                                                             \
    }

const struct policy_preset policy_presets[POLICY_PRESETS] = {
    {"relaxed",
     N_("Relaxed"),
     N_("Lets doubtful mail through: little is marked, only the worst is held back."),
     true,
     {{"spam_tag_level", "2"}, {"spam_tag2_level", "8"}, {"spam_kill_level", "15"}, CHECKED}},
    {"standard",
     N_("Standard"),
     N_("What most people want: spam is marked and, when it is clear, held back."),
     true,
     {{"spam_tag_level", "2"}, {"spam_tag2_level", "6.31"}, {"spam_kill_level", "10"}, CHECKED}},
    {"strict",
     N_("Strict"),
     N_("Marks and holds back early. Now and then that hits a message that was wanted."),
     true,
     {{"spam_tag_level", "-999"}, {"spam_tag2_level", "4"}, {"spam_kill_level", "6"}, CHECKED}},
    {"attachments",
     N_("Attachments allowed"),
     N_("Lets attachments of every kind through; all else is as it is without it."),
     true,
     {{"bypass_banned_checks", "1"}, {"banned_files_lover", "1"}}},
    {"off",
     N_("Off"),
     N_("Nothing is checked and nothing is held back, viruses neither."),
     false,
     {{"bypass_spam_checks", "1"},
      {"bypass_virus_checks", "1"},
      {"bypass_banned_checks", "1"},
      {"bypass_header_checks", "1"},
      {"spam_lover", "1"},
      {"virus_lover", "1"},
      {"banned_files_lover", "1"},
      {"bad_header_lover", "1"},
      {"unchecked_lover", "1"}}},
};

const struct policy_preset *policy_preset_find(const char *key)
{
    for (size_t i = 0; i < POLICY_PRESETS; i++)
        if (strcmp(policy_presets[i].key, key) == 0)
            return &policy_presets[i];
    return NULL;
}

void policy_preset_apply(struct arena *a, const struct policy_preset *preset, struct input *in)
{
    for (size_t i = 0; preset->settings[i].field != NULL; i++) {
        const char *typed = preset->settings[i].typed;
        if (!input_at(in, preset->settings[i].field)->present)
            input_read_typed(a, in, preset->settings[i].field, typed, strlen(typed));
    }
    if (!input_has(in, "offered"))
        input_read_bool(a, in, "offered", preset->offered);
}
