# SPDX-License-Identifier: GPL-3.0-or-later
"""Relay domains, access entries and who may send as whom, as Postfix sees them."""
import base64
import os
import smtplib
import subprocess

import pytest
from conftest import PASSWORD
from daemon import wait_for


def client_from(mail, address):
    """An SMTP client that Postfix takes for one from that address."""
    client = mail.smtp()
    family = "IPV6:" if ":" in address else ""
    code, text = client.docmd(f"XCLIENT ADDR={family}{address} NAME=[UNAVAILABLE]")
    assert code == 220, text
    client.ehlo()
    return client


def answer(mail, to, client="192.0.2.1", sender="x@elsewhere.test"):
    with client_from(mail, client) as smtp:
        code, text = smtp.mail(sender)
        if code == 250:
            code, text = smtp.rcpt(to)
        return code, text.decode()


def test_relay_domains_take_their_recipients_only(mail):
    for domain in ("any.test", "ab.test"):
        mail.run("relay", "add", domain, "--recipients", "any")
    mail.run("relay", "add", "listed.test")
    mail.run("relay", "recipients", "listed.test", "add", "ada")
    assert answer(mail, "whoever@any.test")[0] == 250
    assert answer(mail, "Ada@Listed.test")[0] == 250
    assert answer(mail, "eve@listed.test")[0] == 550
    for foreign in ("u@sub.any.test", "u@a_.test", "u@xab.test"):
        assert answer(mail, foreign)[0] == 554, foreign


def test_a_relay_domains_mail_goes_to_its_next_hop(mail):
    for domain, recipients in (("hop.test", "any"), ("hop-list.test", "list")):
        mail.run("relay", "add", domain, "--recipients", recipients, "--next-hop", f"[127.0.0.1]:{mail.elsewhere.port}")
    mail.run("relay", "recipients", "hop-list.test", "add", "o'hara")
    for address in ("whoever+x@hop.test", "o'hara@hop-list.test"):
        mark = mail.send(address)
        wait_for(lambda a=address, m=mark: mail.elsewhere.got(m) == [a], lambda a=address: f"{a}\n{mail.postfix.queued()}")
    assert answer(mail, "o'hara+x@hop-list.test")[0] == 250   # his extension is the other server's affair
    assert answer(mail, "hara@hop-list.test")[0] == 550


