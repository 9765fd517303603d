# SPDX-License-Identifier: GPL-3.0-or-later
"""Spam policies and everybody's choice: what is stored, who is offered what, and what is in force. Amavis' own
question (view_users_policies, the first row that says something of a column) is the judge of the last."""
import itertools
import json
import random
import re

import pytest

from visitor import Site

COUNT = itertools.count(1)
SETTINGS = """spam_tag_level spam_tag2_level spam_tag3_level spam_kill_level spam_dsn_cutoff_level spam_quarantine_cutoff_level
    spam_modifies_subj spam_subject_tag spam_subject_tag2 spam_subject_tag3 bypass_spam_checks bypass_virus_checks
    bypass_banned_checks bypass_header_checks spam_lover virus_lover banned_files_lover bad_header_lover unchecked_lover
    warnvirusrecip warnbannedrecip warnbadhrecip message_size_limit addr_extension_spam addr_extension_virus
    addr_extension_banned addr_extension_bad_header spam_quarantine_to virus_quarantine_to banned_quarantine_to
    bad_header_quarantine_to unchecked_quarantine_to clean_quarantine_to archive_quarantine_to spam_admin virus_admin
    newvirus_admin banned_admin bad_header_admin banned_rulenames disclaimer_options forward_method sa_userconf
    sa_username""".split()
RESERVED = [name for name in SETTINGS if "quarantine_to" in name or "admin" in name or name in (
    "banned_rulenames", "disclaimer_options", "forward_method", "sa_userconf", "sa_username")]


@pytest.fixture(scope="module")
def site():
    """One of its own: what setup makes is looked at, and other tests fill the lists or empty them."""
    with Site() as made:
        yield made


@pytest.fixture(scope="module")
def admin(site):
    return site.sign_in()


def policy_made(site, **columns):
    name = f"policy {next(COUNT)}"
    columns = {"policy_name": name, **columns}
    site.sql(f"INSERT INTO policies ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})", *columns.values())
    return site.one("SELECT id FROM policies WHERE policy_name = %s", columns["policy_name"])


def stored(site, number, *columns):
    return site.sql(f"SELECT {', '.join(columns)} FROM policies WHERE id = %s", number)[0]


def home(site):
    """A domain with a user and an administrator: (domain, user's address, administrator's)."""
    domain = f"pol{next(COUNT)}.example"
    site.make_domain(domain)
    site.make_mailbox(f"uma@{domain}")
    site.make_mailbox(f"anna@{domain}", administers=(domain,))
    return domain, f"uma@{domain}", f"anna@{domain}"


def test_a_new_server_has_something_to_offer(site):
    rows = dict(site.sql("SELECT policy_name, offered FROM policies WHERE policy_name IN"
                         " ('Relaxed', 'Standard', 'Strict', 'Attachments allowed', 'Off')"))
    assert rows == {"Relaxed": 1, "Standard": 1, "Strict": 1, "Attachments allowed": 1, "Off": 0}
    assert site.one("SELECT COUNT(*) FROM policies WHERE server_default = 1") == 0
    assert site.sql("SELECT bypass_banned_checks, banned_files_lover, spam_kill_level FROM policies"
                    " WHERE policy_name = 'Attachments allowed'") == (("Y", "Y", None),)


def test_every_column_is_a_field(site, admin):
    columns = {name for (name,) in site.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'mailboy'"
                                            " AND table_name = 'policies'")}
    assert columns - {"id", "version", "created", "policy_name", "description", "server_default", "offered", "sort_name"} == set(SETTINGS)
    form = admin.get("/policies/new").form("/policies/new")
    page = admin.get("/policies/new").text
    for name in SETTINGS:
        assert re.search(rf'<(input|select)[^>]* name="{name}"', page), name
    assert form.fields["offered"] == "1"


