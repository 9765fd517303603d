-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Everything the triggers promise, asked at once: one row for each broken promise, so no row means
-- that the database is sound. Reads whole tables; for checks and tests, not for a request.
SELECT 'false address' AS broken, u.email AS object, u.id AS id
  FROM virtual_users u LEFT JOIN virtual_domains d ON d.id = u.domain_id
 WHERE d.id IS NULL OR u.email <> CONCAT(u.user, '@', d.name)
UNION ALL
SELECT 'false alias address', a.email, a.id
  FROM virtual_aliases a LEFT JOIN virtual_domains d ON d.id = a.domain_id
 WHERE d.id IS NULL OR a.email <> CONCAT(a.source, '@', d.name)
UNION ALL
SELECT 'false relay recipient', r.email, r.id
  FROM relay_recipients r LEFT JOIN relay_domains d ON d.id = r.relay_domain_id
 WHERE d.id IS NULL OR r.email <> CONCAT(r.user, '@', d.domain)
UNION ALL
SELECT 'hosted and relayed', d.name, d.id
  FROM virtual_domains d JOIN relay_domains r ON r.domain = d.name
UNION ALL
SELECT 'hosted but not in domain_names', d.name, d.id
  FROM virtual_domains d LEFT JOIN domain_names n ON n.name = d.name AND n.kind = 'hosted'
 WHERE n.name IS NULL
UNION ALL
SELECT 'relayed but not in domain_names', d.domain, d.id
  FROM relay_domains d LEFT JOIN domain_names n ON n.name = d.domain AND n.kind = 'relayed'
 WHERE n.name IS NULL
UNION ALL
SELECT 'stray name in domain_names', n.name, 0
  FROM domain_names n
  LEFT JOIN virtual_domains d ON d.name = n.name
  LEFT JOIN relay_domains r ON r.domain = n.name
 WHERE d.id IS NULL AND r.id IS NULL
UNION ALL
SELECT 'wrong count of mailboxes', d.name, d.id
  FROM virtual_domains d LEFT JOIN domain_counts c ON c.domain_id = d.id
  LEFT JOIN (SELECT domain_id, COUNT(*) AS n FROM virtual_users GROUP BY domain_id) u
    ON u.domain_id = d.id
 WHERE c.domain_id IS NULL OR c.mailboxes <> COALESCE(u.n, 0)
UNION ALL
SELECT 'wrong sum of quotas', d.name, d.id
  FROM virtual_domains d LEFT JOIN domain_counts c ON c.domain_id = d.id
  LEFT JOIN (SELECT domain_id, SUM(quota_kb) AS n FROM virtual_users GROUP BY domain_id) u
    ON u.domain_id = d.id
 WHERE c.domain_id IS NULL OR c.quota_kb <> COALESCE(u.n, 0)
UNION ALL
SELECT 'wrong count of aliases', d.name, d.id
  FROM virtual_domains d LEFT JOIN domain_counts c ON c.domain_id = d.id
  LEFT JOIN (SELECT domain_id, COUNT(DISTINCT source) AS n FROM virtual_aliases
              GROUP BY domain_id) a
    ON a.domain_id = d.id
 WHERE c.domain_id IS NULL OR c.aliases <> COALESCE(a.n, 0)
UNION ALL
SELECT 'wrong count of relay recipients', d.domain, d.id
  FROM relay_domains d LEFT JOIN relay_counts c ON c.relay_domain_id = d.id
  LEFT JOIN (SELECT relay_domain_id, COUNT(*) AS n FROM relay_recipients
              GROUP BY relay_domain_id) r ON r.relay_domain_id = d.id
 WHERE c.relay_domain_id IS NULL OR c.recipients <> COALESCE(r.n, 0)
UNION ALL
SELECT 'wrong total', s.kind, s.n
  FROM (SELECT kind, SUM(n) AS n FROM site_counts GROUP BY kind) s
 WHERE s.n <> CASE s.kind WHEN 'domains' THEN (SELECT COUNT(*) FROM virtual_domains)
                          WHEN 'mailboxes' THEN (SELECT COUNT(*) FROM virtual_users)
                          WHEN 'relays' THEN (SELECT COUNT(*) FROM relay_domains)
                          WHEN 'clients' THEN (SELECT COUNT(*) FROM ip_access)
                          WHEN 'senders' THEN (SELECT COUNT(*) FROM domain_access)
                          ELSE (SELECT COUNT(DISTINCT domain_id, source)
                                  FROM virtual_aliases) END
UNION ALL
SELECT 'destinations of one alias differ in state or description', a.email, MIN(a.id)
  FROM virtual_aliases a GROUP BY a.email
 HAVING MIN(a.active) <> MAX(a.active) OR MIN(a.description) <> MAX(a.description)
UNION ALL
SELECT 'path not in maildir_used', u.email, u.id
  FROM virtual_users u
  LEFT JOIN maildir_used m ON m.path = IF(u.maildir = '',
       CONCAT(SUBSTRING_INDEX(u.email, '@', -1), '/', u.user), u.maildir)
 WHERE m.path IS NULL
UNION ALL
SELECT 'rights of no account or over no domain', CONCAT(r.user_id, ' over ', r.domain_id), r.user_id
  FROM domain_admins r
  LEFT JOIN virtual_users u ON u.id = r.user_id
  LEFT JOIN virtual_domains d ON d.id = r.domain_id
 WHERE u.id IS NULL OR d.id IS NULL
UNION ALL
SELECT 'policy that is not there', u.email, u.id
  FROM virtual_users u LEFT JOIN policies p ON p.id = u.policy_id
 WHERE u.policy_id IS NOT NULL AND p.id IS NULL
UNION ALL
SELECT 'inactive super admin', u.email, u.id
  FROM virtual_users u WHERE u.admin = 2 AND u.active <> 1
UNION ALL
SELECT 'destination with upper-case letters in a hosted domain', a.destination, a.id
  FROM virtual_aliases a JOIN virtual_domains d ON d.name = a.destination_domain
 WHERE a.destination <> LOWER(a.destination)
--;;
