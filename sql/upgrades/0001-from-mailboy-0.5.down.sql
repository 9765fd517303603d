-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Back to the shape of Mailboy 0.5, with the accounts as they are now. What 0.5 has no place for
-- goes: sessions, one-time links, audit, relay recipients, rights over domains, names, versions, networks by their
-- two ends. A super admin becomes a server admin; 0.5 finds its master user by the id, which stays.
DROP VIEW IF EXISTS view_users, view_aliases, view_addresses, view_relay_recipients,
    view_users_policies
--;;
DROP TABLE IF EXISTS old05_virtual_users, old05_virtual_aliases, old05_virtual_domains, 
    old05_relay_domains, old05_domain_access, old05_ip_access, old05_policies
--;;
DROP TABLE session, invite, domain_admins, domain_counts, relay_counts, relay_recipients
--;;
DROP TABLE schema_version, domain_names, site_counts, quota2, last_login, maildir_used,
    mail_folder, throttle, operation, audit, job, site, theme_setting, theme_fault
--;;
-- The triggers read tables by name: they must not find the new ones under the old names.
DROP TRIGGER tr_domains_before_insert
--;;
DROP TRIGGER tr_domains_after_insert
--;;
DROP TRIGGER tr_domains_before_update
--;;
DROP TRIGGER tr_domains_after_update
--;;
DROP TRIGGER tr_domains_before_delete
--;;
DROP TRIGGER tr_users_before_insert
--;;
DROP TRIGGER tr_users_after_insert
--;;
DROP TRIGGER tr_users_before_update
--;;
DROP TRIGGER tr_users_after_update
--;;
DROP TRIGGER tr_users_before_delete
--;;
DROP TRIGGER tr_users_after_delete
--;;
DROP TRIGGER tr_aliases_before_insert
--;;
DROP TRIGGER tr_aliases_after_insert
--;;
DROP TRIGGER tr_aliases_before_update
--;;
DROP TRIGGER tr_aliases_after_update
--;;
DROP TRIGGER tr_aliases_after_delete
--;;
DROP TRIGGER tr_relay_domains_before_insert
--;;
DROP TRIGGER tr_relay_domains_after_insert
--;;
DROP TRIGGER tr_relay_domains_before_update
--;;
DROP TRIGGER tr_relay_domains_after_update
--;;
DROP TRIGGER tr_relay_domains_before_delete
--;;
DROP TRIGGER tr_domain_access_after_insert
--;;
DROP TRIGGER tr_domain_access_after_delete
--;;
DROP TRIGGER tr_ip_access_after_insert
--;;
DROP TRIGGER tr_ip_access_after_delete
--;;
RENAME TABLE virtual_domains TO new01_virtual_domains, virtual_users TO new01_virtual_users,
    virtual_aliases TO new01_virtual_aliases,
    relay_domains TO new01_relay_domains,
    domain_access TO new01_domain_access, ip_access TO new01_ip_access, policies TO new01_policies