@pytest.mark.parametrize("key, tag2, lover, offered", [("strict", "4", "N", 1), ("off", None, "Y", 0)])
def test_a_preset_fills_the_form(site, admin, key, tag2, lover, offered):
    page = admin.get(f"/policies/new?preset={key}")
    fields = {**page.form("/policies/new").fields, "name": f"From {key} {next(COUNT)}"}
    assert fields["spam_tag2_level"] == (tag2 or "")
    chosen = dict(re.findall(r'<select[^>]* name="(\w+)"[^>]*>\s*(?:<option[^>]*>[^<]*</option>\s*)*?<option value="([^"]*)" selected', page.text))
    assert chosen["spam_lover"] == {"N": "0", "Y": "1"}[lover]
    answer = admin.post("/policies/new", {**chosen, **fields})
    assert answer.status == 303, answer
    number = int(answer.location.rpartition("/")[2])
    assert stored(site, number, "spam_lover", "offered", "warnvirusrecip") == (lover, offered, None)
    assert stored(site, number, "spam_tag2_level")[0] == (float(tag2) if tag2 else None)


def test_yes_no_and_not_set_are_three_things(site, admin):
    number = policy_made(site, spam_lover="Y", spam_subject_tag2="***", message_size_limit=1048577, spam_kill_level=6.31)
    path = f"/policies/{number}/edit"
    for sent, kept in (("0", "N"), ("1", "Y"), ("", None)):
        assert admin.post(path, {"spam_lover": sent}).status == 303
        assert stored(site, number, "spam_lover") == (kept,)
    for sent, kept in (("-", ""), ("", None), ("[spam]", "[spam]")):
        assert admin.post(path, {"spam_subject_tag2": sent}).status == 303
        assert stored(site, number, "spam_subject_tag2") == (kept,)
    assert stored(site, number, "message_size_limit", "spam_kill_level")[1] == 6.31, "what was not sent stays"
    version = stored(site, number, "version")[0]
    for sent, kept in ((None, None), (True, "Y"), (False, "N")):
        told = admin.post_json(path, {"spam_lover": sent, "spam_subject_tag2": "" if sent else None, "version": version}).json
        version = told["version"]
        assert stored(site, number, "spam_lover", "spam_subject_tag2") == (kept, "" if sent else None)
        assert told["values"].get("spam_lover") is sent and told["values"].get("spam_subject_tag2") == ("" if sent else None)
    assert admin.post_json(path, {"spam_kill_level": 5, "version": version}).json["values"]["spam_kill_level"] == 5
    assert stored(site, number, "spam_kill_level") == (5.0,)


@pytest.mark.parametrize("levels, field, least", [
    ({"spam_tag_level": "5", "spam_tag2_level": "4.9"}, "spam_tag2_level", "5"),
    ({"spam_tag2_level": "6,5", "spam_kill_level": "6.4"}, "spam_kill_level", "6.5"),
    ({"spam_tag_level": "3", "spam_kill_level": "-1"}, "spam_kill_level", "3")])
def test_levels_rise(site, admin, levels, field, least):
    sent = {"name": f"Falling {next(COUNT)}", **levels}
    page = admin.post("/policies/new", sent)
    assert page.status == 422 and f'href="#f-{field}"' in page.text
    assert f'name="{field}" value="{least}"' in page.text, "the mend is a button"
    assert f'value="{levels[field]}"' in page.text, "what was typed stays"
    told = admin.post("/policies/new", sent, json=True)
    assert set(told.json["errors"]) == {field} and least in told.json["errors"][field]["text"]
    assert admin.post("/policies/new", {**sent, field: least}).status == 303


def test_what_a_mail_server_would_take_amiss_is_refused(admin):
    for field, value in (("addr_extension_spam", "x@elsewhere.example"), ("addr_extension_virus", "a b"), ("spam_subject_tag2", "a\nb"),
                         ("spam_kill_level", "1e3"), ("message_size_limit", "5 GB"), ("virus_admin", "not an address"), ("spam_admin", "a@b.example, c@d.example"), ("spam_lover", "perhaps")):
        answer = admin.post("/policies/new", {"name": f"Odd {next(COUNT)}", field: value}, json=True)
        assert answer.status == 422 and set(answer.json["errors"]) == {field}, answer


