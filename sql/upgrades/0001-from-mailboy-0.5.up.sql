-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- From Mailboy 0.5, in place (MariaDB only): version 0, which is to say no schema_version, to
-- what schema.sql is. The tables of 0.5 are kept as old05_NAME; drop them when all is well. What
-- does not fit is refused by name before anything is changed: mend that row and run it again.
-- The shape it expects is what 0001-from-mailboy-0.5.down.sql makes; columns it does not find count
-- as not set. Rights of 0.5 over single domains are not copied: give them anew.
BEGIN NOT ATOMIC
    DECLARE found TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL;
    DECLARE words VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
    SELECT CONCAT('not a domain name that can be hosted: ', name) INTO found
        FROM virtual_domains
        WHERE LOWER(name) REGEXP '[^-a-z0-9.]|(^|[.])([.]|-)|-[.]|[-.]$|[^.]{64}|[.][0-9]+$'
            OR name NOT LIKE '%_._%' LIMIT 1;
    SELECT CONCAT('this domain is there twice: ', MIN(name)) INTO found
        FROM virtual_domains GROUP BY LOWER(name) HAVING COUNT(*) > 1 LIMIT 1;
    SELECT CONCAT('not a local part that can be hosted: ', user) INTO found FROM virtual_users
        WHERE user = '' OR LOWER(user) REGEXP '[^-a-z0-9#$&''=?^_`{|}~.]|^[.]|[.]$|[.][.]' LIMIT 1;
    SELECT CONCAT('this user is there twice: ', MIN(user), ', domain_id ', domain_id) INTO found
        FROM virtual_users GROUP BY domain_id, LOWER(user) HAVING COUNT(*) > 1 LIMIT 1;
    SELECT CONCAT('this user has no domain: ', u.user) INTO found FROM virtual_users u
        LEFT JOIN virtual_domains d ON d.id = u.domain_id WHERE d.id IS NULL LIMIT 1;
    SELECT CONCAT('this alias has no domain: ', a.source) INTO found FROM virtual_aliases a
        LEFT JOIN virtual_domains d ON d.id = a.domain_id WHERE d.id IS NULL LIMIT 1;
    SELECT CONCAT('not a source for an alias: ', source) INTO found FROM virtual_aliases
        WHERE LOWER(source) REGEXP '[^-a-z0-9#$&''=?^_`{|}~.]|^[.]|[.]$|[.][.]' LIMIT 1;
    SELECT CONCAT('not one destination: ', destination) INTO found FROM virtual_aliases
        WHERE destination NOT LIKE '_%@_%' OR destination REGEXP '[[:cntrl:][:space:],]' LIMIT 1;
    SELECT CONCAT('hosted and relayed: ', r.domain) INTO found FROM relay_domains r
        JOIN virtual_domains d ON LOWER(d.name) = LOWER(r.domain) LIMIT 1;
    IF found IS NOT NULL THEN
        SET words = LEFT(found, 128);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 32010, MESSAGE_TEXT = words;
    END IF;
END
--;;
DROP VIEW IF EXISTS view_users, view_aliases, view_users_policies
--;;
CREATE TABLE IF NOT EXISTS policies (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    policy_name VARCHAR(64))
--;;
CREATE TABLE IF NOT EXISTS domain_access (domain VARCHAR(254), state VARCHAR(255))
--;;
CREATE TABLE IF NOT EXISTS ip_access (ip VARCHAR(253), state VARCHAR(255))
--;;
RENAME TABLE virtual_domains TO old05_virtual_domains, virtual_users TO old05_virtual_users,
    virtual_aliases TO old05_virtual_aliases, relay_domains TO old05_relay_domains,
    domain_access TO old05_domain_access, ip_access TO old05_ip_access,
    policies TO old05_policies
