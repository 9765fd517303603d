# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line by itself: what it says of a slip and with which status (sysexits.h), setup and upgrade
with their refusals, and log lines."""
import json
import os
import re
import resource
import stat
import subprocess

import pytest
from visitor import ADMIN, PASSWORD, Site

USAGE, BAD_DATA, NO_INPUT, AWAY, TROUBLE, DENIED, CONFIGURATION = 64, 65, 66, 69, 70, 77, 78


@pytest.fixture(scope="module")
def own():
    """One of one's own: its configuration and its schema are changed."""
    with Site() as made:
        made.make_domain("one.example")
        made.make_mailbox("ada@one.example")
        yield made


def plain(own, *words, input="", env=None):
    """Without --config."""
    done = subprocess.run([own.program, *words], input=input, text=True, capture_output=True, timeout=120, check=False,
                          env={**os.environ, **(env or {})})
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return done


def commands():
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "core", "cli", "commands.def"), encoding="utf-8") as file:
        return re.findall(r'^COMMAND\("(\w+)", (?:"(\w+)"|NULL), \w+, "((?:[^"\\]|\\.)*)",\s*("|NULL)', file.read(), re.M)


# --- words that do not fit ---

def test_help_names_every_command(own):
    whole = plain(own, "--help")
    assert whole.returncode == 0 and whole.stderr == "" and whole.stdout.startswith("Mailboy ")
    rows = commands()
    assert len(rows) > 25
    for noun, verb, usage, shown in rows:
        line = "  mailboy " + " ".join(word for word in (noun, verb) if word)
        assert (re.search(re.escape(line) + r"[ \n]", whole.stdout) is not None) == (shown == '"'), "the program is older than commands.def, or " + line
        if shown == '"':
            one = plain(own, *[word for word in (noun, verb) if word], "--help")
            assert one.returncode == 0 and line in one.stdout and usage.replace('\\"', '"') in one.stdout, one
    assert "-- ends the options" in whole.stdout


def examples():
    """{(noun, verb): what its help says may be typed}"""
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "core", "cli", "commands.def"), encoding="utf-8") as file:
        rows = re.findall(r'^COMMAND\("(\w+)", (?:"(\w+)"|NULL), (.*?)\)$', file.read(), re.M | re.S)
    return {(noun, verb): re.findall(r'(?:\\n|")  (mailboy [^"\\]*)', rest) for noun, verb, rest in rows if not rest.endswith("NULL")}


# Of the machine itself; of one entry of one site; of themes: test_theme_tools.py.
NOT_HERE = {"serve", "setup", "upgrade", "conf", "check", "man", "page", "theme"}


def test_each_example_works_when_it_is_pasted(tmp_path):
    """What adds first, what deletes last and in the other order."""
    assert [command for command, lines in examples().items() if not lines] == []
    stages = ("add", "disable", "enable", None, "delete")
    rows = [(verb if verb in stages else None, line) for (noun, verb), lines in examples().items() if noun not in NOT_HERE
            for line in lines if not line.endswith(" 4711")]
    (tmp_path / "addresses.txt").write_text("alan\nedsger\n")
    (tmp_path / "blocked.txt").write_text("192.0.2.66 REJECT\n")
    with Site() as site:
        site.make_mailbox("postmaster@example.org")
        site.make_mailbox("alan@example.org")
        def paste(line):
            done = subprocess.run(["bash", "-c", f'mailboy() {{ "$PROGRAM" "$@" --config "$CONFIG"; }}\n{line}'], cwd=tmp_path, text=True,
                                  capture_output=True, timeout=120, check=False, env={**os.environ, "PROGRAM": site.program, "CONFIG": site.config})
            assert done.returncode == 0, (line, done.stdout, done.stderr)
        for stage in stages:
            lines = [line for of, line in rows if of == stage and line != "mailboy domain add example.org"]   # the site's own
            for line in reversed(lines) if stage == "delete" else lines:
                paste(line)
            if stage == "add":
                paste("mailboy alias add info@example.org ada@example.org")
                paste("mailboy access add --client 192.0.2.5 REJECT")