def test_the_audit_log_has_each_column(site, admin):
    number = policy_made(site, spam_lover="N", spam_kill_level=6)
    version = stored(site, number, "version")[0]
    sent = {"spam_lover": None, "spam_kill_level": 7.25, "spam_admin": "postmaster@example.org", "offered": False}
    assert admin.post_json(f"/policies/{number}/edit", {**sent, "version": version}).status == 200
    before, after = site.sql("SELECT before_json, after_json FROM audit WHERE action = 'policy.edit' ORDER BY id DESC LIMIT 1")[0]
    assert json.loads(before) == {"offered": "1", "spam_kill_level": "6", "spam_lover": "0", "spam_admin": ""}
    assert json.loads(after) == {"offered": "0", "spam_kill_level": "7.25", "spam_lover": "", "spam_admin": "postmaster@example.org"}


def test_there_is_one_default(site, admin):
    first, second = policy_made(site), policy_made(site)
    for number in (first, second):
        assert admin.post(f"/policies/{number}/edit", {"server_default": "1"}).status == 303
        assert site.sql("SELECT id FROM policies WHERE server_default = 1") == ((number,),)
    answer = admin.post(f"/policies/{second}/delete")
    assert answer.status == 409 and "default" in answer.text
    assert admin.post(f"/policies/{second}/edit", {"server_default": "0"}).status == 303
    assert admin.post(f"/policies/{second}/delete").status == 303


def test_who_uses_it_keeps_it(site, admin):
    number = policy_made(site)
    domain, user, _ = home(site)
    for table, column, value in (("virtual_users", "email", user), ("virtual_domains", "name", domain)):
        site.sql(f"UPDATE {table} SET policy_id = %s WHERE {column} = %s", number, value)
        told = admin.post(f"/policies/{number}/delete", json=True)
        assert told.status == 409 and value in told.json["errors"][""]["text"], told
        assert value in admin.get(f"/policies/{number}/delete").text
        row = admin.get(f"/policies/{number}", json=True).json["policy"]
        assert (row["mailboxes"], row["domains"]) == ((1, 0) if table == "virtual_users" else (0, 1))
        site.sql(f"UPDATE {table} SET policy_id = NULL WHERE {column} = %s", value)
    assert admin.post(f"/policies/{number}/delete", json=True).json["deleted"] is True


def test_people_choose_from_what_is_offered(site, admin):
    domain, user, boss = home(site)
    offered, kept = policy_made(site), policy_made(site, offered=0, spam_tag2_level=1)
    uma, anna = site.sign_in(user), site.sign_in(boss)
    places = ((uma, "/me/spam"), (anna, f"/domains/{domain}/mailboxes/uma/spam"), (anna, f"/domains/{domain}/policy"))
    for who, path in places:
        listed = [row["id"] for row in who.get(path, json=True).json["choices"]]
        assert offered in listed and kept not in listed
        for wrong in (kept, 987654):
            answer = who.post_json(path, {"policy": wrong})
            assert answer.status == 422 and answer.json["errors"]["policy"]["code"] == "policy_unknown", answer
        assert who.post(path, {"policy": str(offered)}).status == 303
        assert f'<option value="{offered}" selected' in who.get(path).text
    assert site.one("SELECT policy_id FROM virtual_users WHERE email = %s", user) == offered
    assert admin.post(f"/domains/{domain}/mailboxes/uma/spam", {"policy": str(kept)}).status == 303
    assert uma.post("/me/spam", {"policy": str(kept)}).status == 303, "he keeps what he was given"
    assert uma.post("/me/spam", {"policy": ""}).status == 303
    assert site.one("SELECT policy_id FROM virtual_users WHERE email = %s", user) is None
    assert uma.post("/me/spam", {"policy": str(kept)}).status == 422, "and does not get it back"


def random_policy(rng, site, **more):
    """A policy with some of its columns set, in the right order of levels."""
    columns = {}
    levels = sorted(rng.randrange(-99, 300) / 10 for _ in range(3))
    for name in SETTINGS:
        if rng.random() < 0.5:
            continue
        if name in ("spam_tag_level", "spam_tag2_level", "spam_kill_level"):
            columns[name] = levels[["spam_tag_level", "spam_tag2_level", "spam_kill_level"].index(name)]
        elif name.endswith("_level"):
            columns[name] = rng.randrange(0, 9999) / 1000
        elif name == "message_size_limit":
            columns[name] = rng.choice([0, 1024, 20 << 20])
        elif re.match("bypass|warn|.*_lover|spam_modifies", name):
            columns[name] = rng.choice("YN")
        else:
            columns[name] = rng.choice(["", f"{name}-{rng.randrange(9)}"])
    return policy_made(site, **columns, **more)