def test_clients_are_matched_by_address_octets_and_network(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    mail.sql("INSERT INTO ip_access (ip, state) VALUES ('198.51.100', 'REJECT')")   # octets, as the old manual has them
    mail.access("clients", "203.0.113.5 REJECT", "2001:db8:5::9 REJECT", "10.9.0.0/16 REJECT", "10.9.8.0/25 OK", "10.9.8.64/26 REJECT",
                "10.9.8.65 OK", "2001:db8:aa::/48 REJECT")
    refused = ("203.0.113.5", "198.51.100.77", "2001:db8:5::9", "10.9.1.1", "10.9.8.128", "10.9.8.66",
               "2001:db8:aa:1::1")
    taken = ("203.0.113.6", "198.51.101.1", "2001:db8:5::8", "10.10.0.1", "10.9.8.1", "10.9.8.65",
             "2001:db8:ab::1", "10.8.255.255")
    if not os.path.exists("/proc/net/if_inet6"):   # Postfix refuses such an XCLIENT then
        refused, taken = ([ip for ip in ips if ":" not in ip] for ips in (refused, taken))
    for ip in refused:
        assert answer(mail, ada, client=ip)[0] == 554, ip
    for ip in taken:
        assert answer(mail, ada, client=ip)[0] == 250, ip


@pytest.mark.parametrize("helo, name, code", [
    ("client.test", "host.test", 250), ("[192.0.2.7]", "host.test", 250), ("client", "host.test", 504), ("a..b", "host.test", 501),
    ("client.test", "[UNAVAILABLE]", 450)])
def test_a_badly_kept_server_needs_an_entry(mail, helo, name, code):
    """Neither its HELO name nor its missing reverse name is held against a client whose entry says OK."""
    ada, ip = mail.mailbox(f"ada@{mail.domain()}"), "192.0.2.7"

    def told():
        with mail.smtp() as client:
            assert client.docmd(f"XCLIENT ADDR={ip} NAME=[UNAVAILABLE] REVERSE_NAME={name}")[0] == 220
            assert client.docmd(f"HELO {helo}")[0] == 250
            assert client.mail("x@elsewhere.test")[0] == 250
            return client.rcpt(ada)[0]

    assert told() == code
    mail.access("clients", f"{ip} OK")
    try:
        assert told() == 250
    finally:
        mail.run("access", "delete", "--client", ip, "--yes")


def test_a_client_that_does_not_greet_is_refused(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    client = smtplib.SMTP("127.0.0.1", mail.postfix.port, "client.test", timeout=30)
    assert client.docmd("MAIL FROM:<x@elsewhere.test>")[0] == 503
    client.close()
    assert mail.rcpt(ada)[0] == 250


def test_senders_are_matched_by_address_domain_and_subdomain(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    mail.access("senders", "spam.test REJECT", "good@spam.test OK", ".sub.test REJECT no thanks", "offers@ REJECT", "evil@x.test REJECT")
    for sender in ("a@spam.test", "A@SPAM.test", "a@b.sub.test", "offers@where.test", "evil@x.test",
                   "evil+1@x.test"):
        assert answer(mail, ada, sender=sender)[0] == 554, sender
    for sender in ("good@spam.test", "a@b.spam.test", "a@sub.test", "", "fine@x.test"):
        assert answer(mail, ada, sender=sender)[0] == 250, sender


def test_an_ok_opens_no_relay(mail):
    mail.access("senders", "friend.test OK")
    mail.access("clients", "192.0.2.50 OK")
    assert answer(mail, "u@foreign.test", client="192.0.2.50", sender="a@friend.test")[0] == 554


@pytest.fixture
def people(mail):
    domain, other = mail.domain(), mail.domain()
    ada, grace, twin = (mail.mailbox(a) for a in (f"ada@{domain}", f"grace@{domain}", f"ada@{other}"))
    mail.alias(f"info@{domain}", ada)
    mail.alias(f"@{domain}", ada)
    mail.alias(f"old@{domain}", ada)
    mail.run("alias", "disable", f"old@{domain}")
    return {"ada": ada, "grace": grace, "twin": twin, "alias": f"info@{domain}", "old": f"old@{domain}",
            "any": f"any@{domain}", "foreign": "x@foreign.test"}


@pytest.mark.parametrize("sender, code", [("ada", 250), ("alias", 250), ("old", 553), ("grace", 553), ("twin", 553),
                                          ("any", 553), ("foreign", 553)])
def test_who_logged_in_sends_as_himself_only(mail, people, sender, code):
    with mail.smtp(mail.postfix.submission) as client:
        secret = base64.b64encode(f"\0{people['ada']}\0{PASSWORD}".encode()).decode()
        assert client.docmd("AUTH PLAIN", secret)[0] == 235
        got, text = client.mail(people[sender])
        if got == 250:
            got, text = client.rcpt(people["grace"])
        assert got == code, text


def test_smtp_log_in_is_refused_to_wrong_passwords_and_disabled_accounts(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    for password, code in ((PASSWORD, 235), ("wrong", 535)):
        with mail.smtp(mail.postfix.submission) as client:
            secret = base64.b64encode(f"\0{ada}\0{password}".encode()).decode()
            assert client.docmd("AUTH PLAIN", secret)[0] == code
    mail.disable(ada)
    with mail.smtp(mail.postfix.submission) as client:
        secret = base64.b64encode(f"\0{ada}\0{PASSWORD}".encode()).decode()
        assert client.docmd("AUTH PLAIN", secret)[0] == 535


def ask(mail, name, keys):
    """What Postfix' own client finds in a map, as its daemons ask it: {key: answer}."""
    folder = os.path.join(mail.postfix.config, "mailboy")
    done = subprocess.run(["postmap", "-c", mail.postfix.config, "-q", "-", f"mysql:{folder}/{name}.cf"], input="\n".join(keys) + "\n",
                          text=True, capture_output=True, timeout=120, check=False)
    assert done.returncode in (0, 1) and not done.stderr, (name, done.returncode, done.stderr)
    return dict(line.split("\t", 1) for line in done.stdout.splitlines())


ODD = ["'", "''", '"', "\\", "\\'", "\\\\'", "%", "%%", "%s", "%u@%d", "_", "' OR '1'='1", "'; DROP TABLE ip_access; --", "a'b@c.test", "a\\@c.test",
       '"a b"@c.test', "a%b@c.test", "_@_.test", "@", "@@", "a@", "@a.test", ".a.test", "<>", "*", "ü@example.test", "josé", "ß.test", "İ@d.test",
       "\U0001f600@d.test", "٣.٣.٣.٣", "x" * 300, "x" * 300 + "@d.test", "x@" + "d" * 300, "x@" + "d." * 150 + "test", "::", ":", "1:", "::ffff:",
       "::ffff:999.1.1.1", "1.2.3", "1.2.3.4.5", "999.999.999.999", "0x7f.1", "192.0.2.1/24", "2001:db8::/32", "2001:db8", "fe80::1%eth0", "unknown",
       "NULL", "0", "-1", "1e400", "null", "\x7f", "a\tb"]


def test_no_key_however_odd_makes_a_lookup_fail(mail):
    folder = os.path.join(mail.postfix.config, "mailboy")
    maps = [name[:-3] for name in sorted(os.listdir(folder)) if name.endswith(".cf")]
    assert {"ip_access", "domain_access", "relay_domains", "relay_recipients", "relay_transport"} <= set(maps)
    for name in maps:
        long = {key for key in ODD if len(key.encode()) > 254} if name == "disabled" else set()
        assert set(ask(mail, name, ODD)) - {"@"} == long, name


def test_what_the_program_writes_postfix_finds(mail):
    """Networks, names and addresses as `mailboy access` keeps them; the most specific one wins."""
    add = lambda *words: mail.run("access", "add", *words)   # noqa: E731
    add("--client", "10.77.0.0/16", "REJECT")
    add("--client", "10.77.8.0/25", "OK")
    add("--client", "10.77.8.9", "550", "5.7.1 Not you")
    add("--client", "2001:db8:77::/48", "HOLD")
    add("--client", "2001:DB8:77:0::5", "OK")
    add("--client", "mx.seventyseven.test", "OK")
    add("--client", ".seventyseven.test", "REJECT")
    assert ask(mail, "ip_access", ["10.77.1.1", "10.77.8.1", "10.77.8.9", "10.77.8.128", "10.78.0.1", "::ffff:10.77.1.1", "2001:db8:77::4", "2001:db8:77::5",
                                   "2001:db8:78::1", "mx.seventyseven.test", ".seventyseven.test", "10.77", "10"]) == {
        "10.77.1.1": "REJECT", "10.77.8.1": "OK", "10.77.8.9": "550 5.7.1 Not you", "10.77.8.128": "REJECT", "::ffff:10.77.1.1": "REJECT",
        "2001:db8:77::4": "HOLD", "2001:db8:77::5": "OK", "mx.seventyseven.test": "OK", ".seventyseven.test": "REJECT"}
    add("--sender", "o'brien+x@seventyseven.test", "REJECT")
    add("--sender", ".seventyseven.test", "DUNNO")
    assert ask(mail, "domain_access", ["o'brien+x@seventyseven.test", ".seventyseven.test", "seventyseven.test"]) == {
        "o'brien+x@seventyseven.test": "REJECT", ".seventyseven.test": "DUNNO"}
    mail.run("relay", "add", "backup77.test", "--next-hop", "[192.0.2.1]:26")
    mail.run("relay", "recipients", "backup77.test", "add", "o'brien", "a%b+c")
    assert ask(mail, "relay_domains", ["backup77.test", "sub.backup77.test", "backup7_.test"]) == {"backup77.test": "backup77.test"}
    assert ask(mail, "relay_transport", ["backup77.test", "x@backup77.test"]) == {"backup77.test": "relay:[192.0.2.1]:26"}
    assert set(ask(mail, "relay_recipients", ["o'brien@backup77.test", "a%b+c@backup77.test", "@backup77.test", "x@backup77.test"])) == {
        "o'brien@backup77.test", "a%b+c@backup77.test"}
