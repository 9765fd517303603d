# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amavis does with a message for each of its recipients, by the policy that Mailboy's database names for him: the
whole site, with the files of `mailboy conf` on top of Debian's."""
import os
import re

import pytest
from conftest import PASSWORD, People
from daemon import wait_for
from dovecot import is_new as dovecot_is_new
from mailboy import Site
from visitor import Visitor

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
TAG = "***SPAM*** "   # $sa_spam_subject_tag of conf/amavis
MARK = {"spam_tag_level": -999, "spam_tag2_level": 5, "spam_kill_level": 5000}   # marked and delivered
HOLD = {"spam_tag_level": -999, "spam_tag2_level": 5, "spam_kill_level": 6}
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = ('Content-Type: multipart/mixed; boundary="b"\r\n',
           '--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: application/octet-stream\r\n'
           'Content-Disposition: attachment; filename="letter.exe"\r\n\r\nThis is no program.\r\n--b--')


class Scanned(People):
    def __init__(self, site):
        self.site, self.db, self.postfix, self.dovecot, self.amavis = (site, site.db, site.postfix, site.dovecot,
                                                                       site.amavis)
        self.admin = self.db.connect("mailadmin", db="mailboy")
        self.run = site.run
        self.policies = []

    def policy(self, name, **settings):
        words = [word for key, value in settings.items() for word in ("--" + key.replace("_", "-"), str(value))]
        self.site.run("policy", "add", name, *words)
        self.policies.append(name)

    def person(self, address, policy=None):
        self.mailbox(address)
        if policy:
            self.site.run("policy", "choose", address, policy)
        return address

    def alias(self, source, *destinations):
        self.site.run("alias", "add", source, *destinations)

    def choose_oneself(self, address, policy):
        """On the page where everybody may."""
        somebody = Visitor(self.site)
        assert somebody.sign_in(address, PASSWORD).status == 303
        chosen = self.sql("SELECT id FROM policies WHERE policy_name = %s", policy)[0][0]
        answer = somebody.post("/me/spam", {"policy": chosen})
        assert answer.status == 303, answer

    def held(self, mark, address):
        """Waits until Amavis says that it gave that message to nobody for this recipient."""
        line = re.compile(rf"Blocked (\w+) .*<{re.escape(address)}>.*Message-ID: {re.escape(mark)}")
        found = wait_for(lambda: line.search(self.amavis.read_log()), lambda: self.amavis.read_log()[-3000:], step=0.1)
        assert not self.has_now(address, mark)
        return found[1]


def headers(text):
    """Of a message, unfolded."""
    head = text.replace("\r\n", "\n").partition("\n\n")[0]
    return dict(line.partition(": ")[::2] for line in re.sub(r"\n[ \t]+", " ", head).split("\n"))


@pytest.fixture(scope="module")
def scanned():
    if os.geteuid() != 0:
        pytest.skip("Postfix needs root")
    with Site(mail=True, release=True) as site:
        house = Scanned(site)
        house.policy("server", server_default=1, **MARK)
        house.policy("off", preset="off")
        house.policy("hold", **HOLD)
        house.policy("all the same", spam_lover=1, **HOLD)
        house.policy("attachments allowed", preset="attachments")
        for setting in ({"spam_modifies_subj": 1}, {"spam_modifies_subj": 0}, {}):
            house.policy(f"subject {setting.get('spam_modifies_subj')}", **setting)
        house.policy("words of its own", spam_modifies_subj=1, spam_subject_tag2="[bulk] ")
        yield house


@pytest.fixture(scope="module")
def spam(scanned):
    """One message that any filter takes for spam, to thirteen people; {what they chose: what arrived}."""
    domain, strict = scanned.domain(), scanned.domain()
    scanned.site.run("policy", "choose", strict, "subject 0")
    people = {name: scanned.person(f"p{n}@{domain}", name) for n, name in enumerate(scanned.policies)}
    people["nothing"] = scanned.person(f"nothing@{domain}")
    people["nothing, the domain did"] = scanned.person(f"nothing@{strict}")
    people["yes where the domain says no"] = scanned.person(f"yes@{strict}", "subject 1")
    people["off, with an extension"] = scanned.person(f"ext@{domain}", "off")
    mark = scanned.send(*(a.replace("ext@", "ext+x@") for a in people.values()), body=GTUBE)
    assert scanned.held(mark, people.pop("hold")) == "SPAM"
    return {name: headers(scanned.arrives(address, mark)) for name, address in people.items()}