--;;
ALTER TABLE old05_virtual_users ADD COLUMN IF NOT EXISTS admin TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS active TINYINT NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS quota_kb BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS quota_messages INT NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS policy_id INT NULL
--;;
ALTER TABLE old05_policies
    ADD COLUMN IF NOT EXISTS virus_lover CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS spam_lover CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS unchecked_lover CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS banned_files_lover CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS bad_header_lover CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS bypass_virus_checks CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS bypass_spam_checks CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS bypass_banned_checks CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS bypass_header_checks CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS spam_modifies_subj CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS virus_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS spam_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS banned_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS unchecked_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS bad_header_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS clean_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS archive_quarantine_to VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS spam_tag_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS spam_tag2_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS spam_tag3_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS spam_kill_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS spam_dsn_cutoff_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS spam_quarantine_cutoff_level DOUBLE NULL,
    ADD COLUMN IF NOT EXISTS addr_extension_virus VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS addr_extension_spam VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS addr_extension_banned VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS addr_extension_bad_header VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS warnvirusrecip CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS warnbannedrecip CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS warnbadhrecip CHAR(1) NULL,
    ADD COLUMN IF NOT EXISTS newvirus_admin VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS virus_admin VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS banned_admin VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS bad_header_admin VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS spam_admin VARCHAR(254) NULL,
    ADD COLUMN IF NOT EXISTS spam_subject_tag VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS spam_subject_tag2 VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS spam_subject_tag3 VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS message_size_limit INT NULL,
    ADD COLUMN IF NOT EXISTS banned_rulenames VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS disclaimer_options VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS forward_method VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS sa_userconf VARCHAR(64) NULL,
    ADD COLUMN IF NOT EXISTS sa_username VARCHAR(64) NULL
--;;
-- The triggers run as the owner, so it must be there before the rows; grants.sql says the same.
CREATE USER IF NOT EXISTS @OWNER@ ACCOUNT LOCK
--;;
GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER, SHOW VIEW ON `@DB@`.* TO @OWNER@
--;;
-- @include schema.sql
--;;
INSERT INTO policies (id, policy_name, virus_lover, spam_lover, unchecked_lover,
    banned_files_lover, bad_header_lover, bypass_virus_checks, bypass_spam_checks,
    bypass_banned_checks, bypass_header_checks, spam_modifies_subj, virus_quarantine_to,
    spam_quarantine_to, banned_quarantine_to, unchecked_quarantine_to, bad_header_quarantine_to,
    clean_quarantine_to, archive_quarantine_to, spam_tag_level, spam_tag2_level, spam_tag3_level,
    spam_kill_level, spam_dsn_cutoff_level, spam_quarantine_cutoff_level, addr_extension_virus,
    addr_extension_spam, addr_extension_banned, addr_extension_bad_header, warnvirusrecip,
    warnbannedrecip, warnbadhrecip, newvirus_admin, virus_admin, banned_admin, bad_header_admin,
    spam_admin, spam_subject_tag, spam_subject_tag2, spam_subject_tag3, message_size_limit,
    banned_rulenames, disclaimer_options, forward_method, sa_userconf, sa_username)
