# SPDX-License-Identifier: GPL-3.0-or-later
"""Every cell of matrix.txt with a real request in a real session: what is answered, and which rows change.

After a deliberate change of the rules: `mailboy matrix > tests/web/matrix.txt`, and read the difference.
"""
import base64
import contextlib
import os
import re
import time

import pymysql
import pytest

from visitor import PASSWORD, ROOT, Site, routes

STORED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix.txt")
LEVELS = {f"domain@{level}": level for level in (1, 2, 3, 4)}   # of privacy_level
ROLES = ["nobody", "user", "elsewhere", "domain", *LEVELS, "server", "server2", "super", "console"]
WHO = {"user": "uma@a.example", "elsewhere": "bert@a.example", **dict.fromkeys(["domain", *LEVELS], "anna@a.example"),
       "server": "sam@s.example", "server2": "sue@s.example", "super": "max@m.example"}
NEW_PASSWORD = "some other pass phrase"
LINK = base64.urlsafe_b64encode(b"L" * 32).decode().rstrip("=")


class Trial:
    def __init__(self, head):
        fits = re.fullmatch(r"(GET|POST|SHELL) (\S+)(?: \((.*)\))? = (\S+); shell: (.*)", head)
        assert fits, head
        self.method, self.name, self.variant, self.action, self.command = fits.groups()
        self.cells = []   # (object, role, html, json, shell)

    def __str__(self):
        variant = f"({self.variant})" if self.variant else ""
        command = f" {self.command}" if self.method == "SHELL" else ""
        return f"{self.method} {self.name}{variant}{command}"


def read_matrix(text):
    trials = []
    for line in text.splitlines():
        if line.startswith("#") or not line.strip() or line.startswith("  roles:"):
            continue
        if not line.startswith(" "):
            trials.append(Trial(line))
            continue
        cells = line[29:].split()
        assert len(cells) == len(ROLES), line
        for role, cell in zip(ROLES, cells):
            trials[-1].cells.append((line[2:29].strip(), role, *cell.split("/")))
    return trials


with open(STORED, encoding="utf-8") as stored_file:
    TRIALS = read_matrix(stored_file.read())


# --- the world ---

MAIN = ("virtual_domains", "virtual_users", "domain_admins", "site", "policies", "relay_domains", "relay_recipients", "ip_access", "domain_access")
BESIDE = ("virtual_aliases", "domain_counts", "domain_names", "site_counts", "maildir_used", "mail_folder", "quota2",
          "last_login", "session", "invite", "relay_counts", "job")
TRIGGERED = ("virtual_domains", "virtual_users", "virtual_aliases", "relay_domains", "relay_recipients", "domain_access", "ip_access")
FOLLOW = ("domain_counts", "relay_counts", "domain_names", "site_counts", "maildir_used", "mail_folder")