@pytest.mark.parametrize("words, status, told", [
    ([], USAGE, None), (["--help"], 0, None), (["-h"], 0, None), (["--version"], 0, None), (["bogus"], USAGE, "no command `bogus`"),
    (["bogus", "--help"], USAGE, None), (["domain", "bogus", "--help"], USAGE, None), (["domain"], USAGE, "wants one of its verbs"),
    (["domain", "bogus"], USAGE, "wants one of its verbs"), (["mailbox", "--json"], USAGE, "wants one of its verbs"),
    (["domain", "add"], USAGE, "mailboy domain add NAME"), (["domain", "add", "a.example", "b.example"], USAGE, "mailboy domain add NAME"),
    (["domain", "list", "--after"], USAGE, "--after wants a value"), (["serve", "more"], USAGE, "mailboy serve"),
    (["setup", "more"], USAGE, "mailboy setup"), (["upgrade", "more"], USAGE, "mailboy upgrade"), (["conf"], USAGE, "mailboy conf"),
    (["mailbox", "show"], USAGE, "mailboy mailbox show"), (["admin", "show"], USAGE, "mailboy admin show"),
    (["domain", "list", "--prefix", "one"], USAGE, "no option --prefix"), (["mailbox", "enable", "ada@one.example", "--name=x"], USAGE, "no option --name"),
    (["domain", "list", "--quota", "1 GB"], USAGE, "no option --quota"), (["domain", "show", "one.example", "--yes"], USAGE, "no option --yes"),
    (["admin", "add"], USAGE, "mailboy admin add"), (["audit", "show"], USAGE, "mailboy audit show"),
    (["domain", "add", *[w for i in range(40) for w in (f"--f{i}", "x")]], USAGE, None)])
def test_usage(own, words, status, told):
    done = plain(own, *words)
    assert done.returncode == status, done
    assert told is None or told in done.stderr, done
    assert (done.stdout != "") == (told is None and words != [] and "--f0" not in words and "bogus" not in words) or words == [], done


@pytest.mark.parametrize("words, status, told", [
    (["domain", "show", "none.example"], NO_INPUT, "no domain"), (["mailbox", "show", "nobody@one.example"], NO_INPUT, "no mailbox"),
    (["mailbox", "show", "no address"], BAD_DATA, ""), (["domain", "add", "nodots"], BAD_DATA, "name"), (["domain", "add", "one.example"], 73, "name"),
    (["domain", "add", "two.example", "--bogus", "x"], USAGE, "bogus"), (["mailbox", "add", "bob@one.example", "--no-password", "--quota", "lots"], BAD_DATA, "quota"),
    (["mailbox", "add", "bob@none.example", "--no-password"], NO_INPUT, "no domain"), (["domain", "delete", "one.example"], USAGE, "--yes"),
    (["mailbox", "delete", "ada@one.example"], USAGE, "--yes"), (["admin", "delete", "ada@one.example"], USAGE, "--yes"),
    (["admin", "add", "ada@one.example", "--super", "--domain", "one.example"], USAGE, "mailboy admin add"),
    (["admin", "add", "ada@one.example", "--domain", "none.example"], NO_INPUT, "no domain"), (["admin", "add", "nobody@one.example"], NO_INPUT, "no mailbox"),
    (["audit", "show", "987654321"], NO_INPUT, ""), (["audit", "show", "x"], NO_INPUT, ""), (["theme", "activate", "none"], None, "none"),
    (["mailbox", "show", "ada@one.example", "--as", "nobody@one.example"], NO_INPUT, "no mailbox"), (["page", "/none", "--as", ADMIN], NO_INPUT, "")])
def test_refusals_name_what_they_are_about(own, words, status, told):
    before = own.one("SELECT COUNT(*) FROM audit WHERE outcome = 'done'")
    done = own.run(*words)
    assert done.returncode != 0 and (status is None or done.returncode == status), done
    assert told in done.stderr and done.stderr.count("\n") <= 4, done
    assert own.one("SELECT COUNT(*) FROM audit WHERE outcome = 'done'") == before


