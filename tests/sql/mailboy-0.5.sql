-- SPDX-License-Identifier: GPL-3.0-or-later
-- The shape of Mailboy 0.5 (the tutorial's Etch edition with views and what 0.5 added).
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
CREATE VIEW view_users AS
SELECT CONCAT(u.user, '@', d.name) AS email, u.password AS password, u.quota_kb AS quota_kb,
       u.quota_messages AS quota_messages, u.active AS active
  FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id WHERE u.active = 1
--;;
CREATE VIEW view_aliases AS
SELECT CONCAT(a.source, '@', d.name) AS email, a.destination AS destination
  FROM virtual_aliases a JOIN virtual_domains d ON d.id = a.domain_id
--;;
CREATE VIEW view_users_policies AS
SELECT CONCAT(u.user, '@', d.name) AS email, p.*
  FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id
  JOIN policies p ON p.id = u.policy_id
--;;