class World:
    def __init__(self, site, open_sites):
        """open_sites: role -> a site on the same database with a privacy_level."""
        self.site = site
        self.sites = dict.fromkeys(ROLES, site) | open_sites
        for name in "absm":
            site.make_domain(f"{name}.example")
        site.make_mailbox("max@m.example", level=2)
        site.make_mailbox("sam@s.example", level=1)
        site.make_mailbox("sue@s.example", level=1)
        site.make_mailbox("anna@a.example", administers=("a.example", "s.example", "m.example"))
        site.make_mailbox("bert@a.example", administers=("b.example",))
        for email in ("uma@a.example", "pat@a.example", "fay@b.example"):
            site.make_mailbox(email)
        site.make_mailbox("off@a.example", active=0)
        self.numbers = self.make_others(site)
        self.ids = dict(site.sql("SELECT email, id FROM virtual_users"))
        self.domains = dict(site.sql("SELECT name, id FROM virtual_domains"))
        self.entries = {"entry of a.example": self.entry(self.domains["a.example"]),
                        "entry of b.example": self.entry(self.domains["b.example"]),
                        "entry of the site": self.entry(None), "missing entry": 987654321}
        self.sessions = {role: self.sites[role].sign_in(email) for role, email in WHO.items()}
        self.sessions["nobody"] = site.visitor()
        for role in WHO:
            assert self.sessions[role].token
        site.make_link("pat@a.example", b"L" * 32)
        self.connection = site.db.connect(db="mailboy", autocommit=True)
        self.sql = self.connection.cursor()
        self.sql.execute("SET SESSION foreign_key_checks = 0")
        self.sql.execute("CREATE DATABASE kept")
        self.columns = {}
        for table in MAIN + BESIDE:
            self.sql.execute(f"CREATE TABLE kept.{table} AS SELECT * FROM mailboy.{table}")
            self.sql.execute("SELECT column_name FROM information_schema.columns WHERE table_schema = 'mailboy'"
                             " AND table_name = %s AND generation_expression IS NULL", (table,))
            self.columns[table] = ", ".join(f"`{name}`" for (name,) in self.sql.fetchall())
        self.at = {table: self.place(table, "version") for table in ("virtual_users", "virtual_domains", "policies")}
        self.kept = {table: self.rows(table) for table in MAIN + BESIDE}
        self.sums = self.checksums()
        self.cleaned = time.monotonic()
        self.audit = 0
        self.audited()

    @staticmethod
    def make_others(site):
        """What a path names by a number or by a name of its own: {kind: {thing: what stands in the path}}."""
        alias = "INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, %s, %s FROM virtual_domains WHERE name = %s"
        for source, name in (("sales", "a.example"), ("", "a.example"), ("max", "m.example"), ("sales", "b.example")):
            site.sql(alias, source, "uma@a.example", name)
        site.sql("INSERT INTO relay_domains (domain) VALUES ('relay.example')")
        site.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, 'seed' FROM relay_domains")
        site.sql("INSERT INTO policies (policy_name, server_default) VALUES ('a policy', NULL), ('the default policy', 1), ('Chosen', NULL)")
        site.sql("INSERT INTO ip_access (ip, state) VALUES ('mx.example.net', 'REJECT'), ('held.example.net', 'HOLD')")
        site.sql("INSERT INTO domain_access (domain, state) VALUES ('sender.example', 'REJECT')")
        number = {email: str(n) for email, n in site.sql("SELECT email, id FROM virtual_aliases")}
        return {
            "alias": {"sales@a.example alias": number["sales@a.example"], "catch-all of a.example": number["@a.example"],
                      "max@m.example alias (super)": number["max@m.example"],
                      "sales@b.example alias": number["sales@b.example"], "missing alias": "987654321"},
            "relay": {"relay.example": "relay.example", "missing relay": "missing.example"},
            "policy": {**{name: str(n) for name, n in site.sql("SELECT policy_name, id FROM policies")}, "missing policy": "987654321"},
            "client": {name: str(site.one("SELECT id FROM ip_access WHERE state = %s", state))
                       for name, state in (("a client", "REJECT"), ("a held client", "HOLD"))},
            "sender": {"a sender": str(site.one("SELECT id FROM domain_access"))},
        }

    def place(self, table, column):
        self.sql.execute(f"SELECT * FROM mailboy.{table} LIMIT 0")
        return [name for name, *_ in self.sql.description].index(column)

    def entry(self, domain):
        self.site.sql("INSERT INTO audit (via, action, domain_id, outcome) VALUES ('cli', 'domain.edit', %s, 'done')", domain)
        return self.site.one("SELECT MAX(id) FROM audit")

    def checksums(self):
        self.sql.execute("CHECKSUM TABLE " + ", ".join(MAIN + BESIDE))
        return dict(self.sql.fetchall())

    def rows(self, table):
        what = "token_hash, user_id" if table == "session" else "*"
        self.sql.execute(f"SELECT {what} FROM mailboy.{table}")
        keys = 2 if table in ("domain_admins", "last_login", "site_counts") else 1
        return {row[:keys]: row for row in self.sql.fetchall()}

    def audited(self):
        """The lines of the audit log since the last call: [(action, outcome)]."""
        self.sql.execute("SELECT id, action, outcome FROM audit WHERE id > %s ORDER BY id", (self.audit,))
        lines = self.sql.fetchall()
        self.audit = lines[-1][0] if lines else self.audit
        return [line[1:] for line in lines]

    def changed(self):
        """{table: (added, gone, altered)} of keys, against the kept rows."""
        sums, found = self.checksums(), {}
        for table in MAIN + BESIDE:
            if sums[f"mailboy.{table}"] == self.sums[f"mailboy.{table}"]:
                continue
            now, kept = self.rows(table), self.kept[table]
            difference = (sorted(now.keys() - kept.keys()), sorted(kept.keys() - now.keys()),
                          sorted(k for k in kept.keys() & now.keys() if kept[k] != now[k]))
            if any(difference):
                found[table] = difference
        return found

    def restore(self, left):
        """What changed() has found is put back row by row; and where triggers mind that, everything."""
        for put_back in (self.put_rows_back, self.put_rows_back, self.write_anew):
            try:
                put_back(left)
            except pymysql.MySQLError:
                assert put_back != self.write_anew
            left = self.changed()
            if not left:
                self.freshen()
                return
        raise AssertionError(f"not restored: {left}")

    def put_rows_back(self, changed):
        dirty = [(table, *changed[table]) for table in TRIGGERED if table in changed]
        for table, added, _, _ in reversed(dirty):
            self.of_rows(f"DELETE FROM {table}", table, added)
        if any(gone for _, _, gone, _ in dirty):
            self.empty(FOLLOW)   # what is there would stand in their way
        for table, _, gone, altered in dirty:
            columns = self.columns[table]
            values = ", ".join(f"{table}.{column} = kept.{column}" for column in columns.split(", "))
            self.of_rows(f"UPDATE {table} JOIN kept.{table} kept ON kept.id = {table}.id SET {values}", table, altered)
            self.of_rows(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept.{table}", table, gone)
        follow = self.changed() if dirty else changed
        self.refill(table for table in MAIN + BESIDE if table in follow and table not in TRIGGERED)

    def of_rows(self, statement, table, keys):
        if keys:
            self.sql.execute(f"{statement} WHERE {table}.id IN ({', '.join(str(key) for key, in keys)})")

    def empty(self, tables):
        for table in tables:
            self.sql.execute(f"DELETE FROM {table}")

    def refill(self, tables):
        for table in tables:
            self.empty([table])   # of what the triggers made meanwhile, too
            self.sql.execute(f"INSERT INTO {table} ({self.columns[table]}) SELECT {self.columns[table]} FROM kept.{table}")

    def write_anew(self, tables):
        dirty = [t for t in TRIGGERED if t in tables]
        others = [t for t in MAIN + BESIDE if t not in TRIGGERED and (t in tables or (dirty and t in FOLLOW))]
        for table in dirty:
            self.sql.execute(f"TRUNCATE TABLE {table}")
        self.empty(others)
        self.refill(dirty + others)

    def freshen(self):
        self.sql.execute("UPDATE session SET created = UTC_TIMESTAMP(), reauth_at = UTC_TIMESTAMP(), flash = NULL")
        self.sql.execute("DELETE FROM operation")
        self.sql.execute("DELETE FROM throttle")
        self.sums = self.checksums()


@pytest.fixture(scope="module")
def world():
    kind = os.environ.get("MAILBOY_MATRIX", "release")
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(Site(kind=kind, argon2_passes=1))
        yield World(site, {role: stack.enter_context(Site(kind=kind, database=site.db, workers=1, privacy_level=level, argon2_passes=1))
                           for role, level in LEVELS.items()})


# --- one way to do it ---

def fill(text, thing, role, world, free):
    """Names of the object in a pattern or a command."""
    for kind, numbers in world.numbers.items():   # an access entry may be of either kind
        text = text.replace(f"{{{kind}}}", numbers.get(thing, "987654321"))
    at = "@a.example" if thing.startswith("catch-all") else "nobody@a.example" if thing == "missing alias" else thing.split()[0]
    text = text.replace("{source}", at)
    if "alias" in thing or thing.startswith("catch-all"):
        domain = next((name for name in world.domains if name in thing), "a.example")
        return text.replace("{domain}", domain).replace("{new}", free)
    email = WHO.get(role, "") if thing == "own mailbox" else thing.split()[0]
    domain = thing.split()[0]
    if thing == "missing domain":
        domain = "missing.example"
    if thing == "missing mailbox":
        email = "nobody@a.example"
    if "@" in email:
        domain = email.partition("@")[2]
    return (text.replace("{domain}/mailboxes/{mailbox}", f"{domain}/mailboxes/{email.partition('@')[0]}")
            .replace("{domain}", domain).replace("{mailbox}", email).replace("{new}", free)
            .replace("{account}", str(world.ids.get(email, 987654321))).replace("{entry}", str(world.entries.get(thing, 0))).replace("{theme}", "base")
            .replace("{token}", LINK if thing.startswith("link of") else "A" * 43))


def version_of(thing, role, world):
    if thing in world.numbers["alias"]:
        return 1
    name = WHO.get(role) if thing == "own mailbox" else thing.split()[0]
    if thing in world.numbers["policy"]:
        return world.kept["policies"].get((int(world.numbers["policy"][thing]),), [1] * 99)[world.at["policies"]]
    table, ids = ("virtual_users", world.ids) if "@" in (name or "") else ("virtual_domains", world.domains)
    row = world.kept[table].get((ids.get(name),))
    return row[world.at[table]] if row else 1


def alias_fields(trial):
    to = {"destinations": ["nobody@elsewhere.example"]}
    return {
        "alias.add": {"source": "", "catch_all": True, **to} if trial.variant == "catch-all"
        else {"source": "max" if trial.variant else "new", **to},
        "alias.edit": {"active": False} if trial.variant == "disable"
        else {"description": "other"} if trial.variant == "description" else {"source": "", "catch_all": True},
        "alias.delete": {},
    }[trial.action]


def fields(trial, thing, role, world, free):
    """What is sent with a POST, as JSON members."""
    domain = thing.split()[0]
    version = {"version": version_of(thing, role, world)}
    if trial.variant and "who=" in trial.variant:
        of_domain = trial.name == "admins.new" and not trial.variant.startswith("server")
        return {"address": trial.variant.partition("who=")[2], **({"domain": "b.example"} if of_domain else {})}
    if trial.name == "bulk.run":
        number = world.ids.get(WHO.get(role) if thing == "own mailbox" else domain, 987654321)
        return {"kind": "mailboxes", "action": trial.variant[5:], "ids": [number], "id": number}
    choice = {"policy": int(world.numbers["policy"]["Chosen"])}
    if trial.action.startswith("alias."):
        return alias_fields(trial) | (version if trial.action != "alias.add" else {})
    return {
        "session.end": {}, "sessions.end": {}, "admin.remove": {}, "undo": {}, "domain.add": {"name": free}, "domain.delete": {"name": domain},
        "domain.edit": {"name": free, **version} if trial.variant == "rename" else {"description": "other", **version},
        "mailbox.add": {"local_part": "new", "password": NEW_PASSWORD},
        "mailbox.edit": {"active": False, **version} if trial.variant == "disable" else {"name": "Other", **version},
        "mailbox.invite": {}, "mailbox.invite.withdraw": {}, "invite.accept": {"password": NEW_PASSWORD},
        "mailbox.delete": {}, "password.set": {"password": NEW_PASSWORD},
        "password.change": {"current": PASSWORD, "password": NEW_PASSWORD}, "me.language": {"language": "fr"},
        "domain.policy": choice, "mailbox.policy": choice, "me.policy": choice,
        "policy.add": {"name": free}, "policy.edit": {"description": "other", **version}, "policy.delete": {},
        "access.add": {"kind": "sender", "entry": free, "state": trial.variant}, "access.paste": {"kind": "sender", "state": "REJECT", "lines": free},
        "access.edit": {"state": "OK", "version": 1}, "access.delete": {},
        "relay.add": {"domain": free}, "relay.delete": {}, "relay.recipient.add": {"addresses": "ada"},
        "relay.edit": {"next_hop": "[192.0.2.9]", "version": 1} if trial.variant == "next hop" else {"name": free, "version": 1} if trial.variant == "rename" else {"description": "other", "version": 1},
        "relay.recipient.remove": {"address": "seed"},
        "theme.activate": {}, "theme.settings": {}, "theme.retry": {}, "theme.preview": {"on": False},
        "nothing": {"email": "uma@a.example", "password": PASSWORD} if trial.name == "login" else {},
    }[trial.action]


def ask_page(trial, thing, role, world, json, free):
    visitor = world.sessions[role]
    if trial.name == "login" and trial.method == "POST":
        visitor = world.sites[role].visitor()
    path = fill(routes()[trial.name][0], thing, role, world, free)
    if trial.method == "GET":
        return visitor.get(path, json=json).status
    sent, cookies = fields(trial, thing, role, world, free), dict(visitor.cookies)
    token = visitor.token if cookies else None
    if json:
        answer = visitor.post_json(path, sent, token=token)
    else:
        answer = visitor.post(path, {k: int(v) if isinstance(v, bool) else "\n".join(map(str, v)) if isinstance(v, list) else v
                                     for k, v in sent.items()}, token=token)
    visitor.cookies = cookies   # a session that has ended is restored by its row
    return answer.status


def ask_shell(trial, thing, role, world, free):
    command = fill(trial.command, thing, role, world, free)
    if trial.variant and trial.variant.startswith("who="):
        command = command.replace("{who}", trial.variant[4:])
    words = command.split()
    if words[0] == "page":
        words.append("--json")
    return world.sites[role].run(*words, as_=WHO.get(role), input=NEW_PASSWORD + "\n").returncode


# --- what may change ---

def effects(trial, thing, role, world):
    """{table: (added, gone, altered)} for MAIN; for added rows their number."""
    email = WHO.get(role) if thing in ("own mailbox", "self") else thing.removeprefix("link of ").split()[0]
    domain, user = world.domains.get(thing.split()[0]), world.ids.get(email)
    users = sorted((k,) for k, row in world.kept["virtual_users"].items() for k in k if world_domain(world, k) == domain)
    admins = sorted(k for k in world.kept["domain_admins"] if k[1] == domain or (k[0],) in users)
    who = world.ids.get((trial.variant or "").partition("who=")[2])
    policy = int(world.numbers["policy"].get(thing, 0))
    altered = {"virtual_users": (0, [], [(user,)])}
    lists = "ip_access" if "client" in thing else "domain_access"
    listed = int({**world.numbers["client"], **world.numbers["sender"]}.get(thing, 0))
    the = lambda table: sorted(world.kept[table])   # noqa: E731  one row each
    alias = (int(world.numbers["alias"].get(thing, 0)),)
    return {
        "nothing": {}, "session.end": {}, "sessions.end": {}, "undo": {}, "mailbox.invite": {}, "mailbox.invite.withdraw": {}, "invite.accept": altered, "theme.preview": {},
        "admin.make": {"virtual_users": (0, [], [(who,)])} if (trial.variant or "").startswith("server") else {"domain_admins": (1, [], [])},
        **{f"theme.{what}": {"site": (0, [], [("theme",)])} for what in ("activate", "settings", "retry")},
        "domain.add": {"virtual_domains": (1, [], [])}, "domain.policy": {"virtual_domains": (0, [], [(domain,)])},
        "mailbox.policy": altered, "me.policy": altered, "policy.add": {"policies": (1, [], [])},
        "policy.edit": {"policies": (0, [], [(policy,)])}, "policy.delete": {"policies": (0, [(policy,)], [])},
        "domain.edit": {"virtual_domains": (0, [], [(domain,)]), **({"virtual_users": (0, [], users)} if trial.variant == "rename" and users else {})},
        "domain.delete": {"virtual_domains": (0, [(domain,)], []), **({"virtual_users": (0, users, [])} if users else {}),
                          **({"domain_admins": (0, admins, [])} if admins else {})},
        "domain.admin.add": {"domain_admins": (1, [], [])}, "domain.admin.remove": {"domain_admins": (0, [(who, domain)], [])},
        **dict.fromkeys(("alias.add", "alias.catchall"), {"virtual_aliases": (1, [], [])}),
        "alias.edit": {"virtual_aliases": (0, [], [alias])}, "alias.delete": {"virtual_aliases": (0, [alias], [])},
        "mailbox.add": {"virtual_users": (1, [], [])}, "mailbox.edit": altered, "password.set": altered, "password.change": altered, "me.language": altered,
        "mailbox.delete": {"virtual_users": (0, [(user,)], []), **({"domain_admins": (0, mine, [])} if (mine := sorted(
            k for k in world.kept["domain_admins"] if k[0] == user)) else {})},
        "access.add": {"domain_access": (1, [], [])}, "access.paste": {"domain_access": (1, [], [])},
        "access.edit": {lists: (0, [], [(listed,)])}, "access.delete": {lists: (0, [(listed,)], [])},
        "relay.add": {"relay_domains": (1, [], [])}, "relay.edit": {"relay_domains": (0, [], the("relay_domains")),
                                                                     **({"relay_recipients": (0, [], the("relay_recipients"))} if trial.variant == "rename" else {})},
        "relay.delete": {"relay_domains": (0, the("relay_domains"), []), "relay_recipients": (0, the("relay_recipients"), [])},
        "relay.recipient.add": {"relay_recipients": (1, [], [])}, "relay.recipient.remove": {"relay_recipients": (0, the("relay_recipients"), [])},
        "admin.add": altered, "admin.remove": altered, "admin.super.add": altered, "admin.super.remove": altered,
    }[trial.action]


def disables(trial):
    return (trial.variant or "").endswith("disable")


def world_domain(world, user):
    return world.kept["virtual_users"][(user,)][1]


ENDS_SESSIONS = ("password.set", "password.change", "mailbox.delete", "domain.delete", "domain.admin.add", "domain.admin.remove",
                 "admin.add", "admin.remove", "admin.super.add", "admin.super.remove", "session.end", "sessions.end", "admin.make", "invite.accept", "nothing")


DONE_AS = {"alias.catchall": "alias.add"}   # a right that another action asks for


def check_rows(trial, thing, role, way, status, world, where):
    changed, lines = world.changed(), world.audited()
    done = status in (0, 200, 201, 303) and trial.method != "GET" and (role != "nobody" or trial.name == "invite") or trial.action == "nothing" and trial.method == "POST"
    reads = trial.method == "GET" or trial.command.split()[:2][-1:] in (["list"], ["show"], ["names"]) or " list" in trial.command
    if not done or reads:
        assert not changed, f"{where}: {status}, and yet {changed}"
        expected = [(DONE_AS.get(trial.action, trial.action), "refused")]
        refused_page = way != "shell" and role != "nobody" and status in (403, 404) and trial.action != "nothing"
        assert lines == expected if refused_page else all(line in expected for line in lines), f"{where}: audit {lines}"
        return
    counted = (*MAIN, "virtual_aliases") if trial.action.startswith("alias.") else MAIN
    main = {table: (len(added), gone, altered) for table, (added, gone, altered) in changed.items() if table in counted}
    ignored = not main and not lines and (trial.variant == "rename" and role in ("domain", "elsewhere", *LEVELS)
                                          or trial.variant == "next hop" and role in LEVELS
                                          or disables(trial) and thing.startswith("off@")
                                          or trial.variant == "into catch-all" and thing.startswith("catch-all"))
    if not ignored:
        assert main == effects(trial, thing, role, world), f"{where}: {changed}"
        assert lines == ([] if trial.action == "nothing" else [(DONE_AS.get(trial.action, trial.action), "done")]), f"{where}: audit {lines}"
    if "session" in changed and trial.action != "nothing":
        ends = trial.action in ENDS_SESSIONS or disables(trial)
        begins = trial.action == "invite.accept"
        assert ends and (begins or not changed["session"][0]), f"{where}: {changed['session']}"
    world.restore(changed)


def test_program_prints_what_is_stored(world):
    printed = world.site.run("matrix", check=True).stdout
    with open(STORED, encoding="utf-8") as file:
        assert printed == file.read(), "read the difference, then: mailboy matrix > tests/web/matrix.txt"


def test_every_route_and_action_has_cells():
    told = {(t.method, t.name) for t in TRIALS}
    for name, (_, see, change) in routes().items():
        assert ("GET", name) in told
        assert change == "NOTHING" and name != "login" or ("POST", name) in told, name
    with open(os.path.join(ROOT, "core", "actions", "actions.def"), encoding="utf-8") as file:
        actions = re.findall(r'^ACTION\(\w+,\s*"([^"]+)".*?(READS)?\)$', file.read(), re.M)
    assert len(actions) > 25
    for action, reads in actions:
        ways = [t for t in TRIALS if t.action == action and (reads or t.method != "GET")]
        assert ways, action
        assert any(c[2] != "-" or c[4] != "-" for t in ways for c in t.cells), action


def test_every_command_is_in_the_table():
    with open(os.path.join(ROOT, "core", "cli", "commands.def"), encoding="utf-8") as file:
        commands = re.findall(r'^COMMAND\("(\w+)", (?:"(\w+)"|NULL),', file.read(), re.M)
    assert len(commands) > 50, commands
    told = [t.command for t in TRIALS]
    about_files = {"serve", "setup", "upgrade", "conf", "check", "matrix", "page", "man"}
    also = {("access", "paste"), ("mailbox", "enable"), ("alias", "enable"), ("alias", "disable"), ("admin", "show"), ("theme", "reset")}   # as mailbox disable, admin list, theme activate
    about_files |= {("theme", verb) for noun, verb in commands if noun == "theme" and verb != "activate"}
    for noun, verb in commands:
        if noun not in about_files and (noun, verb) not in about_files and (noun, verb) not in also:
            assert any(command.startswith(f"{noun} {verb}") for command in told), f"{noun} {verb}"


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_cells(world, trial):
    mistakes = []
    world.freshen()
    for number, (thing, role, html, json, shell) in enumerate(trial.cells):
        for way, wanted in (("html", html), ("json", json), ("shell", shell)):
            if wanted == "-":
                continue
            where = f"{trial} of {thing} by {role}, {way}"
            free = f"new{number}{way}.example"
            status = (ask_shell(trial, thing, role, world, free) if way == "shell"
                      else ask_page(trial, thing, role, world, way == "json", free))
            if status != int(wanted):
                mistakes.append(f"{where}: {status}, not {wanted}")
                world.audited()
                world.restore(world.changed())
                continue
            try:
                check_rows(trial, thing, role, way, status, world, where)
            except AssertionError as error:
                mistakes.append(str(error).split("\n")[0])
                world.restore(world.changed())
    assert not mistakes, "\n".join(mistakes[:20])


def test_own_sessions_survived(world):
    """All the while each role was who it says."""
    for role, email in WHO.items():
        assert world.sessions[role].get("/me", json=True).json["mailbox"]["email"] == email