--;;
CREATE TABLE virtual_domains (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(253) NOT NULL,
    UNIQUE KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE policies (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, policy_name VARCHAR(64),
    virus_lover CHAR(1), spam_lover CHAR(1), unchecked_lover CHAR(1), banned_files_lover CHAR(1),
    bad_header_lover CHAR(1), bypass_virus_checks CHAR(1), bypass_spam_checks CHAR(1),
    bypass_banned_checks CHAR(1), bypass_header_checks CHAR(1), spam_modifies_subj CHAR(1),
    virus_quarantine_to VARCHAR(254), spam_quarantine_to VARCHAR(254),
    banned_quarantine_to VARCHAR(254), unchecked_quarantine_to VARCHAR(254),
    bad_header_quarantine_to VARCHAR(254), clean_quarantine_to VARCHAR(254),
    archive_quarantine_to VARCHAR(254), spam_tag_level DOUBLE, spam_tag2_level DOUBLE,
    spam_tag3_level DOUBLE, spam_kill_level DOUBLE, spam_dsn_cutoff_level DOUBLE,
    spam_quarantine_cutoff_level DOUBLE, addr_extension_virus VARCHAR(64),
    addr_extension_spam VARCHAR(64), addr_extension_banned VARCHAR(64),
    addr_extension_bad_header VARCHAR(64), warnvirusrecip CHAR(1), warnbannedrecip CHAR(1),
    warnbadhrecip CHAR(1), newvirus_admin VARCHAR(254), virus_admin VARCHAR(254),
    banned_admin VARCHAR(254), bad_header_admin VARCHAR(254), spam_admin VARCHAR(254),
    spam_subject_tag VARCHAR(64), spam_subject_tag2 VARCHAR(64), spam_subject_tag3 VARCHAR(64),
    message_size_limit INT, banned_rulenames VARCHAR(64), disclaimer_options VARCHAR(64),
    forward_method VARCHAR(64), sa_userconf VARCHAR(64), sa_username VARCHAR(64))
    ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE virtual_users (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain_id INT NOT NULL,
    user VARCHAR(64) NOT NULL,
    password VARCHAR(255) NOT NULL,
    admin TINYINT NOT NULL DEFAULT 0,
    active TINYINT NOT NULL DEFAULT 1,
    quota_kb BIGINT NOT NULL DEFAULT 0,
    quota_messages INT NOT NULL DEFAULT 0,
    policy_id INT NULL,
    UNIQUE KEY (domain_id, user),
    FOREIGN KEY (domain_id) REFERENCES virtual_domains (id) ON DELETE CASCADE,
    FOREIGN KEY (policy_id) REFERENCES policies (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE virtual_aliases (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain_id INT NOT NULL,
    source VARCHAR(64) NOT NULL,
    destination VARCHAR(254) NOT NULL,
    UNIQUE KEY (domain_id, source, destination),
    FOREIGN KEY (domain_id) REFERENCES virtual_domains (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE relay_domains (domain VARCHAR(253) NOT NULL PRIMARY KEY)
    ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE domain_access (domain VARCHAR(254) NOT NULL PRIMARY KEY, state VARCHAR(255) NOT NULL)
    ENGINE=InnoDB DEFAULT CHARSET=utf8
--;;
CREATE TABLE ip_access (ip VARCHAR(253) NOT NULL PRIMARY KEY, state VARCHAR(255) NOT NULL)
    ENGINE=InnoDB DEFAULT CHARSET=utf8
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
SELECT id, policy_name, virus_lover, spam_lover, unchecked_lover, banned_files_lover,
       bad_header_lover, bypass_virus_checks, bypass_spam_checks, bypass_banned_checks,
       bypass_header_checks, spam_modifies_subj, virus_quarantine_to, spam_quarantine_to,
       banned_quarantine_to, unchecked_quarantine_to, bad_header_quarantine_to,
       clean_quarantine_to, archive_quarantine_to, spam_tag_level, spam_tag2_level,
       spam_tag3_level, spam_kill_level, spam_dsn_cutoff_level, spam_quarantine_cutoff_level,
       addr_extension_virus, addr_extension_spam, addr_extension_banned,
       addr_extension_bad_header, warnvirusrecip, warnbannedrecip, warnbadhrecip, newvirus_admin,
       virus_admin, banned_admin, bad_header_admin, spam_admin, spam_subject_tag,
       spam_subject_tag2, spam_subject_tag3, message_size_limit, banned_rulenames,
       disclaimer_options, forward_method, sa_userconf, sa_username
  FROM new01_policies
--;;
INSERT INTO virtual_domains (id, name) SELECT id, name FROM new01_virtual_domains
--;;
INSERT INTO virtual_users (id, domain_id, user, password, admin, active, quota_kb,
    quota_messages, policy_id)
SELECT id, domain_id, user, IF(password LIKE '{PLAIN-MD5}%', SUBSTRING(password, 12), password),
       LEAST(admin, 1), active, quota_kb, quota_messages, policy_id
  FROM new01_virtual_users
--;;
INSERT INTO virtual_aliases (id, domain_id, source, destination)
SELECT id, domain_id, source, destination FROM new01_virtual_aliases WHERE active = 1
--;;
INSERT INTO relay_domains (domain) SELECT domain FROM new01_relay_domains
--;;
INSERT INTO domain_access (domain, state) SELECT domain, state FROM new01_domain_access
--;;
INSERT INTO ip_access (ip, state) SELECT ip, state FROM new01_ip_access WHERE ip_first IS NULL
--;;
DROP TABLE new01_virtual_users, new01_virtual_aliases, new01_virtual_domains,
    new01_relay_domains, new01_domain_access, new01_ip_access, new01_policies
--;;
CREATE SQL SECURITY DEFINER VIEW view_users AS
SELECT CONCAT(u.user, '@', d.name) AS email, u.password AS password, u.quota_kb AS quota_kb,
       u.quota_messages AS quota_messages, u.active AS active
  FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id WHERE u.active = 1
--;;
CREATE SQL SECURITY DEFINER VIEW view_aliases AS
SELECT CONCAT(a.source, '@', d.name) AS email, a.destination AS destination
  FROM virtual_aliases a JOIN virtual_domains d ON d.id = a.domain_id
--;;
CREATE SQL SECURITY DEFINER VIEW view_users_policies AS
SELECT CONCAT(u.user, '@', d.name) AS email, p.*
  FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id
  JOIN policies p ON p.id = u.policy_id
--;;