@pytest.mark.parametrize("who, flag, subject", [
    ("off", None, "test"), ("off, with an extension", None, "test"), ("all the same", "YES", TAG + "test"),
    ("subject 1", "YES", TAG + "test"), ("subject 0", "YES", "test"), ("subject None", "YES", TAG + "test"),
    ("words of its own", "YES", "[bulk] test"), ("server", "YES", TAG + "test"),
    ("nothing", "YES", TAG + "test"), ("nothing, the domain did", "YES", "test"),
    ("yes where the domain says no", "YES", TAG + "test")])
def test_each_recipient_of_one_message_by_his_own_policy(spam, who, flag, subject):
    assert (spam[who].get("X-Spam-Flag"), spam[who]["Subject"]) == (flag, subject)


def test_a_banned_attachment_is_held_until_one_chooses_otherwise(scanned):
    domain = scanned.domain()
    ada, grace = scanned.person(f"ada@{domain}"), scanned.person(f"grace@{domain}")
    before = len(scanned.amavis.held())
    mark = scanned.send(ada, grace, headers=PROGRAM[0], body=PROGRAM[1])
    assert scanned.held(mark, ada) == scanned.held(mark, grace) == "BANNED"
    assert len(scanned.amavis.held()) > before
    scanned.choose_oneself(ada, "attachments allowed")
    mark = scanned.send(ada, grace, headers=PROGRAM[0], body=PROGRAM[1])
    assert "letter.exe" in scanned.arrives(ada, mark)
    assert scanned.held(mark, grace) == "BANNED"


def test_a_virus_goes_to_who_wants_it_only(scanned):
    """One message: looked for unless a policy bypasses that, held unless a policy is to deliver it all the same."""
    scanned.policy("viruses all the same", virus_lover=1)
    scanned.policy("viruses not looked for", bypass_virus_checks=1)
    domain = scanned.domain()
    people = {name: scanned.person(f"v{n}@{domain}", name) for n, name in enumerate(
        (None, "off", "attachments allowed", "viruses all the same", "viruses not looked for"))}
    mark = scanned.send(*people.values(), body=EICAR)
    for name in (None, "attachments allowed"):
        assert scanned.held(mark, people[name]) == "INFECTED", name
    for name, alert in (("off", None), ("viruses not looked for", None), ("viruses all the same", "INFECTED")):
        told = headers(scanned.arrives(people[name], mark)).get("X-Amavis-Alert", "")
        assert told.startswith(alert) if alert else not told, (name, told)


def test_mail_to_an_alias_is_scanned_by_its_destinations_policy(scanned):
    domain = scanned.domain()
    off, strict = scanned.person(f"off@{domain}", "off"), scanned.person(f"strict@{domain}", "hold")
    scanned.alias(f"both@{domain}", off, strict)
    scanned.alias(f"@{domain}", off)
    mark = scanned.send(f"both@{domain}", body=GTUBE)
    assert "X-Spam-Flag" not in headers(scanned.arrives(off, mark))
    scanned.held(mark, strict)
    mark = scanned.send(f"stray@{domain}", body=GTUBE)   # by the catch-all
    assert "X-Spam-Flag" not in headers(scanned.arrives(off, mark))


def test_what_comes_back_from_amavis_is_not_forwarded_again(scanned):
    domain = scanned.domain()
    ada, grace = scanned.person(f"ada@{domain}"), scanned.person(f"grace@{domain}")
    scanned.alias(ada, ada, grace)
    mark = scanned.send(ada)
    scanned.arrives(ada, mark)
    scanned.arrives(grace, mark)
    last = scanned.send(grace)
    scanned.arrives(grace, last)
    client = scanned.imap(grace)
    assert len(scanned.has(client, mark)) == 1
    client.logout()


# ---- the old manual's questions, word for word, in place of those of conf/