SELECT id, COALESCE(NULLIF(policy_name, ''), CONCAT('policy ', id)),
       IF(virus_lover REGEXP '^[NnFf0 ]?$', 'N', IF(virus_lover IS NULL, NULL, 'Y')),
       IF(spam_lover REGEXP '^[NnFf0 ]?$', 'N', IF(spam_lover IS NULL, NULL, 'Y')),
       IF(unchecked_lover REGEXP '^[NnFf0 ]?$', 'N', IF(unchecked_lover IS NULL, NULL, 'Y')),
       IF(banned_files_lover REGEXP '^[NnFf0 ]?$', 'N', IF(banned_files_lover IS NULL, NULL, 'Y')),
       IF(bad_header_lover REGEXP '^[NnFf0 ]?$', 'N', IF(bad_header_lover IS NULL, NULL, 'Y')),
       IF(bypass_virus_checks REGEXP '^[NnFf0 ]?$', 'N', IF(bypass_virus_checks IS NULL, NULL, 'Y')),
       IF(bypass_spam_checks REGEXP '^[NnFf0 ]?$', 'N', IF(bypass_spam_checks IS NULL, NULL, 'Y')),
       IF(bypass_banned_checks REGEXP '^[NnFf0 ]?$', 'N', IF(bypass_banned_checks IS NULL, NULL, 'Y')),
       IF(bypass_header_checks REGEXP '^[NnFf0 ]?$', 'N', IF(bypass_header_checks IS NULL, NULL, 'Y')),
       IF(spam_modifies_subj REGEXP '^[NnFf0 ]?$', 'N', IF(spam_modifies_subj IS NULL, NULL, 'Y')),
       virus_quarantine_to, spam_quarantine_to, banned_quarantine_to, unchecked_quarantine_to,
       bad_header_quarantine_to, clean_quarantine_to, archive_quarantine_to, spam_tag_level,
       spam_tag2_level, spam_tag3_level, spam_kill_level, spam_dsn_cutoff_level,
       spam_quarantine_cutoff_level, addr_extension_virus, addr_extension_spam,
       addr_extension_banned, addr_extension_bad_header,
       IF(warnvirusrecip REGEXP '^[NnFf0 ]?$', 'N', IF(warnvirusrecip IS NULL, NULL, 'Y')),
       IF(warnbannedrecip REGEXP '^[NnFf0 ]?$', 'N', IF(warnbannedrecip IS NULL, NULL, 'Y')),
       IF(warnbadhrecip REGEXP '^[NnFf0 ]?$', 'N', IF(warnbadhrecip IS NULL, NULL, 'Y')),
       newvirus_admin, virus_admin, banned_admin, bad_header_admin, spam_admin, spam_subject_tag,
       spam_subject_tag2, spam_subject_tag3, message_size_limit, banned_rulenames,
       disclaimer_options, forward_method, sa_userconf, sa_username
  FROM old05_policies
--;;
INSERT INTO virtual_domains (id, name) SELECT id, name FROM old05_virtual_domains
--;;
-- A bare MD5 gets its scheme written down: then no setting of Dovecot decides what it means.
INSERT INTO virtual_users (id, domain_id, user, password, admin, active, quota_kb,
    quota_messages, policy_id)
SELECT u.id, u.domain_id, u.user,
       IF(u.password REGEXP '^[0-9A-Fa-f]{32}$', CONCAT('{PLAIN-MD5}', LOWER(u.password)),
          COALESCE(u.password, '')),
       IF(u.admin <> 0, 1, 0), IF(COALESCE(u.active, 1) <> 0, 1, 0),
       GREATEST(COALESCE(u.quota_kb, 0), 0), GREATEST(COALESCE(u.quota_messages, 0), 0), p.id
  FROM old05_virtual_users u LEFT JOIN policies p ON p.id = u.policy_id
--;;
-- Twins by letter case fold into one row.
INSERT INTO virtual_aliases (id, domain_id, source, destination)
SELECT MIN(a.id), a.domain_id, LOWER(a.source), MIN(a.destination)
  FROM old05_virtual_aliases a
 GROUP BY a.domain_id, LOWER(a.source), LOWER(a.destination)
--;;
INSERT INTO relay_domains (domain) SELECT DISTINCT LOWER(domain) FROM old05_relay_domains
--;;
INSERT INTO domain_access (domain, state)
SELECT LOWER(domain), MIN(CONCAT(UPPER(SUBSTRING_INDEX(state, ' ', 1)),
       SUBSTRING(state, 1 + CHAR_LENGTH(SUBSTRING_INDEX(state, ' ', 1)))))
  FROM old05_domain_access GROUP BY LOWER(domain)
--;;
INSERT INTO ip_access (ip, state)
SELECT LOWER(ip), MIN(CONCAT(UPPER(SUBSTRING_INDEX(state, ' ', 1)),
       SUBSTRING(state, 1 + CHAR_LENGTH(SUBSTRING_INDEX(state, ' ', 1)))))
  FROM old05_ip_access GROUP BY LOWER(ip)
--;;
