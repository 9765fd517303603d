/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside store/: the columns of a mailbox, shared by the statements that read one. In the SQL
 * `u` is virtual_users and `q` quota2 (LEFT JOIN). Each column is named as the struct's member. */
#ifndef STORE_MAILBOX_ROW_H
#define STORE_MAILBOX_ROW_H

#define MAILBOX_COLUMNS                                                                      \
    "u.id AS id, u.domain_id AS domain_id, u.version AS version,"                            \
    " UNIX_TIMESTAMP(u.created) AS created, u.email AS email, u.user AS local_part,"         \
    " SUBSTRING_INDEX(u.email, '@', -1) AS domain, u.name AS name, u.admin AS level,"        \
    " u.active AS active, u.quota_kb AS quota_kb, u.quota_messages AS quota_messages,"       \
    " q.bytes AS used_bytes, q.messages AS used_messages,"                                   \
    " (SELECT MAX(l.last_login) FROM last_login l WHERE l.username = u.email) AS last_seen," \
    " u.maildir AS maildir, u.language AS language,"                                         \
    " EXISTS (SELECT 1 FROM domain_admins e WHERE e.user_id = u.id) AS administers_any"
#define MAILBOX_ADMINISTERS                                                                \
    ", (SELECT GROUP_CONCAT(a.domain_id) FROM domain_admins a WHERE a.user_id = u.id) AS " \
    "administers"
#define MAILBOX_QUOTA " LEFT JOIN quota2 q ON q.username = u.email"

#define MAILBOX_MEMBERS(C)                                                                    \
    C(id), C(domain_id), C(version), C(created), C(email), C(local_part), C(domain), C(name), \
        C(level), C(active), C(quota_kb), C(quota_messages), C(used_bytes), C(used_messages), \
        C(last_seen), C(maildir), C(language), C(administers_any)

#endif
