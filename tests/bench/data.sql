-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The bench's rows: @N@ mailboxes, numbered from 0, of which the domain large.example has the first @LARGE@,
-- small.example the next 500 and d0000.example ... (@DOMAINS@ of them) the rest in turn; as many aliases; 100,000
-- lines of audit. The same rows at every run: no clock, no chance. Runs in the database that `mailboy setup`
-- made, separator as in sql/schema.sql.
--
-- The triggers of virtual_users and virtual_aliases are away meanwhile (data.py drops them and makes them anew
-- from sql/schema.sql): a row costs 0.25 ms with them and 0.03 ms without. What they would have written stands
-- here; data.py asks sql/integrity.sql afterwards, and `bench.py --prove-data` compares with what triggers write.
SET SESSION unique_checks = 0, foreign_key_checks = 0
--;;
INSERT INTO virtual_domains (name, description, created)
VALUES ('large.example', 'the large one', '2026-01-01'), ('small.example', 'the small one', '2026-01-01')
--;;
INSERT INTO virtual_domains (name, description, created)
SELECT CONCAT('d', LPAD(seq, 4, '0'), '.example'), ELT(seq % 3 + 1, '', 'a customer', 'Müller & Söhne'),
       '2026-01-01' + INTERVAL seq MINUTE FROM seq_0_to_@LAST_DOMAIN@
--;;
-- who is number n
CREATE TABLE bench_number (
    n INT UNSIGNED NOT NULL PRIMARY KEY, domain_id INT UNSIGNED NOT NULL, domain VARCHAR(253) NOT NULL,
    KEY k_domain (domain_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
INSERT INTO bench_number
SELECT s.seq, d.id, d.name FROM seq_0_to_@LAST@ s JOIN virtual_domains d ON d.name = CASE
    WHEN s.seq < @LARGE@ THEN 'large.example' WHEN s.seq < @LARGE@ + 500 THEN 'small.example'
    ELSE CONCAT('d', LPAD((s.seq - @LARGE@ - 500) % @DOMAINS@, 4, '0'), '.example') END
 ORDER BY s.seq
--;;
INSERT INTO virtual_users (id, domain_id, user, email, active, name, quota_kb, quota_messages, created,
                           password_changed)
SELECT n + 1000, domain_id, CONCAT('user', LPAD(n, 7, '0')), CONCAT('user', LPAD(n, 7, '0'), '@', domain),
       n % 97 <> 5, ELT(n % 6 + 1, 'Ada Lovelace', 'Grace Hopper', '', 'José Álvarez', 'Edsger W. Dijkstra', 'Zoë'),
       ELT(n % 4 + 1, 0, 1048576, 5242880, 262144), IF(n % 10 = 0, 100000, 0), '2026-01-01' + INTERVAL n SECOND,
       IF(n % 5 = 0, NULL, '2026-02-01' + INTERVAL n SECOND)
  FROM bench_number ORDER BY n
--;;
INSERT INTO maildir_used (path)
SELECT CONCAT(domain, '/user', LPAD(n, 7, '0')) FROM bench_number ORDER BY domain, n
--;;
INSERT INTO virtual_aliases (id, domain_id, source, destination, email, active, created)
SELECT n + 1, domain_id, CONCAT('alias', LPAD(n, 7, '0')), CONCAT('user', LPAD(n, 7, '0'), '@', domain),
       CONCAT('alias', LPAD(n, 7, '0'), '@', domain), n % 89 <> 3, '2026-01-01' + INTERVAL n SECOND
  FROM bench_number ORDER BY n
--;;
INSERT INTO quota2 (username, bytes, messages)
SELECT CONCAT('user', LPAD(n, 7, '0'), '@', domain), (n * 7919) % 900000000, (n * 31) % 20000
  FROM bench_number WHERE n % 4 <> 3 ORDER BY n
--;;
INSERT INTO last_login (username, service, last_login)
SELECT CONCAT('user', LPAD(n, 7, '0'), '@', domain), ELT(n % 2 + 1, 'imap', 'pop3'), 1767225600 + (n * 613) % 20000000
  FROM bench_number WHERE n % 3 <> 2 ORDER BY n
--;;
UPDATE domain_counts c SET
    c.mailboxes = c.mailboxes + (SELECT COUNT(*) FROM bench_number b WHERE b.domain_id = c.domain_id),
    c.aliases = (SELECT COUNT(*) FROM virtual_aliases a WHERE a.domain_id = c.domain_id),
    c.quota_kb = (SELECT SUM(u.quota_kb) FROM virtual_users u WHERE u.domain_id = c.domain_id)
--;;
INSERT INTO site_counts (kind, shard, n)
SELECT 'mailboxes', domain_id % 64, COUNT(*) FROM bench_number GROUP BY domain_id % 64
    ON DUPLICATE KEY UPDATE site_counts.n = site_counts.n + VALUES(n)
--;;
INSERT INTO site_counts (kind, shard, n)
SELECT 'aliases', domain_id % 64, COUNT(*) FROM virtual_aliases GROUP BY domain_id % 64
    ON DUPLICATE KEY UPDATE site_counts.n = site_counts.n + VALUES(n)
--;;
-- The first hundred lines and a hundred in the middle have their own actors, by whom the bench finds the way there.
DELETE FROM audit
--;;
INSERT INTO audit (id, at, request_id, actor_id, actor, via, remote, action, object_kind, object_id, object, domain_id,
                   outcome, before_json, after_json)
SELECT seq, '2026-01-01' + INTERVAL seq MINUTE, LPAD(HEX(seq * 2654435761), 16, '0'), 1,
       CASE WHEN seq <= 100 THEN 'first@example.org' WHEN seq BETWEEN 50001 AND 50100 THEN 'middle@example.org'
            ELSE 'admin@example.org' END,
       ELT(seq % 3 + 1, 'web', 'json', 'cli'), CONCAT('192.0.2.', seq % 250), 'mailbox.edit', 'mailbox', b.n + 1000,
       CONCAT('user', LPAD(b.n, 7, '0'), '@', b.domain), b.domain_id, IF(seq % 50 = 0, 'refused', 'done'),
       CONCAT('{"name":"Ada","quota_kb":', seq, '}'), CONCAT('{"name":"Ada Lovelace","quota_kb":', seq + 1024, '}')
  FROM seq_1_to_100000 s JOIN bench_number b ON b.n = s.seq % @N@
--;;
-- What a lookup could cost at least: one table, the address its primary key.
CREATE TABLE bench_flat (
    email VARCHAR(254) NOT NULL PRIMARY KEY, maildir VARCHAR(400) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
--;;
INSERT INTO bench_flat
SELECT email, CONCAT(SUBSTRING_INDEX(email, '@', -1), '/', user) FROM virtual_users WHERE active = 1 ORDER BY email
--;;
GRANT SELECT ON bench_flat TO `mailpostfix`@`localhost`
--;;
ANALYZE TABLE virtual_domains, virtual_users, virtual_aliases, quota2, last_login, audit, domain_counts, bench_flat
--;;