def test_what_one_may_not_set_is_refused_not_ignored(own):
    own.make_mailbox("keeper@one.example", administers=("one.example",))
    for words in (["--name", "other.example"], ["--limit-mailboxes", "0", "--description", "x"], ["--quota-most", "1 GB"]):
        done = own.run("domain", "edit", "one.example", *words, as_="keeper@one.example")
        assert done.returncode == DENIED and "Your account may not do this." in done.stderr, done
        assert words[0][2:].replace("-", "_") + ":" in done.stderr, done
    assert own.sql("SELECT description, limit_mailboxes FROM virtual_domains WHERE name = 'one.example'") == (("", 0),)
    assert own.run("domain", "edit", "two.example", "--name", "x.example", as_="keeper@one.example").returncode == NO_INPUT
    assert own.run("domain", "edit", "one.example", "--description", "", as_="keeper@one.example").returncode == 0


def test_names_of_all_domains_are_opened_by_the_configuration(own, tmp_path):
    own.make_domain("bücher.example".encode("idna").decode())
    own.make_domain("mine.example")
    own.make_mailbox("keeper@mine.example", administers=("mine.example",))
    own.make_mailbox("user@mine.example")
    opened = tmp_path / "opened.conf"
    with open(own.config, encoding="utf-8") as file:
        opened.write_text(file.read() + "\nprivacy_level = 1\n", encoding="utf-8")
    opened.chmod(0o600)

    def ask(config, *words):
        return plain(own, *words, "--config", str(config), "--json")

    assert ask(own.config, "domain", "names", "--as", "keeper@mine.example").returncode == DENIED
    assert ask(opened, "domain", "names", "--as", "user@mine.example").returncode == DENIED
    told = [json.loads(line) for line in ask(opened, "domain", "names", "--all", "--as", "keeper@mine.example").stdout.splitlines()]
    assert [row["domain"] for row in told] == [name for (name,) in own.sql("SELECT name FROM virtual_domains ORDER BY name")]
    assert {"domain": "xn--bcher-kva.example", "name": "bücher.example"} in told and all(set(row) == {"domain", "name"} for row in told)
    page = json.loads(ask(opened, "page", "/domains/names?q=mine", "--as", "keeper@mine.example").stdout)
    assert page["rows"] == [{"domain": "mine.example", "name": "mine.example", "idn": False}]
    for path, names in (("/domains", ["mine.example"]), ("/domains/one.example", None), ("/mailboxes", ["mine.example"] * 2)):
        seen = ask(opened, "page", path, "--as", "keeper@mine.example")
        assert (seen.returncode == 0) == (names is not None)
        assert names is None or [row["domain"] for row in json.loads(seen.stdout)["rows"]] == names, seen
    html = plain(own, "page", "/domains/names", "--config", str(opened), "--as", "keeper@mine.example").stdout
    assert "bücher.example" in html and "/domains/one.example" not in html and "/domains/xn--" not in html
    assert "Names of all domains" in plain(own, "page", "/domains", "--config", str(opened), "--as", "keeper@mine.example").stdout
    assert "Names of all domains" not in plain(own, "page", "/domains", "--config", own.config, "--as", "keeper@mine.example").stdout


def test_limits(own):
    own.run("domain", "add", "small.example", "--limit-mailboxes", "1", "--limit-quota", "3 GB", "--quota-default", "1 GB", check=True)
    own.run("mailbox", "add", "only@small.example", "--no-password", check=True)
    full = own.run("mailbox", "add", "two@small.example", "--no-password")
    assert full.returncode == BAD_DATA and "as many mailboxes as it may have: 1." in full.stderr, full
    more = own.run("mailbox", "edit", "only@small.example", "--quota", "4 GB", "--json")
    assert more.returncode == BAD_DATA and json.loads(more.stderr) == {"field": "quota", "error":
        "The domain has only 3 GB left to give to this mailbox. Take less, or ask a server admin to raise the domain's limit."}
    shown = json.loads(own.run("domain", "show", "small.example", "--json", check=True).stdout)["limits"]
    assert shown["mailboxes"] == {"used": 1, "limit": 1, "percent": 100, "level": "full"} and shown["quota"]["percent"] == 33
    assert "1 of 1 mailboxes" in own.run("domain", "list", "small", check=True).stdout
    own.run("domain", "edit", "small.example", "--limit-mailboxes", "0", check=True)
    own.run("mailbox", "add", "two@small.example", "--no-password", check=True)