def in_words(name, value):
    """As a page for English eyes says a column."""
    if re.match("bypass|warn|.*_lover", name):
        return {"Y": "Yes", "N": "No"}[value]
    if name == "message_size_limit":
        return {0: "no limit", 1024: "1 kB", 20 << 20: "20 MB"}[value]
    return f"{value:g}" if isinstance(value, float) else value.rstrip(" ") or "none"   # a tag has its blank from the view


def test_in_force_is_what_amavis_finds(site, admin):
    """Setting by setting, of three layers or fewer, and whose word it is; Y, N and NULL of the old spam_modifies_subj
    are among them."""
    rng = random.Random(6)
    domain, user, _ = home(site)
    uma, sources, modified = site.sign_in(user), {9: "own", 5: "domain", 1: "server"}, set()
    for _ in range(12):
        own, middle = random_policy(rng, site), random_policy(rng, site)
        site.sql("UPDATE policies SET server_default = NULL")
        random_policy(rng, site, server_default=rng.choice([None, 1]))
        site.sql("UPDATE virtual_users SET policy_id = %s WHERE email = %s", rng.choice([None, own]), user)
        site.sql("UPDATE virtual_domains SET policy_id = %s WHERE name = %s", rng.choice([None, middle]), domain)
        modified.add(site.one("SELECT MAX(p.spam_modifies_subj) FROM virtual_users u LEFT JOIN policies p ON p.id = u.policy_id"
                              " WHERE u.email = %s", user))
        with site.db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT * FROM view_users_policies WHERE email IN (%s, %s, '@.') ORDER BY priority DESC", (user, "@" + domain))
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row)) for row in cursor.fetchall()]
        wanted = {}
        for name in SETTINGS:
            row = next((row for row in found if row.get(name) is not None), None)
            if row is not None:
                wanted[name] = (in_words(name, row[name]), sources[row["priority"]], row["policy_name"])
        seen = admin.get(f"/domains/{domain}/mailboxes/uma/spam", json=True).json["settings"]
        assert {s["field"]: (s["value"], s["source"], s["from"]) for s in seen} == wanted
        mine = uma.get("/me/spam", json=True).json["settings"]
        assert {s["field"] for s in mine} == set(wanted) - set(RESERVED)
        done = site.run("policy", "choose", user, "--json")
        assert {s["field"] for s in map(json.loads, done.stdout.splitlines())} == set(wanted)
    assert modified == {"Y", "N", None}
    site.sql("UPDATE policies SET server_default = NULL")


def test_levels_of_several_policies_that_contradict_one_another_are_told(site, admin):
    site.make_domain("apart.example")
    site.make_mailbox("una@apart.example")
    for name, level, where in (("Early", {"spam_kill_level": 5}, "/domains/apart.example/policy"),
                               ("Late", {"spam_tag2_level": 10}, "/domains/apart.example/mailboxes/una/spam")):
        made = admin.post_json("/policies/new", {"name": f"{name} {next(COUNT)}", **level}).json["id"]
        kind = "mailbox" if "una" in where else "domain"
        assert admin.post_json(where, {"policy": made, "version": admin.get(where, json=True).json[kind]["version"]}).status == 200
    una = site.sign_in("una@apart.example")
    told = {s["field"]: s.get("note") for s in una.get("/me/spam", json=True).json["settings"]}
    assert told["spam_tag2_level"] is None and "counts as spam (10)" in told["spam_kill_level"]
    assert "counts as spam (10)" in una.get("/me/spam").text
    notes = [s.get("note") for s in admin.get("/domains/apart.example/policy", json=True).json["settings"]]
    assert not any(notes), notes   # the domain's own alone is all right


def test_what_is_the_server_admins_alone_is_shown_to_no_one_else(site):
    number = policy_made(site, spam_quarantine_to="quarantine-of-the-server", virus_admin="quarantine-of-the-server@example.org", spam_kill_level=5)
    _, user, _ = home(site)
    site.sql("UPDATE virtual_users SET policy_id = %s WHERE email = %s", number, user)
    uma = site.sign_in(user)
    page = uma.get("/me/spam").text
    assert "quarantine-of-the-server" not in page and "Held back from" in page


