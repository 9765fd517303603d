-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The accounts and what each may do: nothing that is not written here. Run by the database's root
-- after schema.sql, and again after each upgrade; it may be run any number of times. Separator as
-- in schema.sql. To be replaced before:
--   @DB@         name of the database
--   @OWNER@      the account behind triggers and views: `mailboy_owner`@`localhost`
--   @HOST@       from where the programs connect: localhost
--   @MAILADMIN_PASSWORD@ @MAILPOSTFIX_PASSWORD@ @MAILUSER_PASSWORD@ @MAILQUOTA_PASSWORD@
--                quoted as a text in SQL needs it; those of the daemons are words (options.def), since
--                their files would quote anything else each in its own way
-- The owner has no password and is locked: nobody logs in as the account that may write everything.
CREATE USER IF NOT EXISTS @OWNER@ ACCOUNT LOCK
--;;
ALTER USER @OWNER@ ACCOUNT LOCK
--;;
GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER, SHOW VIEW ON `@DB@`.* TO @OWNER@
--;;
CREATE USER IF NOT EXISTS `mailadmin`@`@HOST@` IDENTIFIED BY '@MAILADMIN_PASSWORD@'
--;;
ALTER USER `mailadmin`@`@HOST@` IDENTIFIED BY '@MAILADMIN_PASSWORD@'
--;;
CREATE USER IF NOT EXISTS `mailpostfix`@`@HOST@` IDENTIFIED BY '@MAILPOSTFIX_PASSWORD@'
--;;
ALTER USER `mailpostfix`@`@HOST@` IDENTIFIED BY '@MAILPOSTFIX_PASSWORD@'
--;;
CREATE USER IF NOT EXISTS `mailuser`@`@HOST@` IDENTIFIED BY '@MAILUSER_PASSWORD@'
--;;
ALTER USER `mailuser`@`@HOST@` IDENTIFIED BY '@MAILUSER_PASSWORD@'
--;;
CREATE USER IF NOT EXISTS `mailquota`@`@HOST@` IDENTIFIED BY '@MAILQUOTA_PASSWORD@'
--;;
ALTER USER `mailquota`@`@HOST@` IDENTIFIED BY '@MAILQUOTA_PASSWORD@'
--;;
-- mailadmin: the pages. What triggers keep, it may only read; audit, only read and add to.
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.virtual_domains TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.virtual_users TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.virtual_aliases TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.relay_domains TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.relay_recipients TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.domain_access TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.ip_access TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.policies TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.domain_admins TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.mail_folder TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.session TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.invite TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.throttle TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.operation TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.job TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.site TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.theme_setting TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.theme_fault TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT, INSERT ON `@DB@`.audit TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.domain_counts TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.relay_counts TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.site_counts TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.quota2 TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.last_login TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.schema_version TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_users TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_aliases TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_addresses TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_relay_recipients TO `mailadmin`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_users_policies TO `mailadmin`@`@HOST@`
--;;
-- mailpostfix: its files are readable by a group, so it never sees a password. Its queries read the tables
-- by these columns: the same answer out of a view costs the server more than twice the time.
GRANT SELECT (name) ON `@DB@`.virtual_domains TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (email, active) ON `@DB@`.virtual_users TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (email, destination, active) ON `@DB@`.virtual_aliases TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (email, quota_kb, quota_messages, maildir, active, id) ON `@DB@`.view_users
    TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_addresses TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_aliases TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_relay_recipients TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (domain, transport, recipients) ON `@DB@`.relay_domains TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (domain, state) ON `@DB@`.domain_access TO `mailpostfix`@`@HOST@`
--;;
GRANT SELECT (ip, ip_first, ip_last, state) ON `@DB@`.ip_access TO `mailpostfix`@`@HOST@`
--;;
-- mailuser: Dovecot and Amavis.
GRANT SELECT ON `@DB@`.view_users TO `mailuser`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_addresses TO `mailuser`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_aliases TO `mailuser`@`@HOST@`
--;;
GRANT SELECT ON `@DB@`.view_users_policies TO `mailuser`@`@HOST@`
--;;
-- mailquota: Dovecot writes these two.
GRANT SELECT, INSERT, UPDATE ON `@DB@`.quota2 TO `mailquota`@`@HOST@`
--;;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.last_login TO `mailquota`@`@HOST@`
--;;