def test_options_end_at_two_dashes(own):
    done = own.run("domain", "show", "--config", own.config, "--", "--json")
    assert done.returncode in (NO_INPUT, BAD_DATA) and done.stderr.startswith("mailboy: "), done
    same = own.run("mailbox", "list", "--prefix=ada", check=True)
    assert same.stdout == own.run("mailbox", "list", "--prefix", "ada", check=True).stdout and "ada@one.example" in same.stdout


# --- who administers what ---

def test_admins(own):
    own.make_mailbox("eve@one.example")
    listed = [json.loads(line) for line in own.run("admin", "list", "--json", check=True).stdout.splitlines()]
    assert (listed[0]["email"], listed[0]["role"], listed[0]["active"]) == (ADMIN, "super", True)
    assert {row["role"] for row in listed[1:]} <= {"domain"} and all(row["domains"] > 0 for row in listed[1:])
    assert own.run("admin", "list", check=True).stdout.splitlines()[0].split() == ["super", ADMIN]
    assert json.loads(own.run("admin", "show", "eve@one.example", "--json", check=True).stdout) == {
        "email": "eve@one.example", "role": "user", "domains": []}
    given = own.run("admin", "add", "eve@one.example", "--domain", "one.example", check=True)
    assert given.stdout == "eve@one.example is now administrator of the domain\n"
    assert json.loads(own.run("admin", "show", "eve@one.example", "--json", check=True).stdout) == {
        "email": "eve@one.example", "role": "domain", "domains": ["one.example"]}
    assert "administers one.example" in own.run("admin", "show", "eve@one.example", check=True).stdout
    again = own.run("admin", "add", "eve@one.example", "--domain", "one.example")
    assert again.returncode == 73 and "already" in again.stderr, again
    taken = own.run("admin", "delete", "eve@one.example", "--domain", "one.example", "--yes", "--json", check=True)
    assert json.loads(taken.stdout) == {"email": "eve@one.example", "action": "domain.admin.remove"}
    for words, level, told in ((["add"], 1, "is now server admin"), (["add", "--super"], 2, "is now super admin"),
                               (["delete", "--super", "--yes"], 1, "is no longer super admin"), (["delete", "--yes"], 0, "is no longer server admin")):
        done = own.run("admin", words[0], "eve@one.example", *words[1:], check=True)
        assert told in done.stdout and own.one("SELECT admin FROM virtual_users WHERE email = 'eve@one.example'") == level, done
    assert own.run("admin", "delete", "eve@one.example", "--yes").returncode in (DENIED, 73)
    assert own.run("admin", "list", as_="eve@one.example").returncode == DENIED
    assert own.run("admin", "show", "eve@one.example", as_="ada@one.example").returncode in (DENIED, NO_INPUT)


# --- setup and upgrade ---

def test_setup_writes_a_first_configuration(own, tmp_path):
    """Fresh passwords, readable by the owner alone, never printed; a second run takes them as they are."""
    path = tmp_path / "etc" / "mailboy.conf"
    words = ["setup", "--socket", own.db.socket, "--config", str(path)]
    wanted = own.run(*words, "--dry-run", check=True)
    assert "would: write a configuration" in wanted.stdout and not path.exists()
    # Another server's passwords would be set anew: the accounts of this database are the running pool's.
    with open(own.config, encoding="utf-8") as file:
        passwords = [line for line in file if "_password" in line]
    path.parent.mkdir()
    path.write_text("hosts = x.example\n" + "".join(passwords))
    path.chmod(0o600)
    again = own.run(*words, check=True)
    assert "mailboy setup --admin ADDRESS" in again.stdout and "pwmail" not in again.stdout + again.stderr
    assert own.run(*words, "--json", check=True).stdout == ""