def test_the_pages_of_mailbox_and_domain_say_which_counts(site, admin):
    domain, user, _ = home(site)
    box, place = f"/domains/{domain}/mailboxes/uma", f"/domains/{domain}"
    assert "in_force" not in admin.get(box, json=True).json and "as the mail server is set up" in admin.get(place).text
    for table, column, value, source in (("virtual_domains", "name", domain, "domain"), ("virtual_users", "email", user, "own")):
        number = policy_made(site)
        site.sql(f"UPDATE {table} SET policy_id = %s WHERE {column} = %s", number, value)
        name = stored(site, number, "policy_name")[0]
        assert admin.get(box, json=True).json["in_force"] == {"name": name, "source": source}
        assert name in admin.get(box).text
    assert admin.get(place, json=True).json["in_force"]["source"] == "domain"


def test_two_policies_side_by_side(site, admin):
    one, two = policy_made(site, spam_tag2_level=4, spam_lover="Y"), policy_made(site, spam_tag2_level=8, spam_lover="Y")
    told = admin.get(f"/policies/{one}?with={two}", json=True).json
    assert told["other"]["id"] == two
    assert [(s["field"], s.get("value"), s.get("other"), s["differs"]) for s in told["settings"]] == [
        ("spam_tag2_level", "4", "8", True), ("spam_lover", "Yes", "Yes", False)]
    assert admin.get(f"/policies/{one}?with=987654").status == 404
    assert f'href="/policies/{one}?with={two}"' in admin.get(f"/policies/{one}").text


def test_in_the_shell(site):
    _, user, _ = home(site)
    name = f"Shell {next(COUNT)}"
    made = site.run("policy", "add", name, "--preset", "strict", "--spam-kill-level", "8", "--spam-subject-tag2", "-", "--json", check=True)
    number = json.loads(made.stdout)["id"]
    assert stored(site, number, "spam_tag2_level", "spam_kill_level", "spam_subject_tag2", "spam_lover") == (4.0, 8.0, "", "N")
    assert site.run("policy", "edit", name, "--spam-lover=", "--offered", "0", check=True).stdout == f"{name} saved\n"
    assert stored(site, number, "spam_lover", "offered") == (None, 0)
    shown = json.loads(site.run("policy", "show", str(number), "--json", check=True).stdout)
    assert shown["values"]["spam_kill_level"] == 8 and shown["values"]["spam_subject_tag2"] == "" and "spam_lover" not in shown["values"]
    assert "spam_kill_level              8" in site.run("policy", "show", name, check=True).stdout
    site.run("policy", "choose", user, name, check=True)
    assert f"spam_tag2_level              4                        from its own: {name}" in site.run("policy", "choose", user, check=True).stdout
    for words, status in ((["delete", name, "--yes"], 73), (["delete", name], 64), (["add", name], 73), (["add", "x", "--preset", "hard"], 65),
                          (["edit", name, "--spam-kill-level", "3"], 65), (["edit", name, "--no-such", "3"], 64), (["show", "no such"], 66),
                          (["choose", user, "no such"], 66), (["choose", "me", name], 64)):
        assert site.run("policy", *words).returncode == status, words
    site.run("policy", "choose", "me", name, as_=user, check=True)
    site.run("policy", "choose", "me", "-", as_=user, check=True)
    assert site.run("policy", "choose", "me", name, as_=user).returncode == 65, "it is not offered any more"
    site.run("policy", "delete", name, "--yes", check=True)


def test_a_choice_can_be_taken_back(site, admin):
    domain, _, _ = home(site)
    first, second = policy_made(site), policy_made(site)
    for number in (first, second):
        assert admin.post(f"/domains/{domain}/policy", {"policy": str(number)}).status == 303
    entry = site.one("SELECT MAX(id) FROM audit WHERE action = 'domain.policy' AND outcome = 'done'")
    assert admin.post(f"/audit/{entry}/undo").status == 303
    assert site.one("SELECT policy_id FROM virtual_domains WHERE name = %s", domain) == first
