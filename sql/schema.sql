-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The database of Mailboy, version 1. Statements end with a line that is only the separator
-- below; a program splits on that line, the command line client takes it as its delimiter:
--     sed 's/@OWNER@/`mailboy_owner`@`localhost`/' schema.sql | mariadb --delimiter='--;;' DATABASE
-- Nothing names a database: the connection has chosen it. OWNER is the account behind triggers and
-- views; grants.sql makes it. sql/README.md gives the reason of each rule.
--
-- Errors that triggers raise (SQLSTATE 45000) carry numbers of their own:
--   32001 no such domain           32004 the domain is relayed, so it cannot be hosted
--   32002 super admin protected    32005 the domain is hosted, so it cannot be relayed
--   32003 last super admin         32006 ids do not change
--   32007 address too long
SET NAMES utf8mb4 COLLATE utf8mb4_bin
--;;
SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'
--;;
CREATE TABLE schema_version (
    one TINYINT NOT NULL DEFAULT 1 PRIMARY KEY,
    version INT UNSIGNED NOT NULL,
    changed DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    CONSTRAINT ck_schema_version_one CHECK (one = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Policies: the columns Amavis reads, under Amavis' names, and the old spam_modifies_subj.
CREATE TABLE policies (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    policy_name VARCHAR(64) NOT NULL,
    sort_name VARCHAR(64) GENERATED ALWAYS AS (LOWER(policy_name)) STORED,
    description VARCHAR(255) NOT NULL DEFAULT '',
    server_default TINYINT NULL DEFAULT NULL,
    offered TINYINT NOT NULL DEFAULT 1,
    virus_lover CHAR(1) NULL DEFAULT NULL,
    spam_lover CHAR(1) NULL DEFAULT NULL,
    unchecked_lover CHAR(1) NULL DEFAULT NULL,
    banned_files_lover CHAR(1) NULL DEFAULT NULL,
    bad_header_lover CHAR(1) NULL DEFAULT NULL,
    bypass_virus_checks CHAR(1) NULL DEFAULT NULL,
    bypass_spam_checks CHAR(1) NULL DEFAULT NULL,
    bypass_banned_checks CHAR(1) NULL DEFAULT NULL,
    bypass_header_checks CHAR(1) NULL DEFAULT NULL,
    spam_modifies_subj CHAR(1) NULL DEFAULT NULL,
    virus_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    spam_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    banned_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    unchecked_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    bad_header_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    clean_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    archive_quarantine_to VARCHAR(254) NULL DEFAULT NULL,
    spam_tag_level DOUBLE NULL DEFAULT NULL,
    spam_tag2_level DOUBLE NULL DEFAULT NULL,
    spam_tag3_level DOUBLE NULL DEFAULT NULL,
    spam_kill_level DOUBLE NULL DEFAULT NULL,
    spam_dsn_cutoff_level DOUBLE NULL DEFAULT NULL,
    spam_quarantine_cutoff_level DOUBLE NULL DEFAULT NULL,
    addr_extension_virus VARCHAR(64) NULL DEFAULT NULL,
    addr_extension_spam VARCHAR(64) NULL DEFAULT NULL,
    addr_extension_banned VARCHAR(64) NULL DEFAULT NULL,
    addr_extension_bad_header VARCHAR(64) NULL DEFAULT NULL,
    warnvirusrecip CHAR(1) NULL DEFAULT NULL,
    warnbannedrecip CHAR(1) NULL DEFAULT NULL,
    warnbadhrecip CHAR(1) NULL DEFAULT NULL,
    newvirus_admin VARCHAR(254) NULL DEFAULT NULL,
    virus_admin VARCHAR(254) NULL DEFAULT NULL,
    banned_admin VARCHAR(254) NULL DEFAULT NULL,
    bad_header_admin VARCHAR(254) NULL DEFAULT NULL,
    spam_admin VARCHAR(254) NULL DEFAULT NULL,
    spam_subject_tag VARCHAR(64) NULL DEFAULT NULL,
    spam_subject_tag2 VARCHAR(64) NULL DEFAULT NULL,
    spam_subject_tag3 VARCHAR(64) NULL DEFAULT NULL,
    message_size_limit INT UNSIGNED NULL DEFAULT NULL,
    banned_rulenames VARCHAR(64) NULL DEFAULT NULL,
    disclaimer_options VARCHAR(64) NULL DEFAULT NULL,
    forward_method VARCHAR(64) NULL DEFAULT NULL,
    sa_userconf VARCHAR(64) NULL DEFAULT NULL,
    sa_username VARCHAR(64) NULL DEFAULT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_policies_name (policy_name),
    KEY k_policies_sort (sort_name, policy_name),
    UNIQUE KEY uq_policies_server_default (server_default),
    CONSTRAINT ck_policies_name CHECK (policy_name <> '' AND policy_name NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_policies_server_default CHECK (server_default = 1),
    CONSTRAINT ck_policies_offered CHECK (offered IN (0, 1)),
    CONSTRAINT ck_policies_lovers CHECK (
        COALESCE(virus_lover, 'N') IN ('Y', 'N') AND COALESCE(spam_lover, 'N') IN ('Y', 'N')
        AND COALESCE(unchecked_lover, 'N') IN ('Y', 'N')
        AND COALESCE(banned_files_lover, 'N') IN ('Y', 'N')
        AND COALESCE(bad_header_lover, 'N') IN ('Y', 'N')),
    CONSTRAINT ck_policies_bypasses CHECK (
        COALESCE(bypass_virus_checks, 'N') IN ('Y', 'N')
        AND COALESCE(bypass_spam_checks, 'N') IN ('Y', 'N')
        AND COALESCE(bypass_banned_checks, 'N') IN ('Y', 'N')
        AND COALESCE(bypass_header_checks, 'N') IN ('Y', 'N')),
    CONSTRAINT ck_policies_flags CHECK (
        COALESCE(spam_modifies_subj, 'N') IN ('Y', 'N')
        AND COALESCE(warnvirusrecip, 'N') IN ('Y', 'N')
        AND COALESCE(warnbannedrecip, 'N') IN ('Y', 'N')
        AND COALESCE(warnbadhrecip, 'N') IN ('Y', 'N')),
    CONSTRAINT ck_policies_levels CHECK (
        COALESCE(spam_tag_level <= spam_tag2_level, TRUE)
        AND COALESCE(spam_tag2_level <= spam_kill_level, TRUE)
        AND COALESCE(spam_tag_level <= spam_kill_level, TRUE)),
    CONSTRAINT ck_policies_tags CHECK (
        COALESCE(spam_subject_tag, '') NOT REGEXP '[[:cntrl:]]'
        AND COALESCE(spam_subject_tag2, '') NOT REGEXP '[[:cntrl:]]'
        AND COALESCE(spam_subject_tag3, '') NOT REGEXP '[[:cntrl:]]')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Every domain name this server answers for, hosted or relayed: the primary key is what makes
-- "either hosted or relayed" hold when two people write at the same moment. Kept by triggers.
CREATE TABLE domain_names (
    name VARCHAR(253) NOT NULL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL,
    CONSTRAINT ck_domain_names_kind CHECK (kind IN ('hosted', 'relayed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE virtual_domains (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(253) NOT NULL,
    at_name VARCHAR(254) GENERATED ALWAYS AS (CONCAT('@', name)) STORED,
    description VARCHAR(255) NOT NULL DEFAULT '',
    policy_id INT UNSIGNED NULL DEFAULT NULL,
    limit_mailboxes INT UNSIGNED NOT NULL DEFAULT 0,
    limit_aliases INT UNSIGNED NOT NULL DEFAULT 0,
    limit_quota_kb BIGINT UNSIGNED NOT NULL DEFAULT 0,
    quota_default_kb BIGINT UNSIGNED NOT NULL DEFAULT 0,
    quota_most_kb BIGINT UNSIGNED NOT NULL DEFAULT 0,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_domains_name (name),
    UNIQUE KEY uq_domains_at_name (at_name),
    KEY k_domains_policy (policy_id),
    CONSTRAINT fk_domains_policy FOREIGN KEY (policy_id) REFERENCES policies (id),
    CONSTRAINT ck_domains_lower CHECK (name = LOWER(name)),
    CONSTRAINT ck_domains_characters CHECK (name NOT REGEXP '[^-a-z0-9.]'),
    CONSTRAINT ck_domains_labels CHECK (
        name LIKE '%_._%' AND name NOT REGEXP '(^|[.])([.]|-)|-[.]|[-.]$|[^.]{64}'),
    CONSTRAINT ck_domains_top CHECK (name NOT REGEXP '[.][0-9]+$'),
    CONSTRAINT ck_domains_description CHECK (description NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_domains_quota_default CHECK (
        quota_most_kb = 0 OR quota_default_kb <= quota_most_kb)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE virtual_users (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain_id INT UNSIGNED NOT NULL,
    user VARCHAR(64) NOT NULL,
    password VARCHAR(255) NOT NULL DEFAULT '',
    admin TINYINT NOT NULL DEFAULT 0,
    active TINYINT NOT NULL DEFAULT 1,
    name VARCHAR(255) NOT NULL DEFAULT '',
    quota_kb BIGINT UNSIGNED NOT NULL DEFAULT 0,
    quota_messages INT UNSIGNED NOT NULL DEFAULT 0,
    policy_id INT UNSIGNED NULL DEFAULT NULL,
    email VARCHAR(254) NOT NULL DEFAULT '',
    maildir VARCHAR(400) NOT NULL DEFAULT '',
    language VARCHAR(8) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    password_changed DATETIME NULL DEFAULT NULL,
    UNIQUE KEY uq_users_email (email),
    UNIQUE KEY uq_users_domain_user (domain_id, user),
    KEY k_users_policy (policy_id),
    KEY k_users_admin (admin),
    KEY k_users_active (active, email),
    KEY k_users_domain_active (domain_id, active, user),
    CONSTRAINT fk_users_domain FOREIGN KEY (domain_id) REFERENCES virtual_domains (id),
    CONSTRAINT fk_users_policy FOREIGN KEY (policy_id) REFERENCES policies (id),
    CONSTRAINT ck_users_user_lower CHECK (user = LOWER(user)),
    CONSTRAINT ck_users_user_characters CHECK (
        user <> '' AND user NOT REGEXP '[^-a-z0-9#$&''=?^_`{|}~.]'),
    CONSTRAINT ck_users_user_dots CHECK (
        user NOT LIKE '.%' AND user NOT LIKE '%.' AND user NOT LIKE '%..%'),
    CONSTRAINT ck_users_email CHECK (email = LOWER(email) AND email LIKE '_%@_%'),
    CONSTRAINT ck_users_password CHECK (password NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_users_admin CHECK (admin IN (0, 1, 2)),
    CONSTRAINT ck_users_active CHECK (active IN (0, 1)),
    CONSTRAINT ck_users_super_active CHECK (admin < 2 OR active = 1),
    CONSTRAINT ck_users_name CHECK (name NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_users_language CHECK (language NOT REGEXP '[^-A-Za-z0-9]'),
    CONSTRAINT ck_users_maildir CHECK (
        maildir NOT LIKE '/%' AND maildir NOT REGEXP '[[:cntrl:]%]'
        AND maildir NOT REGEXP '(^|/)[.][.]?(/|$)')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- A row for each destination. What has one source is one alias to people: its rows are on or off
-- together and have one description and one count.
CREATE TABLE virtual_aliases (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain_id INT UNSIGNED NOT NULL,
    source VARCHAR(64) NOT NULL DEFAULT '',
    destination VARCHAR(254) NOT NULL,
    active TINYINT NOT NULL DEFAULT 1,
    description VARCHAR(255) NOT NULL DEFAULT '',
    email VARCHAR(254) NOT NULL DEFAULT '',
    destination_domain VARCHAR(254)
        GENERATED ALWAYS AS (LOWER(SUBSTRING_INDEX(destination, '@', -1))) STORED,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_aliases_pair (domain_id, source, destination),
    KEY k_aliases_email (email),
    KEY k_aliases_destination (destination, email),
    KEY k_aliases_destination_domain (destination_domain, email),
    KEY k_aliases_into (destination_domain, domain_id, source),
    CONSTRAINT fk_aliases_domain FOREIGN KEY (domain_id) REFERENCES virtual_domains (id),
    CONSTRAINT ck_aliases_source_lower CHECK (source = LOWER(source)),
    CONSTRAINT ck_aliases_source_characters CHECK (
        source NOT REGEXP '[^-a-z0-9#$&''=?^_`{|}~.]'),
    CONSTRAINT ck_aliases_source_dots CHECK (
        source NOT LIKE '.%' AND source NOT LIKE '%.' AND source NOT LIKE '%..%'),
    CONSTRAINT ck_aliases_email CHECK (email = LOWER(email) AND email LIKE '%@_%'),
    CONSTRAINT ck_aliases_destination CHECK (
        destination LIKE '_%@_%' AND destination NOT REGEXP '[[:cntrl:][:space:],]'
        AND LENGTH(destination) <= 254),
    CONSTRAINT ck_aliases_active CHECK (active IN (0, 1)),
    CONSTRAINT ck_aliases_description CHECK (description NOT REGEXP '[[:cntrl:]]')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE relay_domains (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain VARCHAR(253) NOT NULL,
    at_domain VARCHAR(254) GENERATED ALWAYS AS (CONCAT('@', domain)) STORED,
    recipients VARCHAR(4) NOT NULL DEFAULT 'any',
    transport VARCHAR(255) NOT NULL DEFAULT '',
    description VARCHAR(255) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_relay_domains_domain (domain),
    UNIQUE KEY uq_relay_domains_at_domain (at_domain),
    CONSTRAINT ck_relay_domains_lower CHECK (domain = LOWER(domain)),
    CONSTRAINT ck_relay_domains_characters CHECK (domain NOT REGEXP '[^-a-z0-9.]'),
    CONSTRAINT ck_relay_domains_labels CHECK (
        domain LIKE '%_._%' AND domain NOT REGEXP '(^|[.])([.]|-)|-[.]|[-.]$|[^.]{64}'),
    CONSTRAINT ck_relay_domains_top CHECK (domain NOT REGEXP '[.][0-9]+$'),
    CONSTRAINT ck_relay_domains_recipients CHECK (recipients IN ('any', 'list')),
    CONSTRAINT ck_relay_domains_transport CHECK (
        transport = '' OR (transport REGEXP '^(smtp|relay):'
                           AND transport NOT REGEXP '[[:cntrl:][:space:]]')),
    CONSTRAINT ck_relay_domains_description CHECK (description NOT REGEXP '[[:cntrl:]]')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- The local part is the other server's: all of RFC 5321's characters are allowed here.
CREATE TABLE relay_recipients (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    relay_domain_id INT UNSIGNED NOT NULL,
    user VARCHAR(64) NOT NULL,
    email VARCHAR(254) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_relay_recipients_email (email),
    UNIQUE KEY uq_relay_recipients_domain_user (relay_domain_id, user),
    CONSTRAINT fk_relay_recipients_domain FOREIGN KEY (relay_domain_id)
        REFERENCES relay_domains (id),
    CONSTRAINT ck_relay_recipients_lower CHECK (user = LOWER(user)),
    CONSTRAINT ck_relay_recipients_user CHECK (
        user <> '' AND user NOT REGEXP '[[:cntrl:][:space:]@,]'),
    CONSTRAINT ck_relay_recipients_email CHECK (email = LOWER(email) AND email LIKE '_%@_%')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE relay_counts (
    relay_domain_id INT UNSIGNED NOT NULL PRIMARY KEY,
    recipients INT NOT NULL DEFAULT 0,
    CONSTRAINT fk_relay_counts_domain FOREIGN KEY (relay_domain_id) REFERENCES relay_domains (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Senders: a domain, .domain, user@domain, user@ or <>.
CREATE TABLE domain_access (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain VARCHAR(254) NOT NULL,
    from_end VARCHAR(254) GENERATED ALWAYS AS (IF(INSTR(domain, '@') = 0, REVERSE(domain), CONCAT(
        REVERSE(SUBSTRING_INDEX(domain, '@', -1)), '@',
        LEFT(domain, CHAR_LENGTH(domain) - INSTR(REVERSE(domain), '@'))))) STORED,
    state VARCHAR(255) NOT NULL,
    comment VARCHAR(255) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_domain_access_domain (domain),
    KEY k_domain_access_from_end (from_end),
    CONSTRAINT ck_domain_access_lower CHECK (domain = LOWER(domain)),
    CONSTRAINT ck_domain_access_domain CHECK (
        domain <> '' AND domain NOT REGEXP '[[:cntrl:][:space:]%*,]'),
    CONSTRAINT ck_domain_access_state CHECK (
        state REGEXP '^(OK|DUNNO|REJECT|DISCARD|HOLD|DEFER|DEFER_IF_PERMIT|[45][0-9][0-9])( |$)'
        AND state NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_domain_access_comment CHECK (comment NOT REGEXP '[[:cntrl:]]')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Clients: an address, an octet-wise network, a host name; or any network by its two ends, which
-- are 16 bytes each, IPv4 as ::ffff:a.b.c.d. A single address has no ends, so that lookups by range
-- do not walk over all of them; `address` is it in the same form, to find those inside a network.
CREATE TABLE ip_access (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ip VARCHAR(253) NOT NULL,
    ip_first VARBINARY(16) NULL DEFAULT NULL,
    ip_last VARBINARY(16) NULL DEFAULT NULL,
    address VARBINARY(16) GENERATED ALWAYS AS (
        CASE WHEN ip REGEXP '^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$'
             THEN INET6_ATON(CONCAT('::ffff:', ip))
             WHEN ip LIKE '%:%' AND ip NOT LIKE '%/%' THEN INET6_ATON(ip) END) STORED,
    state VARCHAR(255) NOT NULL,
    comment VARCHAR(255) NOT NULL DEFAULT '',
    version INT UNSIGNED NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    UNIQUE KEY uq_ip_access_ip (ip),
    KEY k_ip_access_range (ip_first, ip_last),
    KEY k_ip_access_address (address),
    CONSTRAINT ck_ip_access_lower CHECK (ip = LOWER(ip)),
    CONSTRAINT ck_ip_access_ip CHECK (ip <> '' AND ip NOT REGEXP '[[:cntrl:][:space:]%*,@]'),
    CONSTRAINT ck_ip_access_range CHECK (
        (ip_first IS NULL AND ip_last IS NULL)
        OR (ip_first IS NOT NULL AND ip_last IS NOT NULL
            AND LENGTH(ip_first) = 16 AND LENGTH(ip_last) = 16 AND ip_first <= ip_last)),
    CONSTRAINT ck_ip_access_state CHECK (
        state REGEXP '^(OK|DUNNO|REJECT|DISCARD|HOLD|DEFER|DEFER_IF_PERMIT|[45][0-9][0-9])( |$)'
        AND state NOT REGEXP '[[:cntrl:]]'),
    CONSTRAINT ck_ip_access_comment CHECK (comment NOT REGEXP '[[:cntrl:]]')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE domain_admins (
    user_id INT UNSIGNED NOT NULL,
    domain_id INT UNSIGNED NOT NULL,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    PRIMARY KEY (user_id, domain_id),
    KEY k_domain_admins_domain (domain_id, user_id),
    CONSTRAINT fk_domain_admins_user FOREIGN KEY (user_id) REFERENCES virtual_users (id)
        ON DELETE CASCADE,
    CONSTRAINT fk_domain_admins_domain FOREIGN KEY (domain_id) REFERENCES virtual_domains (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Counts are signed, and wide: a wrong count may be shown, but must never refuse somebody's DELETE.
CREATE TABLE domain_counts (
    domain_id INT UNSIGNED NOT NULL PRIMARY KEY,
    mailboxes INT NOT NULL DEFAULT 0,
    aliases INT NOT NULL DEFAULT 0,
    quota_kb DECIMAL(30, 0) NOT NULL DEFAULT 0,
    CONSTRAINT fk_domain_counts_domain FOREIGN KEY (domain_id) REFERENCES virtual_domains (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE site_counts (
    kind VARCHAR(16) NOT NULL,
    shard TINYINT UNSIGNED NOT NULL,
    n BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, shard),
    CONSTRAINT ck_site_counts_kind CHECK (
        kind IN ('domains', 'mailboxes', 'aliases', 'relays', 'clients', 'senders')),
    CONSTRAINT ck_site_counts_shard CHECK (shard < 64)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
INSERT INTO site_counts (kind, shard)
SELECT k.kind, a.n + 4 * b.n + 16 * c.n
  FROM (SELECT 'domains' AS kind UNION ALL SELECT 'mailboxes' UNION ALL SELECT 'aliases'
        UNION ALL SELECT 'relays' UNION ALL SELECT 'clients' UNION ALL SELECT 'senders') k
  JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) a
  JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) b
  JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) c
--;;
-- Written by Dovecot: no CHECK here, a refused row would be an error in somebody's delivery.
CREATE TABLE quota2 (
    username VARCHAR(254) NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL DEFAULT 0,
    messages BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE last_login (
    username VARCHAR(254) NOT NULL,
    service VARCHAR(16) NOT NULL,
    last_login BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (username, service)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- Every path that ever was an account's; uses counts the accounts that wanted it.
CREATE TABLE maildir_used (
    path VARCHAR(400) NOT NULL PRIMARY KEY,
    uses INT UNSIGNED NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE mail_folder (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    op VARCHAR(8) NOT NULL DEFAULT 'delete',
    path VARCHAR(400) NOT NULL,
    email VARCHAR(254) NOT NULL,
    user_id INT UNSIGNED NOT NULL,
    requested DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    done DATETIME NULL DEFAULT NULL,
    error VARCHAR(255) NULL DEFAULT NULL,
    KEY k_mail_folder_open (done, id),
    CONSTRAINT ck_mail_folder_op CHECK (op IN ('delete'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE session (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    level TINYINT UNSIGNED NOT NULL DEFAULT 0,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    last_seen DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    reauth_at DATETIME NULL DEFAULT NULL,
    expires DATETIME NOT NULL,
    remote VARCHAR(64) NOT NULL DEFAULT '',
    agent VARCHAR(255) NOT NULL DEFAULT '',
    csrf BINARY(32) NOT NULL,
    flash VARCHAR(2000) NULL DEFAULT NULL,
    preview VARCHAR(40) NULL DEFAULT NULL,
    KEY k_session_user (user_id),
    KEY k_session_expires (expires),
    CONSTRAINT fk_session_user FOREIGN KEY (user_id) REFERENCES virtual_users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- One-time links with which the owner of an account sets its password: one an account, the newest. Setting the
-- password, disabling the account and giving it rights end it (triggers below); so does the maker's going.
CREATE TABLE invite (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    user_id INT UNSIGNED NOT NULL,
    maker_id INT UNSIGNED NULL DEFAULT NULL,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    expires DATETIME NOT NULL,
    UNIQUE KEY uq_invite_user (user_id),
    KEY k_invite_maker (maker_id),
    KEY k_invite_expires (expires),
    CONSTRAINT fk_invite_user FOREIGN KEY (user_id) REFERENCES virtual_users (id)
        ON DELETE CASCADE,
    CONSTRAINT fk_invite_maker FOREIGN KEY (maker_id) REFERENCES virtual_users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE throttle (
    key_hash BINARY(32) NOT NULL PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    failures INT UNSIGNED NOT NULL DEFAULT 0,
    first_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    last_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    next_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    expires DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    KEY k_throttle_expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE operation (
    actor_id BIGINT NOT NULL,
    op_id VARCHAR(64) NOT NULL,
    fields_hash BINARY(32) NOT NULL,
    result TEXT NULL,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    PRIMARY KEY (actor_id, op_id, fields_hash),
    KEY k_operation_created (created)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- No foreign keys: the record outlives what it speaks of. The pages may only add to it.
CREATE TABLE audit (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    request_id VARCHAR(64) NOT NULL DEFAULT '',
    actor_id BIGINT NULL DEFAULT NULL,
    actor VARCHAR(254) NOT NULL DEFAULT '',
    via VARCHAR(8) NOT NULL,
    unix_user VARCHAR(64) NOT NULL DEFAULT '',
    remote VARCHAR(64) NOT NULL DEFAULT '',
    action VARCHAR(64) NOT NULL,
    object_kind VARCHAR(32) NOT NULL DEFAULT '',
    object_id BIGINT NULL DEFAULT NULL,
    object VARCHAR(512) NOT NULL DEFAULT '',
    object_version INT UNSIGNED NULL DEFAULT NULL,
    domain_id BIGINT NULL DEFAULT NULL,
    outcome VARCHAR(8) NOT NULL,
    reason VARCHAR(255) NOT NULL DEFAULT '',
    before_json MEDIUMTEXT NULL,
    after_json MEDIUMTEXT NULL,
    KEY k_audit_domain (domain_id, id),
    KEY k_audit_actor (actor_id, id),
    KEY k_audit_name (actor, id),
    KEY k_audit_object (object_kind, object_id, id),
    KEY k_audit_at (at),
    CONSTRAINT ck_audit_via CHECK (via IN ('web', 'json', 'cli')),
    CONSTRAINT ck_audit_outcome CHECK (outcome IN ('done', 'refused')),
    CONSTRAINT ck_audit_before CHECK (before_json IS NULL OR JSON_VALID(before_json)),
    CONSTRAINT ck_audit_after CHECK (after_json IS NULL OR JSON_VALID(after_json))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE job (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    actor_id BIGINT NULL DEFAULT NULL,
    actor VARCHAR(254) NOT NULL DEFAULT '',
    action VARCHAR(64) NOT NULL,
    input MEDIUMTEXT NULL,
    state VARCHAR(8) NOT NULL DEFAULT 'waiting',
    stop_wanted TINYINT NOT NULL DEFAULT 0,
    position VARCHAR(254) NOT NULL DEFAULT '',
    done BIGINT UNSIGNED NOT NULL DEFAULT 0,
    total BIGINT UNSIGNED NULL DEFAULT NULL,
    errors MEDIUMTEXT NULL,
    created DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    changed DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    KEY k_job_state (state, id),
    CONSTRAINT ck_job_state CHECK (state IN ('waiting', 'running', 'done', 'stopped', 'failed')),
    CONSTRAINT ck_job_stop_wanted CHECK (stop_wanted IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE site (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    value VARCHAR(2000) NOT NULL DEFAULT '',
    generation BIGINT UNSIGNED NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
-- `routes` is the row that whoever changes where mail goes holds: see "Circles" in README.md.
INSERT INTO site (name, value) VALUES ('theme', 'base'), ('routes', '')
--;;
CREATE TABLE theme_setting (
    theme VARCHAR(40) NOT NULL,
    name VARCHAR(40) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    value VARCHAR(2000) NOT NULL DEFAULT '',
    PRIMARY KEY (theme, name),
    CONSTRAINT ck_theme_setting_kind CHECK
        (kind IN ('bool', 'choice', 'color', 'font', 'image', 'links', 'number', 'text'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE TABLE theme_fault (
    theme VARCHAR(40) NOT NULL,
    digest BINARY(32) NOT NULL,
    text VARCHAR(1000) NOT NULL,
    n BIGINT UNSIGNED NOT NULL DEFAULT 1,
    first_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    last_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()),
    PRIMARY KEY (theme, digest),
    KEY k_theme_fault_last (last_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_domains_before_insert BEFORE INSERT ON virtual_domains
FOR EACH ROW
BEGIN
    SET NEW.name = LOWER(NEW.name);
    IF EXISTS (SELECT 1 FROM relay_domains WHERE domain = NEW.name) THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32004,
            MESSAGE_TEXT = 'this domain is relayed, so it cannot be hosted';
    END IF;
END
--;;
-- What led there while it was another server's is ours now, where capitals mean nothing.
CREATE DEFINER=@OWNER@ TRIGGER tr_domains_after_insert AFTER INSERT ON virtual_domains
FOR EACH ROW
BEGIN
    DECLARE EXIT HANDLER FOR 1062
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32004,
            MESSAGE_TEXT = 'this domain is relayed, so it cannot be hosted';
    INSERT INTO domain_names (name, kind) VALUES (NEW.name, 'hosted');
    INSERT INTO domain_counts (domain_id) VALUES (NEW.id);
    UPDATE site_counts SET n = n + 1 WHERE kind = 'domains' AND shard = NEW.id % 64;
    DELETE twin FROM virtual_aliases twin JOIN virtual_aliases kept
        ON kept.domain_id = twin.domain_id AND kept.source = twin.source AND kept.id <> twin.id
        AND LOWER(kept.destination) = LOWER(twin.destination)
        AND (kept.id < twin.id OR kept.destination = LOWER(kept.destination))
        WHERE twin.destination_domain = NEW.name AND twin.destination <> LOWER(twin.destination);
    UPDATE virtual_aliases SET destination = LOWER(destination)
        WHERE destination_domain = NEW.name AND destination <> LOWER(destination);
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_domains_before_update BEFORE UPDATE ON virtual_domains
FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32006, MESSAGE_TEXT = 'ids do not change';
    END IF;
    SET NEW.name = LOWER(NEW.name);
    IF NEW.name <> OLD.name AND EXISTS (SELECT 1 FROM relay_domains WHERE domain = NEW.name) THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32004,
            MESSAGE_TEXT = 'this domain is relayed, so it cannot be hosted';
    END IF;
    IF NEW.version = OLD.version AND NOT (NEW.name = OLD.name
        AND NEW.description = OLD.description AND NEW.policy_id <=> OLD.policy_id
        AND NEW.limit_mailboxes = OLD.limit_mailboxes AND NEW.limit_aliases = OLD.limit_aliases
        AND NEW.limit_quota_kb = OLD.limit_quota_kb
        AND NEW.quota_default_kb = OLD.quota_default_kb
        AND NEW.quota_most_kb = OLD.quota_most_kb) THEN
        SET NEW.version = OLD.version + 1;
    END IF;
END
--;;
-- A rename. Destinations, used space, last log-ins and access entries follow, here by whole sets: a
-- domain may hold many accounts (tr_users_after_update does it for one). A twin that this would make
-- goes first; of access entries, what was said about the new name stands.
CREATE DEFINER=@OWNER@ TRIGGER tr_domains_after_update AFTER UPDATE ON virtual_domains
FOR EACH ROW
BEGIN
    IF NEW.name <> OLD.name THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32004,
                    MESSAGE_TEXT = 'this domain is relayed, so it cannot be hosted';
            UPDATE domain_names SET name = NEW.name WHERE name = OLD.name;
        END;
        DELETE twin FROM virtual_aliases twin JOIN virtual_aliases kept
            ON kept.domain_id = twin.domain_id AND kept.source = twin.source
            AND kept.destination = CONCAT(LEFT(twin.destination,
                CHAR_LENGTH(twin.destination) - CHAR_LENGTH(OLD.name)), NEW.name)
            WHERE twin.destination_domain = OLD.name;
        UPDATE virtual_aliases
            SET destination = CONCAT(LEFT(destination,
                CHAR_LENGTH(destination) - CHAR_LENGTH(OLD.name)), NEW.name)
            WHERE destination_domain = OLD.name;
        DELETE twin FROM virtual_aliases twin JOIN virtual_aliases kept
            ON kept.domain_id = twin.domain_id AND kept.source = twin.source AND kept.id <> twin.id
            AND LOWER(kept.destination) = LOWER(twin.destination)
            AND (kept.id < twin.id OR kept.destination = LOWER(kept.destination))
            WHERE twin.destination_domain = NEW.name AND twin.destination <> LOWER(twin.destination);
        UPDATE virtual_aliases SET destination = LOWER(destination)
            WHERE destination_domain = NEW.name AND destination <> LOWER(destination);
        DELETE q FROM quota2 q JOIN virtual_users u ON q.username = CONCAT(u.user, '@', NEW.name)
            WHERE u.domain_id = NEW.id;
        UPDATE quota2 q JOIN virtual_users u ON q.username = u.email
            SET q.username = CONCAT(u.user, '@', NEW.name) WHERE u.domain_id = NEW.id;
        DELETE l FROM last_login l
            JOIN virtual_users u ON l.username = CONCAT(u.user, '@', NEW.name)
            WHERE u.domain_id = NEW.id;
        UPDATE last_login l JOIN virtual_users u ON l.username = u.email
            SET l.username = CONCAT(u.user, '@', NEW.name) WHERE u.domain_id = NEW.id;
        UPDATE IGNORE domain_access SET domain = NEW.name WHERE domain = OLD.name;
        UPDATE IGNORE domain_access a JOIN virtual_users u ON a.domain = u.email
            SET a.domain = CONCAT(u.user, '@', NEW.name) WHERE u.domain_id = NEW.id;
        UPDATE IGNORE domain_access a JOIN virtual_aliases l ON a.domain = l.email
            SET a.domain = CONCAT(l.source, '@', NEW.name) WHERE l.domain_id = NEW.id;
        UPDATE virtual_users SET email = CONCAT(user, '@', NEW.name) WHERE domain_id = NEW.id;
        UPDATE virtual_aliases SET email = CONCAT(source, '@', NEW.name)
            WHERE domain_id = NEW.id;
    END IF;
END
--;;
-- Foreign keys would cascade without firing the children's triggers, hence these.
CREATE DEFINER=@OWNER@ TRIGGER tr_domains_before_delete BEFORE DELETE ON virtual_domains
FOR EACH ROW
BEGIN
    DELETE FROM virtual_users WHERE domain_id = OLD.id;
    DELETE FROM virtual_aliases WHERE domain_id = OLD.id;
    DELETE FROM domain_admins WHERE domain_id = OLD.id;
    DELETE FROM domain_counts WHERE domain_id = OLD.id;
    DELETE FROM domain_names WHERE name = OLD.name;
    UPDATE site_counts SET n = n - 1 WHERE kind = 'domains' AND shard = OLD.id % 64;
END
--;;
-- The locking read waits for a rename, a move or a deletion of the domain that is under way; a
-- plain read would give the name of a moment ago. The path's suffix is the number of its use
-- (the id is not known yet): the primary key of maildir_used makes it race-proof.
CREATE DEFINER=@OWNER@ TRIGGER tr_users_before_insert BEFORE INSERT ON virtual_users
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE path VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE attempt INT UNSIGNED DEFAULT 1;
    DECLARE taken TINYINT DEFAULT 0;
    DECLARE CONTINUE HANDLER FOR 1062 SET taken = 1;
    SELECT d.name INTO domain FROM virtual_domains d WHERE d.id = NEW.domain_id
        LOCK IN SHARE MODE;
    IF domain IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
    END IF;
    SET NEW.user = LOWER(NEW.user);
    IF CHAR_LENGTH(NEW.user) + 1 + CHAR_LENGTH(domain) > 254 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
            MESSAGE_TEXT = 'an address has at most 254 characters';
    END IF;
    SET NEW.email = CONCAT(NEW.user, '@', domain);
    SET path = IF(NEW.maildir = '', CONCAT(domain, '/', NEW.user), NEW.maildir);
    INSERT INTO maildir_used (path) VALUES (path);
    IF NEW.maildir = '' THEN
        WHILE taken DO
            UPDATE maildir_used m SET m.uses = m.uses + 1
                WHERE m.path = CONCAT(domain, '/', NEW.user);
            SELECT m.uses INTO attempt FROM maildir_used m
                WHERE m.path = CONCAT(domain, '/', NEW.user);
            SET NEW.maildir = CONCAT(domain, '/', NEW.user, '.', attempt);
            SET taken = 0;
            INSERT INTO maildir_used (path) VALUES (NEW.maildir);
        END WHILE;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_users_after_insert AFTER INSERT ON virtual_users
FOR EACH ROW
BEGIN
    INSERT INTO domain_counts (domain_id, mailboxes, quota_kb)
        VALUES (NEW.domain_id, 1, NEW.quota_kb)
        ON DUPLICATE KEY UPDATE mailboxes = mailboxes + 1,
            quota_kb = quota_kb + NEW.quota_kb;
    INSERT INTO site_counts (kind, shard, n) VALUES ('mailboxes', NEW.domain_id % 64, 1)
        ON DUPLICATE KEY UPDATE n = n + 1;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_users_before_update BEFORE UPDATE ON virtual_users
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE others INT DEFAULT 0;
    DECLARE CONTINUE HANDLER FOR 1062 SET others = 0;
    IF NEW.id <> OLD.id THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32006, MESSAGE_TEXT = 'ids do not change';
    END IF;
    IF OLD.admin = 2 AND NEW.active = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32002,
            MESSAGE_TEXT = 'a super admin cannot be disabled';
    END IF;
    IF OLD.admin = 2 AND NEW.admin <> 2 THEN
        SELECT COUNT(*) INTO others FROM virtual_users u FORCE INDEX (k_users_admin)
            WHERE u.admin = 2 AND u.active = 1 AND u.id <> OLD.id LOCK IN SHARE MODE;
        IF others = 0 THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32003,
                MESSAGE_TEXT = 'the last super admin stays one';
        END IF;
    END IF;
    SET NEW.user = LOWER(NEW.user);
    IF NEW.user <> OLD.user OR NEW.domain_id <> OLD.domain_id OR NEW.email <> OLD.email THEN
        SELECT d.name INTO domain FROM virtual_domains d WHERE d.id = NEW.domain_id
            LOCK IN SHARE MODE;
        IF domain IS NULL THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
        END IF;
        IF CHAR_LENGTH(NEW.user) + 1 + CHAR_LENGTH(domain) > 254 THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
                MESSAGE_TEXT = 'an address has at most 254 characters';
        END IF;
        SET NEW.email = CONCAT(NEW.user, '@', domain);
    END IF;
    IF NEW.maildir = '' AND (OLD.maildir <> '' OR NEW.email <> OLD.email) THEN
        SET NEW.maildir = IF(OLD.maildir = '',
            CONCAT(SUBSTRING_INDEX(OLD.email, '@', -1), '/', OLD.user), OLD.maildir);
    ELSEIF NEW.maildir <> OLD.maildir THEN
        INSERT INTO maildir_used (path) VALUES (NEW.maildir);
    END IF;
    IF NEW.version = OLD.version AND NOT (NEW.domain_id = OLD.domain_id AND NEW.user = OLD.user
        AND NEW.admin = OLD.admin AND NEW.active = OLD.active AND NEW.name = OLD.name
        AND NEW.quota_kb = OLD.quota_kb AND NEW.quota_messages = OLD.quota_messages
        AND NEW.policy_id <=> OLD.policy_id) THEN
        SET NEW.version = OLD.version + 1;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_users_after_update AFTER UPDATE ON virtual_users
FOR EACH ROW
BEGIN
    IF NEW.user <> OLD.user OR NEW.domain_id <> OLD.domain_id THEN
        DELETE FROM quota2 WHERE username = NEW.email;
        UPDATE quota2 SET username = NEW.email WHERE username = OLD.email;
        DELETE FROM last_login WHERE username = NEW.email;
        UPDATE last_login SET username = NEW.email WHERE username = OLD.email;
        UPDATE IGNORE domain_access SET domain = NEW.email WHERE domain = OLD.email;
        DELETE twin FROM virtual_aliases twin JOIN virtual_aliases kept
            ON kept.domain_id = twin.domain_id AND kept.source = twin.source
            AND kept.destination = NEW.email
            WHERE twin.destination = OLD.email;
        UPDATE virtual_aliases SET destination = NEW.email WHERE destination = OLD.email;
    END IF;
    IF NEW.domain_id <> OLD.domain_id THEN
        UPDATE domain_counts SET mailboxes = mailboxes - 1,
            quota_kb = quota_kb - OLD.quota_kb WHERE domain_id = OLD.domain_id;
        UPDATE domain_counts SET mailboxes = mailboxes + 1,
            quota_kb = quota_kb + NEW.quota_kb WHERE domain_id = NEW.domain_id;
        UPDATE site_counts SET n = n - 1
            WHERE kind = 'mailboxes' AND shard = OLD.domain_id % 64;
        UPDATE site_counts SET n = n + 1
            WHERE kind = 'mailboxes' AND shard = NEW.domain_id % 64;
    ELSEIF NEW.quota_kb <> OLD.quota_kb THEN
        UPDATE domain_counts SET quota_kb =
            quota_kb + NEW.quota_kb - OLD.quota_kb
            WHERE domain_id = NEW.domain_id;
    END IF;
    IF NEW.admin <> OLD.admin OR NEW.active < OLD.active THEN
        DELETE FROM session WHERE user_id = NEW.id;
    END IF;
    IF NEW.admin <> OLD.admin OR NEW.active < OLD.active OR NEW.password <> OLD.password THEN
        DELETE FROM invite WHERE user_id = NEW.id;
    END IF;
END
--;;
-- A link was made for what the account could do then.
CREATE DEFINER=@OWNER@ TRIGGER tr_domain_admins_after_insert AFTER INSERT ON domain_admins
FOR EACH ROW
BEGIN
    DELETE FROM invite WHERE user_id = NEW.user_id;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_users_before_delete BEFORE DELETE ON virtual_users
FOR EACH ROW
BEGIN
    IF OLD.admin = 2 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32002,
            MESSAGE_TEXT = 'a super admin cannot be deleted';
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_users_after_delete AFTER DELETE ON virtual_users
FOR EACH ROW
BEGIN
    INSERT INTO mail_folder (op, path, email, user_id)
        VALUES ('delete', IF(OLD.maildir = '',
            CONCAT(SUBSTRING_INDEX(OLD.email, '@', -1), '/', OLD.user), OLD.maildir),
            OLD.email, OLD.id);
    DELETE FROM quota2 WHERE username = OLD.email;
    DELETE FROM last_login WHERE username = OLD.email;
    UPDATE domain_counts SET mailboxes = mailboxes - 1,
        quota_kb = quota_kb - OLD.quota_kb WHERE domain_id = OLD.domain_id;
    UPDATE site_counts SET n = n - 1 WHERE kind = 'mailboxes' AND shard = OLD.domain_id % 64;
END
--;;
-- A destination joins its alias as that is. The counts' row is locked before anything else is read, so
-- that two who add to one alias at the same moment see each other.
CREATE DEFINER=@OWNER@ TRIGGER tr_aliases_before_insert BEFORE INSERT ON virtual_aliases
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE target VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        DEFAULT LOWER(SUBSTRING_INDEX(NEW.destination, '@', -1));
    DECLARE others INT DEFAULT 0;
    DECLARE its_active TINYINT DEFAULT 1;
    DECLARE its_version INT UNSIGNED DEFAULT 0;
    DECLARE its_description VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '';
    SELECT d.name INTO domain FROM virtual_domains d WHERE d.id = NEW.domain_id
        LOCK IN SHARE MODE;
    IF domain IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
    END IF;
    SET NEW.source = LOWER(NEW.source);
    IF CHAR_LENGTH(NEW.source) + 1 + CHAR_LENGTH(domain) > 254 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
            MESSAGE_TEXT = 'an address has at most 254 characters';
    END IF;
    SET NEW.email = CONCAT(NEW.source, '@', domain);
    UPDATE domain_counts SET aliases = aliases WHERE domain_id = NEW.domain_id;
    SELECT COUNT(*), MAX(a.active), MAX(a.version), MAX(a.description)
        INTO others, its_active, its_version, its_description FROM virtual_aliases a
        WHERE a.domain_id = NEW.domain_id AND a.source = NEW.source;
    IF others > 0 THEN
        SET NEW.active = its_active, NEW.description = its_description,
            NEW.version = its_version + 1;
    END IF;
    IF EXISTS (SELECT 1 FROM virtual_domains d WHERE d.name = target) THEN
        SET NEW.destination = LOWER(NEW.destination);
    ELSEIF LOCATE('@', NEW.destination) > 0 THEN
        SET NEW.destination = CONCAT(LEFT(NEW.destination,
            CHAR_LENGTH(NEW.destination) - CHAR_LENGTH(target)), target);
    END IF;
END
--;;
-- Counted is the alias, not its destinations.
CREATE DEFINER=@OWNER@ TRIGGER tr_aliases_after_insert AFTER INSERT ON virtual_aliases
FOR EACH ROW
BEGIN
    DECLARE fresh INT DEFAULT 1;
    SELECT NOT EXISTS (SELECT 1 FROM virtual_aliases a WHERE a.domain_id = NEW.domain_id
        AND a.source = NEW.source AND a.id <> NEW.id) INTO fresh;
    IF fresh THEN
        INSERT INTO domain_counts (domain_id, aliases) VALUES (NEW.domain_id, 1)
            ON DUPLICATE KEY UPDATE aliases = aliases + 1;
        INSERT INTO site_counts (kind, shard, n) VALUES ('aliases', NEW.domain_id % 64, 1)
            ON DUPLICATE KEY UPDATE n = n + 1;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_aliases_before_update BEFORE UPDATE ON virtual_aliases
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE target VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        DEFAULT LOWER(SUBSTRING_INDEX(NEW.destination, '@', -1));
    IF NEW.id <> OLD.id THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32006, MESSAGE_TEXT = 'ids do not change';
    END IF;
    SET NEW.source = LOWER(NEW.source);
    IF NEW.source <> OLD.source OR NEW.domain_id <> OLD.domain_id OR NEW.email <> OLD.email THEN
        SELECT d.name INTO domain FROM virtual_domains d WHERE d.id = NEW.domain_id
            LOCK IN SHARE MODE;
        IF domain IS NULL THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
        END IF;
        IF CHAR_LENGTH(NEW.source) + 1 + CHAR_LENGTH(domain) > 254 THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
                MESSAGE_TEXT = 'an address has at most 254 characters';
        END IF;
        SET NEW.email = CONCAT(NEW.source, '@', domain);
    END IF;
    IF NEW.destination <> OLD.destination THEN
        IF EXISTS (SELECT 1 FROM virtual_domains d WHERE d.name = target) THEN
            SET NEW.destination = LOWER(NEW.destination);
        ELSEIF LOCATE('@', NEW.destination) > 0 THEN
            SET NEW.destination = CONCAT(LEFT(NEW.destination,
                CHAR_LENGTH(NEW.destination) - CHAR_LENGTH(target)), target);
        END IF;
    END IF;
    IF NEW.version = OLD.version AND NOT (NEW.domain_id = OLD.domain_id
        AND NEW.source = OLD.source AND NEW.destination = OLD.destination
        AND NEW.active = OLD.active AND NEW.description = OLD.description) THEN
        SET NEW.version = OLD.version + 1;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_aliases_after_update AFTER UPDATE ON virtual_aliases
FOR EACH ROW
BEGIN
    DECLARE gone INT DEFAULT 0;
    DECLARE fresh INT DEFAULT 0;
    IF NEW.domain_id <> OLD.domain_id OR NEW.source <> OLD.source THEN
        UPDATE domain_counts SET aliases = aliases
            WHERE domain_id IN (OLD.domain_id, NEW.domain_id);
        SELECT NOT EXISTS (SELECT 1 FROM virtual_aliases a WHERE a.domain_id = OLD.domain_id
            AND a.source = OLD.source) INTO gone;
        SELECT NOT EXISTS (SELECT 1 FROM virtual_aliases a WHERE a.domain_id = NEW.domain_id
            AND a.source = NEW.source AND a.id <> NEW.id) INTO fresh;
        UPDATE domain_counts SET aliases = aliases - gone WHERE domain_id = OLD.domain_id;
        UPDATE domain_counts SET aliases = aliases + fresh WHERE domain_id = NEW.domain_id;
        UPDATE site_counts SET n = n - gone
            WHERE kind = 'aliases' AND shard = OLD.domain_id % 64;
        UPDATE site_counts SET n = n + fresh
            WHERE kind = 'aliases' AND shard = NEW.domain_id % 64;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_aliases_after_delete AFTER DELETE ON virtual_aliases
FOR EACH ROW
BEGIN
    DECLARE gone INT DEFAULT 0;
    UPDATE domain_counts SET aliases = aliases WHERE domain_id = OLD.domain_id;
    SELECT NOT EXISTS (SELECT 1 FROM virtual_aliases a WHERE a.domain_id = OLD.domain_id
        AND a.source = OLD.source) INTO gone;
    IF gone THEN
        UPDATE domain_counts SET aliases = aliases - 1 WHERE domain_id = OLD.domain_id;
        UPDATE site_counts SET n = n - 1
            WHERE kind = 'aliases' AND shard = OLD.domain_id % 64;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_domains_before_insert BEFORE INSERT ON relay_domains
FOR EACH ROW
BEGIN
    SET NEW.domain = LOWER(NEW.domain);
    IF EXISTS (SELECT 1 FROM virtual_domains WHERE name = NEW.domain) THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32005,
            MESSAGE_TEXT = 'this domain is hosted, so it cannot be relayed';
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_domains_after_insert AFTER INSERT ON relay_domains
FOR EACH ROW
BEGIN
    DECLARE EXIT HANDLER FOR 1062
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32005,
            MESSAGE_TEXT = 'this domain is hosted, so it cannot be relayed';
    INSERT INTO domain_names (name, kind) VALUES (NEW.domain, 'relayed');
    INSERT INTO relay_counts (relay_domain_id) VALUES (NEW.id);
    UPDATE site_counts SET n = n + 1 WHERE kind = 'relays' AND shard = NEW.id % 64;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_domains_before_update BEFORE UPDATE ON relay_domains
FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32006, MESSAGE_TEXT = 'ids do not change';
    END IF;
    SET NEW.domain = LOWER(NEW.domain);
    IF NEW.domain <> OLD.domain
        AND EXISTS (SELECT 1 FROM virtual_domains WHERE name = NEW.domain) THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32005,
            MESSAGE_TEXT = 'this domain is hosted, so it cannot be relayed';
    END IF;
    IF NEW.version = OLD.version AND NOT (NEW.domain = OLD.domain
        AND NEW.recipients = OLD.recipients AND NEW.transport = OLD.transport
        AND NEW.description = OLD.description) THEN
        SET NEW.version = OLD.version + 1;
    END IF;
END
--;;
-- A rename. Destinations and access entries follow, as those of a hosted domain do (tr_domains_after_update).
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_domains_after_update AFTER UPDATE ON relay_domains
FOR EACH ROW
BEGIN
    IF NEW.domain <> OLD.domain THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32005,
                    MESSAGE_TEXT = 'this domain is hosted, so it cannot be relayed';
            UPDATE domain_names SET name = NEW.domain WHERE name = OLD.domain;
        END;
        DELETE twin FROM virtual_aliases twin JOIN virtual_aliases kept
            ON kept.domain_id = twin.domain_id AND kept.source = twin.source
            AND kept.destination = CONCAT(LEFT(twin.destination,
                CHAR_LENGTH(twin.destination) - CHAR_LENGTH(OLD.domain)), NEW.domain)
            WHERE twin.destination_domain = OLD.domain;
        UPDATE virtual_aliases
            SET destination = CONCAT(LEFT(destination,
                CHAR_LENGTH(destination) - CHAR_LENGTH(OLD.domain)), NEW.domain)
            WHERE destination_domain = OLD.domain;
        UPDATE IGNORE domain_access SET domain = NEW.domain WHERE domain = OLD.domain;
        UPDATE IGNORE domain_access a JOIN relay_recipients r ON a.domain = r.email
            SET a.domain = CONCAT(r.user, '@', NEW.domain) WHERE r.relay_domain_id = NEW.id;
        UPDATE relay_recipients SET email = CONCAT(user, '@', NEW.domain)
            WHERE relay_domain_id = NEW.id;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_domains_before_delete BEFORE DELETE ON relay_domains
FOR EACH ROW
BEGIN
    DELETE FROM relay_recipients WHERE relay_domain_id = OLD.id;
    DELETE FROM relay_counts WHERE relay_domain_id = OLD.id;
    DELETE FROM domain_names WHERE name = OLD.domain;
    UPDATE site_counts SET n = n - 1 WHERE kind = 'relays' AND shard = OLD.id % 64;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_recipients_before_insert
BEFORE INSERT ON relay_recipients
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    SELECT d.domain INTO domain FROM relay_domains d WHERE d.id = NEW.relay_domain_id
        LOCK IN SHARE MODE;
    IF domain IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
    END IF;
    SET NEW.user = LOWER(NEW.user);
    IF CHAR_LENGTH(NEW.user) + 1 + CHAR_LENGTH(domain) > 254 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
            MESSAGE_TEXT = 'an address has at most 254 characters';
    END IF;
    SET NEW.email = CONCAT(NEW.user, '@', domain);
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_recipients_after_insert
AFTER INSERT ON relay_recipients
FOR EACH ROW
BEGIN
    INSERT INTO relay_counts (relay_domain_id, recipients) VALUES (NEW.relay_domain_id, 1)
        ON DUPLICATE KEY UPDATE recipients = recipients + 1;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_recipients_before_update
BEFORE UPDATE ON relay_recipients
FOR EACH ROW
BEGIN
    DECLARE domain VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    SET NEW.user = LOWER(NEW.user);
    IF NEW.user <> OLD.user OR NEW.relay_domain_id <> OLD.relay_domain_id
        OR NEW.email <> OLD.email THEN
        SELECT d.domain INTO domain FROM relay_domains d WHERE d.id = NEW.relay_domain_id
            LOCK IN SHARE MODE;
        IF domain IS NULL THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32001, MESSAGE_TEXT = 'no such domain';
        END IF;
        IF CHAR_LENGTH(NEW.user) + 1 + CHAR_LENGTH(domain) > 254 THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32007,
                MESSAGE_TEXT = 'an address has at most 254 characters';
        END IF;
        SET NEW.email = CONCAT(NEW.user, '@', domain);
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_recipients_after_update
AFTER UPDATE ON relay_recipients
FOR EACH ROW
BEGIN
    IF NEW.relay_domain_id <> OLD.relay_domain_id THEN
        UPDATE relay_counts SET recipients = recipients - 1
            WHERE relay_domain_id = OLD.relay_domain_id;
        UPDATE relay_counts SET recipients = recipients + 1
            WHERE relay_domain_id = NEW.relay_domain_id;
    END IF;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_relay_recipients_after_delete
AFTER DELETE ON relay_recipients
FOR EACH ROW
BEGIN
    UPDATE relay_counts SET recipients = recipients - 1
        WHERE relay_domain_id = OLD.relay_domain_id;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_domain_access_after_insert AFTER INSERT ON domain_access
FOR EACH ROW
BEGIN
    UPDATE site_counts SET n = n + 1 WHERE kind = 'senders' AND shard = NEW.id % 64;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_domain_access_after_delete AFTER DELETE ON domain_access
FOR EACH ROW
BEGIN
    UPDATE site_counts SET n = n - 1 WHERE kind = 'senders' AND shard = OLD.id % 64;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_ip_access_after_insert AFTER INSERT ON ip_access
FOR EACH ROW
BEGIN
    UPDATE site_counts SET n = n + 1 WHERE kind = 'clients' AND shard = NEW.id % 64;
END
--;;
CREATE DEFINER=@OWNER@ TRIGGER tr_ip_access_after_delete AFTER DELETE ON ip_access
FOR EACH ROW
BEGIN
    UPDATE site_counts SET n = n - 1 WHERE kind = 'clients' AND shard = OLD.id % 64;
END
--;;
-- The views of the mail daemons. Active accounts only; maildir is the path in force.
CREATE DEFINER=@OWNER@ SQL SECURITY DEFINER VIEW view_users AS
SELECT u.email AS email, u.password AS password, u.quota_kb AS quota_kb,
       u.quota_messages AS quota_messages,
       IF(u.maildir = '', CONCAT(SUBSTRING_INDEX(u.email, '@', -1), '/', u.user), u.maildir)
           AS maildir,
       u.active AS active, u.id AS id
  FROM virtual_users u
 WHERE u.active = 1
--;;
CREATE DEFINER=@OWNER@ SQL SECURITY DEFINER VIEW view_aliases AS
SELECT a.email AS email, a.destination AS destination
  FROM virtual_aliases a
 WHERE a.active = 1
--;;
-- Every account, active or not: the identity map that keeps a disabled account's mail away from
-- the catch-all.
CREATE DEFINER=@OWNER@ SQL SECURITY DEFINER VIEW view_addresses AS
SELECT u.email AS email, u.active AS active, u.id AS id
  FROM virtual_users u
--;;
CREATE DEFINER=@OWNER@ SQL SECURITY DEFINER VIEW view_relay_recipients AS
SELECT r.email AS email
  FROM relay_recipients r JOIN relay_domains d ON d.id = r.relay_domain_id
 WHERE d.recipients = 'list'
UNION ALL
SELECT d.at_domain AS email
  FROM relay_domains d
 WHERE d.recipients = 'any'
--;;
-- A domain has a row also where it has no policy, for Amavis takes a recipient for local, and marks his
-- mail, if it finds a row of his own or of his domain. It puts a tag right before the subject, so the blank
-- between them comes from here. It takes the first tag that is not NULL, and knows nothing of spam_modifies_subj:
-- N makes empty tags; Y without a tag of its own takes, past an N below it, the tags that are there, at last the one
-- that conf/amavis names.
CREATE DEFINER=@OWNER@ SQL SECURITY DEFINER VIEW view_users_policies AS
SELECT CAST(u.id AS SIGNED) AS id, u.email AS email, 9 AS priority,
       p.id AS policy_id, p.policy_name AS policy_name, p.virus_lover AS virus_lover,
       p.spam_lover AS spam_lover, p.unchecked_lover AS unchecked_lover,
       p.banned_files_lover AS banned_files_lover, p.bad_header_lover AS bad_header_lover,
       p.bypass_virus_checks AS bypass_virus_checks, p.bypass_spam_checks AS bypass_spam_checks,
       p.bypass_banned_checks AS bypass_banned_checks,
       p.bypass_header_checks AS bypass_header_checks,
       p.virus_quarantine_to AS virus_quarantine_to, p.spam_quarantine_to AS spam_quarantine_to,
       p.banned_quarantine_to AS banned_quarantine_to,
       p.unchecked_quarantine_to AS unchecked_quarantine_to,
       p.bad_header_quarantine_to AS bad_header_quarantine_to,
       p.clean_quarantine_to AS clean_quarantine_to,
       p.archive_quarantine_to AS archive_quarantine_to, p.spam_tag_level AS spam_tag_level,
       p.spam_tag2_level AS spam_tag2_level, p.spam_tag3_level AS spam_tag3_level,
       p.spam_kill_level AS spam_kill_level, p.spam_dsn_cutoff_level AS spam_dsn_cutoff_level,
       p.spam_quarantine_cutoff_level AS spam_quarantine_cutoff_level,
       p.addr_extension_virus AS addr_extension_virus,
       p.addr_extension_spam AS addr_extension_spam,
       p.addr_extension_banned AS addr_extension_banned,
       p.addr_extension_bad_header AS addr_extension_bad_header,
       p.warnvirusrecip AS warnvirusrecip, p.warnbannedrecip AS warnbannedrecip,
       p.warnbadhrecip AS warnbadhrecip, p.newvirus_admin AS newvirus_admin,
       p.virus_admin AS virus_admin, p.banned_admin AS banned_admin,
       p.bad_header_admin AS bad_header_admin, p.spam_admin AS spam_admin,
       IF(COALESCE(p.spam_modifies_subj, d.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag,
              IF(p.spam_modifies_subj = 'Y' AND 'N' IN (d.spam_modifies_subj, s.spam_modifies_subj),
                 COALESCE(d.spam_subject_tag, s.spam_subject_tag), NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag,
       IF(COALESCE(p.spam_modifies_subj, d.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag2) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag2,
              IF(p.spam_modifies_subj = 'Y' AND 'N' IN (d.spam_modifies_subj, s.spam_modifies_subj),
                 COALESCE(d.spam_subject_tag2, s.spam_subject_tag2, '***SPAM***' COLLATE utf8mb4_bin), NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag2,
       IF(COALESCE(p.spam_modifies_subj, d.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag3) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag3,
              IF(p.spam_modifies_subj = 'Y' AND 'N' IN (d.spam_modifies_subj, s.spam_modifies_subj),
                 COALESCE(d.spam_subject_tag3, s.spam_subject_tag3), NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag3,
       p.message_size_limit AS message_size_limit, p.banned_rulenames AS banned_rulenames,
       p.disclaimer_options AS disclaimer_options, p.forward_method AS forward_method,
       p.sa_userconf AS sa_userconf, p.sa_username AS sa_username
  FROM virtual_users u JOIN policies p ON p.id = u.policy_id
       JOIN virtual_domains v ON v.id = u.domain_id
       LEFT JOIN policies d ON d.id = v.policy_id
       LEFT JOIN policies s ON s.server_default = 1
UNION ALL
SELECT -CAST(d.id AS SIGNED) AS id, d.at_name AS email, 5 AS priority,
       p.id AS policy_id, p.policy_name AS policy_name, p.virus_lover AS virus_lover,
       p.spam_lover AS spam_lover, p.unchecked_lover AS unchecked_lover,
       p.banned_files_lover AS banned_files_lover, p.bad_header_lover AS bad_header_lover,
       p.bypass_virus_checks AS bypass_virus_checks, p.bypass_spam_checks AS bypass_spam_checks,
       p.bypass_banned_checks AS bypass_banned_checks,
       p.bypass_header_checks AS bypass_header_checks,
       p.virus_quarantine_to AS virus_quarantine_to, p.spam_quarantine_to AS spam_quarantine_to,
       p.banned_quarantine_to AS banned_quarantine_to,
       p.unchecked_quarantine_to AS unchecked_quarantine_to,
       p.bad_header_quarantine_to AS bad_header_quarantine_to,
       p.clean_quarantine_to AS clean_quarantine_to,
       p.archive_quarantine_to AS archive_quarantine_to, p.spam_tag_level AS spam_tag_level,
       p.spam_tag2_level AS spam_tag2_level, p.spam_tag3_level AS spam_tag3_level,
       p.spam_kill_level AS spam_kill_level, p.spam_dsn_cutoff_level AS spam_dsn_cutoff_level,
       p.spam_quarantine_cutoff_level AS spam_quarantine_cutoff_level,
       p.addr_extension_virus AS addr_extension_virus,
       p.addr_extension_spam AS addr_extension_spam,
       p.addr_extension_banned AS addr_extension_banned,
       p.addr_extension_bad_header AS addr_extension_bad_header,
       p.warnvirusrecip AS warnvirusrecip, p.warnbannedrecip AS warnbannedrecip,
       p.warnbadhrecip AS warnbadhrecip, p.newvirus_admin AS newvirus_admin,
       p.virus_admin AS virus_admin, p.banned_admin AS banned_admin,
       p.bad_header_admin AS bad_header_admin, p.spam_admin AS spam_admin,
       IF(COALESCE(p.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag,
              IF(p.spam_modifies_subj = 'Y' AND s.spam_modifies_subj = 'N',
                 s.spam_subject_tag, NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag,
       IF(COALESCE(p.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag2) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag2,
              IF(p.spam_modifies_subj = 'Y' AND s.spam_modifies_subj = 'N',
                 COALESCE(s.spam_subject_tag2, '***SPAM***' COLLATE utf8mb4_bin), NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag2,
       IF(COALESCE(p.spam_modifies_subj, s.spam_modifies_subj) = 'N'
          AND COALESCE(p.spam_modifies_subj, p.spam_subject_tag3) IS NOT NULL, '' COLLATE utf8mb4_bin,
          LTRIM(CONCAT(RTRIM(COALESCE(p.spam_subject_tag3,
              IF(p.spam_modifies_subj = 'Y' AND s.spam_modifies_subj = 'N',
                 s.spam_subject_tag3, NULL))),
              ' ' COLLATE utf8mb4_bin))) AS spam_subject_tag3,
       p.message_size_limit AS message_size_limit, p.banned_rulenames AS banned_rulenames,
       p.disclaimer_options AS disclaimer_options, p.forward_method AS forward_method,
       p.sa_userconf AS sa_userconf, p.sa_username AS sa_username
  FROM virtual_domains d LEFT JOIN policies p ON p.id = d.policy_id
       LEFT JOIN policies s ON s.server_default = 1
UNION ALL
SELECT CAST(NULL AS SIGNED) AS id, r.at_domain AS email, 5 AS priority,
       p.id AS policy_id, p.policy_name AS policy_name, p.virus_lover AS virus_lover,
       p.spam_lover AS spam_lover, p.unchecked_lover AS unchecked_lover,
       p.banned_files_lover AS banned_files_lover, p.bad_header_lover AS bad_header_lover,
       p.bypass_virus_checks AS bypass_virus_checks, p.bypass_spam_checks AS bypass_spam_checks,
       p.bypass_banned_checks AS bypass_banned_checks,
       p.bypass_header_checks AS bypass_header_checks,
       p.virus_quarantine_to AS virus_quarantine_to, p.spam_quarantine_to AS spam_quarantine_to,
       p.banned_quarantine_to AS banned_quarantine_to,
       p.unchecked_quarantine_to AS unchecked_quarantine_to,
       p.bad_header_quarantine_to AS bad_header_quarantine_to,
       p.clean_quarantine_to AS clean_quarantine_to,
       p.archive_quarantine_to AS archive_quarantine_to, p.spam_tag_level AS spam_tag_level,
       p.spam_tag2_level AS spam_tag2_level, p.spam_tag3_level AS spam_tag3_level,
       p.spam_kill_level AS spam_kill_level, p.spam_dsn_cutoff_level AS spam_dsn_cutoff_level,
       p.spam_quarantine_cutoff_level AS spam_quarantine_cutoff_level,
       p.addr_extension_virus AS addr_extension_virus,
       p.addr_extension_spam AS addr_extension_spam,
       p.addr_extension_banned AS addr_extension_banned,
       p.addr_extension_bad_header AS addr_extension_bad_header,
       p.warnvirusrecip AS warnvirusrecip, p.warnbannedrecip AS warnbannedrecip,
       p.warnbadhrecip AS warnbadhrecip, p.newvirus_admin AS newvirus_admin,
       p.virus_admin AS virus_admin, p.banned_admin AS banned_admin,
       p.bad_header_admin AS bad_header_admin, p.spam_admin AS spam_admin,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag2 = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag2), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag2,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag3 = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag3), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag3,
       p.message_size_limit AS message_size_limit, p.banned_rulenames AS banned_rulenames,
       p.disclaimer_options AS disclaimer_options, p.forward_method AS forward_method,
       p.sa_userconf AS sa_userconf, p.sa_username AS sa_username
  FROM relay_domains r LEFT JOIN policies p ON p.id = 0
UNION ALL
SELECT 0 AS id, '@.' COLLATE utf8mb4_bin AS email, 1 AS priority,
       p.id AS policy_id, p.policy_name AS policy_name, p.virus_lover AS virus_lover,
       p.spam_lover AS spam_lover, p.unchecked_lover AS unchecked_lover,
       p.banned_files_lover AS banned_files_lover, p.bad_header_lover AS bad_header_lover,
       p.bypass_virus_checks AS bypass_virus_checks, p.bypass_spam_checks AS bypass_spam_checks,
       p.bypass_banned_checks AS bypass_banned_checks,
       p.bypass_header_checks AS bypass_header_checks,
       p.virus_quarantine_to AS virus_quarantine_to, p.spam_quarantine_to AS spam_quarantine_to,
       p.banned_quarantine_to AS banned_quarantine_to,
       p.unchecked_quarantine_to AS unchecked_quarantine_to,
       p.bad_header_quarantine_to AS bad_header_quarantine_to,
       p.clean_quarantine_to AS clean_quarantine_to,
       p.archive_quarantine_to AS archive_quarantine_to, p.spam_tag_level AS spam_tag_level,
       p.spam_tag2_level AS spam_tag2_level, p.spam_tag3_level AS spam_tag3_level,
       p.spam_kill_level AS spam_kill_level, p.spam_dsn_cutoff_level AS spam_dsn_cutoff_level,
       p.spam_quarantine_cutoff_level AS spam_quarantine_cutoff_level,
       p.addr_extension_virus AS addr_extension_virus,
       p.addr_extension_spam AS addr_extension_spam,
       p.addr_extension_banned AS addr_extension_banned,
       p.addr_extension_bad_header AS addr_extension_bad_header,
       p.warnvirusrecip AS warnvirusrecip, p.warnbannedrecip AS warnbannedrecip,
       p.warnbadhrecip AS warnbadhrecip, p.newvirus_admin AS newvirus_admin,
       p.virus_admin AS virus_admin, p.banned_admin AS banned_admin,
       p.bad_header_admin AS bad_header_admin, p.spam_admin AS spam_admin,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag2 = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag2), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag2,
       IF(p.spam_modifies_subj = 'N' OR p.spam_subject_tag3 = '', '' COLLATE utf8mb4_bin,
          CONCAT(RTRIM(p.spam_subject_tag3), ' ' COLLATE utf8mb4_bin)) AS spam_subject_tag3,
       p.message_size_limit AS message_size_limit, p.banned_rulenames AS banned_rulenames,
       p.disclaimer_options AS disclaimer_options, p.forward_method AS forward_method,
       p.sa_userconf AS sa_userconf, p.sa_username AS sa_username
  FROM policies p
 WHERE p.server_default = 1
ORDER BY priority DESC
--;;
-- Last, so that a load that broke off never looks finished.
INSERT INTO schema_version (version) VALUES (1)
--;;