def test_setup_writes_only_where_it_may(own, tmp_path):
    (tmp_path / "file").write_text("")
    done = own.run("setup", "--socket", own.db.socket, "--config", str(tmp_path / "file" / "mailboy.conf"))
    assert done.returncode == CONFIGURATION and str(tmp_path / "file") in done.stderr, done


def test_setup_makes_a_configuration_before_it_asks_the_database(own, tmp_path):
    path = tmp_path / "deep" / "mailboy.conf"
    done = own.run("setup", "--socket", str(tmp_path / "nobody"), "--config", str(path))
    assert done.returncode == AWAY and "--defaults-file" in done.stderr, done
    text = path.read_text()
    passwords = re.findall(r"^(\w+)_password = (\w{24})$", text, re.M)
    assert [name for name, _ in passwords] == ["database", "mailpostfix", "mailuser", "mailquota"] and len({word for _, word in passwords}) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and f"database_socket = {tmp_path / 'nobody'}" in text
    assert not any(word in done.stdout + done.stderr for _, word in passwords)
    assert own.run("setup", "--socket", str(tmp_path / "nobody"), "--config", str(path)).returncode == AWAY
    assert path.read_text() == text


def test_setup_leaves_no_half_configuration(own, tmp_path):
    """As on a full disk: no file may be longer than 20 bytes."""
    path = tmp_path / "mailboy.conf"
    done = subprocess.run([own.program, "setup", "--socket", str(tmp_path / "nobody"), "--config", str(path)], capture_output=True, text=True,
                          timeout=60, check=False, restore_signals=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)))
    assert done.returncode == CONFIGURATION and "File too large" in done.stderr, done
    assert os.listdir(tmp_path) == []


def test_setup_wants_all_passwords(own, tmp_path):
    path = tmp_path / "some.conf"
    path.write_text("hosts = x.example\ndatabase_password = abc\n")
    path.chmod(0o600)
    done = own.run("setup", "--socket", own.db.socket, "--config", str(path))
    assert done.returncode == CONFIGURATION and "mailquota_password" in done.stderr, done


def test_setup_makes_further_admins(own):
    words = ["setup", "--socket", own.db.socket]
    for wrong in ("no address", "@x.example", "a@b"):
        done = own.run(*words, "--admin", wrong, "--generate")
        assert done.returncode == BAD_DATA and "admin" in done.stderr, done
    assert "would: make second@new.example" in own.run(*words, "--admin", "second@new.example", "--dry-run", check=True).stdout
    assert own.sql("SELECT id FROM virtual_domains WHERE name = 'new.example'") == ()
    short = own.run(*words, "--admin", "second@new.example", "--password-stdin", input="short\n")
    assert short.returncode == BAD_DATA and "password" in short.stderr, short
    made = own.run(*words, "--admin", "second@new.example", "--generate", check=True)
    password = re.search(r"^password: (\S{20})$", made.stdout, re.M).group(1)
    assert "is a super admin now" in made.stdout and own.visitor().sign_in("second@new.example", password).status == 303
    raised = own.run(*words, "--admin", "ada@one.example", check=True)
    assert "ada@one.example is a super admin now" in raised.stdout and "password:" not in raised.stdout
    assert "ada@one.example is a super admin\n" in own.run(*words, "--admin", "ada@one.example", check=True).stdout
    own.run("admin", "delete", "ada@one.example", "--super", "--yes", check=True)
    own.run("admin", "delete", "ada@one.example", "--yes", check=True)


def test_accounts_for_another_machine(own):
    """By TCP a machine comes with its address, which is not `localhost` to a database that asks no name server."""
    words = ["--socket", own.db.socket, "--client-host", "192.0.2.%"]
    missing = own.run("check", *words, "--json")
    assert missing.returncode == 2 and "grant" in {one["code"] for one in json.loads(missing.stdout)["findings"]}
    own.run("setup", *words, check=True)
    users = own.sql("SELECT user FROM mysql.user WHERE host = '192.0.2.%' ORDER BY user")
    assert users == (("mailadmin",), ("mailpostfix",), ("mailquota",), ("mailuser",))
    found = json.loads(own.run("check", *words, "--json").stdout)["findings"]
    assert not {"grant", "grant-more"} & {one["code"] for one in found}, found
    for command in ("setup", "check"):
        assert own.run(command, "--socket", own.db.socket, "--client-host", "x' OR '1").returncode == USAGE
    for (user,) in users:
        own.sql(f"DROP USER '{user}'@'192.0.2.%'")