OLD = {"virtual_mailbox_maps": "SELECT 1 FROM view_users WHERE email='%s'",
       "identity": "SELECT email FROM view_users WHERE email='%s'",
       "virtual_alias_maps": "SELECT destination FROM view_aliases WHERE email='%s'",
       "relay_domains": "SELECT domain FROM relay_domains WHERE domain like '%s'",
       "domain_access": "SELECT state FROM domain_access WHERE domain = '%s'",
       "ip_access": "SELECT state FROM ip_access WHERE ip = '%s'"}


def rewrite(path, pattern, text):
    with open(path, encoding="utf-8") as file:
        before = file.read()
    after, n = re.subn(pattern, lambda _: text, before, flags=re.M)
    assert n == 1, (path, pattern)
    with open(path, "w", encoding="utf-8") as file:
        file.write(after)


@pytest.fixture(scope="module")
def old(scanned):
    for name, query in OLD.items():
        rewrite(os.path.join(scanned.postfix.config, "mailboy", name + ".cf"), "^query = .*$", "query = " + query)
    file, setting, user = (("conf.d/99-mailboy.conf", "  passdb_sql_query", "%{user}") if dovecot_is_new() else
                           ("mailboy-sql.conf.ext", "password_query", "%u"))
    rewrite(os.path.join(scanned.dovecot.directory, "etc", file), rf"^{setting} = (.*\\\n)*.*$",
            f"{setting} = SELECT email as user, password FROM view_users WHERE email='{user}'")
    rewrite(os.path.join(scanned.amavis.directory, "etc", "conf.d", "60-mailboy"), r"^\$sql_select_policy = .*$",
            "$sql_select_policy = 'SELECT * FROM view_users_policies WHERE email IN (%k)';")
    scanned.amavis.stop()
    scanned.postfix.restart()
    scanned.dovecot.doveadm("reload")
    scanned.amavis.launch()
    return scanned


def test_the_old_manuals_questions_deliver(old):
    domain = old.domain()
    ada, grace = old.person(f"ada@{domain}", "off"), old.person(f"grace@{domain}", "hold")
    off = old.mailbox(f"off@{domain}", active=0)
    old.alias(f"info@{domain}", ada)
    old.site.run("relay", "add", "old-relay.test", "--recipients", "any")
    assert old.rcpt(f"nobody@{domain}")[0] == 550
    assert old.rcpt("whoever@old-relay.test")[0] == 250
    assert not old.can_log_in(off) and not old.can_log_in(ada, "wrong")
    mark = old.send(f"info@{domain}", grace, body=GTUBE)
    assert headers(old.arrives(ada, mark, PASSWORD))["Subject"] == "test"
    assert old.held(mark, grace) == "SPAM"
    old.alias(f"@{domain}", ada)
    old.arrives(ada, old.send(f"stray@{domain}"))
    old.arrives(grace, old.send(grace))


def test_the_old_manuals_questions_refuse(old):
    ada = old.person(f"ada@{old.domain()}")
    old.access("senders", "old-spam.test REJECT")
    assert old.rcpt(ada, sender="a@old-spam.test")[0] == 554
    assert old.rcpt(ada)[0] == 250
    old.access("clients", "127.0.0.1 REJECT")
    try:
        assert old.rcpt(ada)[0] == 554
    finally:
        old.run("access", "delete", "--client", "127.0.0.1", "--yes")


# ---- taken back and put again while everything runs

def test_daemons_that_run_follow_what_is_taken_back_and_put_again(old):
    """The questions above changed the files: --undo says so, and --force goes back to what was there before."""
    ada = old.person(f"ada@{old.domain()}")
    folder, stranger = old.postfix.config, "whoever@elsewhere.test"
    assert (old.rcpt(ada)[0], old.rcpt(stranger)[0]) == (250, 554)
    refused = old.site.run("conf", "postfix", "--undo", folder, "--yes", check=False)
    assert refused.returncode == 73 and "was changed since" in refused.stderr
    old.site.run("conf", "postfix", "--undo", folder, "--yes", "--force")
    old.postfix.restart()
    assert not os.path.exists(os.path.join(folder, "mailboy")) and not os.path.exists(os.path.join(folder, ".before-mailboy"))
    assert old.rcpt(ada)[0] == 454   # not hosted here, as before
    old.site.run("conf", "postfix", "--write", folder, "--yes")
    old.postfix.restart()
    assert (old.rcpt(ada)[0], old.rcpt(stranger)[0]) == (250, 554)
    old.arrives(ada, old.send(ada))
