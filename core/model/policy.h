/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy: how Amavis treats the mail of those who chose it (table policies; the columns and
 * their meaning are Amavis', README.lookups of amavisd-new 2.13). A setting that is not set
 * (FIELD_UNSET, NULL) is taken from the layer below: the account's own policy, the domain's
 * default, the server's default, Amavis' configuration; each setting for itself. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdint.h>

#include "model/input.h"

/* S(kind, column, LABEL_..., HINT_..., who may set it, what heads a part of the form or NULL): every
 * column that Amavis reads, and spam_modifies_subj, which the view turns into tags. Kinds: TRUTH
 * ('Y' or 'N'), SCORE, BYTES, and LINE64, LINE254 of so many characters. OPEN: whoever may edit the
 * policy; OURS: server admins, since it reaches beyond the mail of who chose it. */
#define POLICY_SETTINGS(S)                                                                       \
    S(SCORE, spam_tag_level, SPAM_TAG_LEVEL, SPAM_TAG_LEVEL, OPEN, N_("Spam"))                   \
    S(SCORE, spam_tag2_level, SPAM_TAG2_LEVEL, SPAM_TAG2_LEVEL, OPEN, NULL)                      \
    S(SCORE, spam_tag3_level, SPAM_TAG3_LEVEL, SPAM_TAG3_LEVEL, OPEN, NULL)                      \
    S(SCORE, spam_kill_level, SPAM_KILL_LEVEL, SPAM_KILL_LEVEL, OPEN, NULL)                      \
    S(SCORE, spam_dsn_cutoff_level, SPAM_DSN_CUTOFF, SPAM_DSN_CUTOFF, OPEN, NULL)                \
    S(SCORE, spam_quarantine_cutoff_level, SPAM_QUARANTINE_CUTOFF, SPAM_QUARANTINE_CUTOFF, OPEN, \
      NULL)                                                                                      \
    S(TRUTH, spam_modifies_subj, SPAM_MODIFIES_SUBJ, SPAM_MODIFIES_SUBJ, OPEN, N_("Subject"))    \
    S(LINE64, spam_subject_tag2, SPAM_SUBJECT_TAG2, SUBJECT_TAG, OPEN, NULL)                     \
    S(LINE64, spam_subject_tag, SPAM_SUBJECT_TAG, SUBJECT_TAG, OPEN, NULL)                       \
    S(LINE64, spam_subject_tag3, SPAM_SUBJECT_TAG3, SUBJECT_TAG, OPEN, NULL)                     \
    S(TRUTH, bypass_spam_checks, BYPASS_SPAM, BYPASS_SPAM, OPEN, N_("What is not checked"))      \
    S(TRUTH, bypass_virus_checks, BYPASS_VIRUS, BYPASS_VIRUS, OPEN, NULL)                        \
    S(TRUTH, bypass_banned_checks, BYPASS_BANNED, BYPASS_BANNED, OPEN, NULL)                     \
    S(TRUTH, bypass_header_checks, BYPASS_HEADER, BYPASS_HEADER, OPEN, NULL)                     \
    S(TRUTH, spam_lover, SPAM_LOVER, SPAM_LOVER, OPEN, N_("What is delivered all the same"))     \
    S(TRUTH, virus_lover, VIRUS_LOVER, VIRUS_LOVER, OPEN, NULL)                                  \
    S(TRUTH, banned_files_lover, BANNED_LOVER, BANNED_LOVER, OPEN, NULL)                         \
    S(TRUTH, bad_header_lover, BAD_HEADER_LOVER, BAD_HEADER_LOVER, OPEN, NULL)                   \
    S(TRUTH, unchecked_lover, UNCHECKED_LOVER, UNCHECKED_LOVER, OPEN, NULL)                      \
    S(TRUTH, warnvirusrecip, WARN_VIRUS, WARN, OPEN, N_("Notices to the recipient"))             \
    S(TRUTH, warnbannedrecip, WARN_BANNED, WARN, OPEN, NULL)                                     \
    S(TRUTH, warnbadhrecip, WARN_BAD_HEADER, WARN, OPEN, NULL)                                   \
    S(BYTES, message_size_limit, MESSAGE_SIZE_LIMIT, MESSAGE_SIZE_LIMIT, OPEN, N_("Size"))       \
    S(LINE64, addr_extension_spam, EXTENSION_SPAM, EXTENSION, OPEN,                              \
      N_("Extensions of the address"))                                                           \
    S(LINE64, addr_extension_virus, EXTENSION_VIRUS, EXTENSION, OPEN, NULL)                      \
    S(LINE64, addr_extension_banned, EXTENSION_BANNED, EXTENSION, OPEN, NULL)                    \
    S(LINE64, addr_extension_bad_header, EXTENSION_BAD_HEADER, EXTENSION, OPEN, NULL)            \
    S(LINE254, spam_quarantine_to, QUARANTINE_SPAM, QUARANTINE, OURS, N_("Quarantine"))          \
    S(LINE254, virus_quarantine_to, QUARANTINE_VIRUS, QUARANTINE, OURS, NULL)                    \
    S(LINE254, banned_quarantine_to, QUARANTINE_BANNED, QUARANTINE, OURS, NULL)                  \
    S(LINE254, bad_header_quarantine_to, QUARANTINE_BAD_HEADER, QUARANTINE, OURS, NULL)          \
    S(LINE254, unchecked_quarantine_to, QUARANTINE_UNCHECKED, QUARANTINE, OURS, NULL)            \
    S(LINE254, clean_quarantine_to, QUARANTINE_CLEAN, QUARANTINE, OURS, NULL)                    \
    S(LINE254, archive_quarantine_to, QUARANTINE_ARCHIVE, QUARANTINE, OURS, NULL)                \
    S(LINE254, spam_admin, REPORT_SPAM, REPORT, OURS, N_("Reports to administrators"))           \
    S(LINE254, virus_admin, REPORT_VIRUS, REPORT, OURS, NULL)                                    \
    S(LINE254, newvirus_admin, REPORT_NEW_VIRUS, REPORT, OURS, NULL)                             \
    S(LINE254, banned_admin, REPORT_BANNED, REPORT, OURS, NULL)                                  \
    S(LINE254, bad_header_admin, REPORT_BAD_HEADER, REPORT, OURS, NULL)                          \
    S(LINE64, banned_rulenames, BANNED_RULENAMES, BANNED_RULENAMES, OURS,                        \
      N_("Names in the server's configuration"))                                                 \
    S(LINE64, disclaimer_options, DISCLAIMER, DISCLAIMER, OURS, NULL)                            \
    S(LINE64, forward_method, FORWARD_METHOD, FORWARD_METHOD, OURS, NULL)                        \
    S(LINE64, sa_userconf, SA_USERCONF, SA_USERCONF, OURS, NULL)                                 \
    S(LINE64, sa_username, SA_USERNAME, SA_USERNAME, OURS, NULL)

/* So many who chose a policy are counted, and then whether there are more. */
enum { POLICY_COUNTED = 1000 };

/* Whose choice a policy is; as the column priority of view_users_policies. */
enum policy_layer { LAYER_SERVER = 1, LAYER_DOMAIN = 5, LAYER_OWN = 9 };

#define POLICY_TYPE_TRUTH int64_t
#define POLICY_TYPE_SCORE int64_t
#define POLICY_TYPE_BYTES int64_t
#define POLICY_TYPE_LINE64 const char *
#define POLICY_TYPE_LINE254 const char *
#define POLICY_MEMBER(kind, name, ...) POLICY_TYPE_##kind name;

struct policy {
    int64_t id, version, created;
    const char *name; /* column policy_name; unique */
    const char *description;
    int64_t offered;        /* may be chosen by those who may not see all policies */
    int64_t server_default; /* 1: of all who chose none and whose domain has none */
    int64_t mailboxes,
        domains;   /* who chose it, where it was asked for; above POLICY_COUNTED: more */
    int64_t layer; /* enum policy_layer; where it was asked for */
    POLICY_SETTINGS(POLICY_MEMBER)
};
#undef POLICY_MEMBER

/* name, description, offered, server_default, and every setting. */
extern const struct field policy_fields[];
/* policy: the id of the one that is chosen; not set: none. */
extern const struct field policy_choice_fields[];

/* A setting that no one below server admin writes, and none of the others' business. */
bool policy_field_is_ours(const struct field *f);
/* Not set, all of it: a new one. */
void policy_init(struct policy *policy);
/* The rules between settings, told at the field: tag <= tag2 <= kill, extensions,
 * addresses of reports. */
void policy_check(struct arena *a, struct input *in, const struct policy *policy);
/* Turns the layers (highest first) into what Amavis is told of them (view_users_policies): no to
 * spam_modifies_subj comes to it as empty tags, and a yes that names no tag takes one past the no of a
 * layer below. */
void policies_as_read(struct policy *layers, size_t n);
/* The first of the layers (highest first) in which the setting is set; NULL: none. */
const struct policy *policy_source(const struct policy *layers, size_t n, const struct field *f);
/* Each policy rises by itself, but the first layer's kill level may be set beside the next one's tag2
 * level: what is to be known of `f` in force, TEXT_NONE; *low_r: the score that it lies below. */
enum text_key policy_level_note(const struct policy *layers, size_t n, const struct field *f,
                                int64_t *low_r);

/* Ready-made settings to start from. */
struct policy_preset {
    const char *key, *label, *text; /* N_() */
    bool offered;
    struct {
        const char *field, *typed;
    } settings[16]; /* ends with NULL */
};
enum { POLICY_PRESETS = 5 };
extern const struct policy_preset policy_presets[POLICY_PRESETS];
const struct policy_preset *policy_preset_find(const char *key); /* NULL: there is none */
/* Sets what was not sent. */
void policy_preset_apply(struct arena *a, const struct policy_preset *preset, struct input *in);

#endif