def test_root_by_a_defaults_file(own, tmp_path):
    path = tmp_path / "root.cnf"
    path.write_text(f"[client]\nuser = root\nsocket = {own.db.socket}\n")
    assert own.run("setup", "--defaults-file", str(path), check=True).returncode == 0
    path.write_text(f"[client]\nuser = nobody-of-that-name\npassword = secret-of-nobody\nsocket = {own.db.socket}\n")
    done = own.run("setup", "--defaults-file", str(path))
    assert done.returncode == AWAY and "secret-of-nobody" not in done.stderr, done


def upgrade(own, *words):
    return own.run("upgrade", "--socket", own.db.socket, *words)


def test_upgrade_tells_and_changes_nothing_when_asked(own):
    known = own.one("SELECT version FROM schema_version")
    done = upgrade(own, "--dry-run")
    assert done.returncode == 0 and f"schema version {known}, this program knows {known}" in done.stdout
    own.sql("UPDATE schema_version SET version = %s", known + 5)
    try:
        assert upgrade(own, "--check").returncode == CONFIGURATION
        refused = upgrade(own)
        assert refused.returncode == CONFIGURATION and f"version {known + 5}" in refused.stdout, refused
        assert own.one("SELECT version FROM schema_version") == known + 5
    finally:
        own.sql("UPDATE schema_version SET version = %s", known)
    assert upgrade(own).returncode == 0


@pytest.mark.parametrize("to", ["99", "-1"])
def test_upgrade_goes_nowhere_unknown(own, to):
    known = own.one("SELECT version FROM schema_version")
    done = upgrade(own, "--to", to)
    assert done.returncode in (CONFIGURATION, AWAY, BAD_DATA) and own.one("SELECT version FROM schema_version") == known, done


def test_upgrade_plans_the_way_back(own):
    known = own.one("SELECT version FROM schema_version")
    done = upgrade(own, "--to", "0", "--dry-run")
    assert done.returncode == 0 and done.stdout.count("would: ") >= known and own.one("SELECT version FROM schema_version") == known, done


def test_a_half_made_schema_is_not_taken_for_one(own):
    """A load that broke off left tables and no version: said, and nothing is touched."""
    with own.db.connect() as root, root.cursor() as cursor:
        cursor.execute("CREATE DATABASE half")
        cursor.execute("CREATE TABLE half.virtual_domains (id INT)")
    try:
        with open(own.config, encoding="utf-8") as file:
            text = file.read()
        path = own.folder / "half.conf"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "database_name = half\n")
        for words in (["setup"], ["upgrade"]):
            done = own.run(*words, "--socket", own.db.socket, "--config", path)
            assert done.returncode in (CONFIGURATION, AWAY) and done.stderr, done
        with own.db.connect() as root, root.cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'half'")
            assert cursor.fetchall() == (("virtual_domains",),)
    finally:
        with own.db.connect() as root, root.cursor() as cursor:
            cursor.execute("DROP DATABASE half")


# --- the log ---

LINE = re.compile(r"(debug|info|warn|error) [\w ]+: \S")


@pytest.mark.parametrize("level, shown", [("debug", {"info"}), ("info", {"info"}), ("warn", set()), ("error", set())])
def test_log_level(own, level, shown):
    """Levels below the chosen one are not written; every line has its level, its process and its room."""
    own.end()
    try:
        with open(own.log, "w", encoding="utf-8"):
            pass
        own.configure(log_level=level)
        own.serve()
        assert own.visitor().sign_in(ADMIN, PASSWORD).status == 303
        lines = own.log_text().splitlines()
        found = {line.split()[0] for line in lines}
        assert all(LINE.match(line) for line in lines), lines
        order = ["debug", "info", "warn", "error"]
        assert found <= set(order[order.index(level):]) and shown <= found, (level, found)
    finally:
        own.end()
        own.configure(log_level="info")
        own.serve()
