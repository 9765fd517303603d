# SPDX-License-Identifier: GPL-3.0-or-later
"""An account's row, and what Postfix and Dovecot make of it."""
import glob
import smtplib

import pytest
from conftest import NAKED_PORT
from daemon import wait_for
from dovecot import Dovecot


def test_mail_goes_from_smtp_to_imap(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    text = mail.arrives(ada, mail.send(ada))
    assert f"Delivered-To: {ada}" in text


@pytest.mark.parametrize("written", ["ADA@{d}", "ada+lists@{d}", "Ada+x+y@{D}"])
def test_case_and_extension_reach_the_mailbox(mail, written):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}")
    mail.arrives(ada, mail.send(written.format(d=domain, D=domain.upper())))


@pytest.mark.parametrize("user", ["o'brien", "a.b-c_d", "x=y", "#one", "who?", "a&b", "{z}", "q^r", "a`b",
                                  "p|q", "t~", "$d"])
def test_every_character_a_mailbox_may_hold_works(mail, user):
    address = mail.mailbox(f"{user}@{mail.domain()}")
    mail.arrives(address, mail.send(address))


def test_wrong_passwords_are_refused(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    assert mail.can_log_in(ada)
    assert mail.can_log_in(ada.upper())
    for wrong in ("wrong", "", " ", "correct horse batter", "correct horse battery ", "' OR '1'='1"):
        assert not mail.can_log_in(ada, wrong or '""')
    assert not mail.can_log_in("nobody@" + ada.partition("@")[2])
    assert not mail.can_log_in("ada@elsewhere.test")


def test_an_account_without_password_has_no_log_in(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}", hashed="")
    mail.sql("UPDATE virtual_users SET password = '' WHERE email = %s", ada)
    for guess in ('""', "x", ada):
        assert not mail.can_log_in(ada, guess)


def test_the_stored_hash_is_no_password(mail):
    md5 = "5f4dcc3b5aa765d61d8327deb882cf99"
    ada = mail.mailbox(f"ada@{mail.domain()}", hashed=md5)
    assert mail.can_log_in(ada, "password")
    assert not mail.can_log_in(ada, md5)


def test_a_password_change_counts_at_once(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    assert mail.can_log_in(ada)
    mail.sql("UPDATE virtual_users SET password = '{PLAIN}new one' WHERE email = %s", ada)
    assert mail.can_log_in(ada, "new one")
    assert not mail.can_log_in(ada)


def test_unknown_addresses_are_refused_at_rcpt(mail):
    domain = mail.domain()
    mail.mailbox(f"ada@{domain}")
    assert mail.rcpt(f"ada@{domain}")[0] == 250
    code, text = mail.rcpt(f"nobody@{domain}")
    assert code == 550 and "5.1.1" in text
    assert mail.rcpt("ada@elsewhere.test")[0] == 554
    assert mail.rcpt(f"ada@sub.{domain}")[0] == 554


def test_disabled_accounts_are_refused_everywhere(mail):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}")
    assert mail.rcpt(ada)[0] == 250 and mail.can_log_in(ada)
    mail.disable(ada)
    for written in (ada, ada.upper(), f"ada+x@{domain}"):
        code, text = mail.rcpt(written)
        assert (code, "5.1.1" in text) == (550, True), (written, code, text)
    assert not mail.can_log_in(ada)


def test_a_disabled_account_looks_like_no_account(mail):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}", active=0)
    nobody = f"nobody@{domain}"
    disabled, unknown = mail.rcpt(ada), mail.rcpt(nobody)
    assert disabled == (550, unknown[1].replace(nobody, ada))


def test_without_its_map_a_disabled_account_would_be_accepted_first(mail):
    """Why conf/postfix/disabled.cf is there: the identity map alone makes the address known."""
    off = mail.mailbox(f"off@{mail.domain()}", active=0)
    assert mail.rcpt(off, port=NAKED_PORT)[0] == 250
    assert mail.rcpt(off)[0] == 550


def test_a_catch_all_takes_what_nobody_else_takes(mail):
    domain = mail.domain()
    ada, grace = mail.mailbox(f"ada@{domain}"), mail.mailbox(f"grace@{domain}")
    off = mail.mailbox(f"off@{domain}", active=0)
    mail.alias(f"@{domain}", grace)
    stray, own = mail.send(f"stray@{domain}"), mail.send(ada)
    mail.arrives(grace, stray)
    mail.arrives(ada, own)
    assert not mail.has_now(grace, own)
    assert mail.rcpt(off)[0] == 550
    assert mail.rcpt(off.replace("@", "+x@"))[0] == 550
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.send(off)


def test_mail_of_this_machine_to_a_disabled_account_misses_the_catch_all(mail):
    """Past smtpd, by an alias: Dovecot refuses it, the sender hears of it."""
    domain = mail.domain()
    sender, grace = mail.mailbox(f"sender@{domain}"), mail.mailbox(f"grace@{domain}")
    off = mail.mailbox(f"off@{domain}", active=0)
    mail.alias(f"@{domain}", grace)
    mail.alias(f"list@{domain}", off)
    mark = mail.send(f"list@{domain}", sender=sender)
    client = mail.imap(sender)
    wait_for(lambda: client.select("INBOX") and client.search(None, "TEXT", f'"{mark}"')[1][0],
             "no bounce", step=0.1)
    client.logout()
    assert not mail.has_now(grace, mark)


def test_aliases(mail):
    domain, other = mail.domain(), mail.domain()
    ada, grace = mail.mailbox(f"ada@{domain}"), mail.mailbox(f"grace@{other}")
    for destination in (ada, grace):
        mail.alias(f"team@{domain}", destination)
    mail.alias(f"@{domain}", ada)
    mark = mail.send(f"Team+x@{domain}")
    mail.arrives(ada, mark)
    mail.arrives(grace, mark)
    mail.run("alias", "disable", f"team@{domain}")
    mark = mail.send(f"team@{domain}")
    mail.arrives(ada, mark)     # the catch-all now
    assert not mail.has_now(grace, mark)


def test_an_alias_leads_away_from_this_server(mail):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}")
    for destination in (ada, "Ada.L@Elsewhere.test", "o'hara+x@other.test"):
        mail.alias(f"team@{domain}", destination)
    mark = mail.send(f"team@{domain}")
    mail.arrives(ada, mark)
    wanted = ["Ada.L@Elsewhere.test", "o'hara+x@other.test"]
    wait_for(lambda: [to.lower() for to in mail.elsewhere.got(mark)] == [to.lower() for to in wanted],
             lambda: f"{mail.elsewhere.got(mark)}\n{mail.postfix.queued()}")


def test_forward_and_keep_a_copy(mail):
    domain = mail.domain()
    ada, grace = mail.mailbox(f"ada@{domain}"), mail.mailbox(f"grace@{domain}")
    mail.alias(ada, grace)
    mark = mail.send(ada)
    mail.arrives(grace, mark)
    assert not mail.has_now(ada, mark)
    mail.alias(ada, ada)
    mark = mail.send(ada)
    mail.arrives(ada, mark)
    mail.arrives(grace, mark)


def test_mail_lands_where_maildir_says(mail):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}", maildir=f"{domain}/ada.77")
    mail.arrives(ada, mail.send(ada))
    assert glob.glob(f"{mail.root}/{domain}/ada.77/Maildir/*/*")
    grace = mail.mailbox(f"grace@{domain}")
    mail.arrives(grace, mail.send(grace))
    assert glob.glob(f"{mail.root}/{domain}/grace/Maildir/*/*")


def full(mail, address, **options):
    """Waits until that is refused as too much, for Dovecot counts what it delivered a moment later; the text."""
    return wait_for(lambda: (answer := mail.rcpt(address, **options))[0] == 552 and answer[1],
                    f"{address} never becomes full")


def test_a_full_mailbox_refuses_at_rcpt(mail):
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}", quota_messages=2)
    for _ in range(2):
        mail.arrives(ada, mail.send(ada))
    text = full(mail, ada)
    assert "5.2.2" in text, text
    grace = mail.mailbox(f"grace@{domain}", quota_kb=20)
    assert mail.rcpt(grace)[0] == 250
    assert mail.rcpt(grace, size=900000)[0] == 552
    mail.arrives(grace, mail.send(grace, body="x" * 70 + "\r\n" * 1 + ("y" * 70 + "\r\n") * 200))
    full(mail, grace, size=15000)
    mail.sql("UPDATE virtual_users SET quota_kb = 0 WHERE email = %s", grace)
    assert mail.rcpt(grace, size=15000)[0] == 250


def test_used_space_and_last_log_in_are_written(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}", quota_kb=5000)
    mail.arrives(ada, mail.send(ada))
    wait_for(lambda: mail.sql("SELECT 1 FROM quota2 WHERE username = %s AND bytes > 100 AND messages = 1", ada),
             "no such row in quota2")
    assert wait_for(lambda: mail.sql("SELECT last_login FROM last_login WHERE username = %s"
                                     " AND service = 'imap'", ada), "no row in last_login")


def test_every_mailbox_is_listed_to_doveadm(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    assert ada in mail.dovecot.doveadm("user", "*").split()


@pytest.mark.parametrize("local", [
    "ü", "日本", "a%b", "%", "%%", "%s", "_", "a_b", "o'brien", "''", "\\'", "\\", "`", "--", ";", "/*", "*", "?",
    '"a b"', '"a\\"b"', '"\'"', '"%"', '"@"', "a@b", "!", "#", "$", "+", "+x", "a+", "x" * 64, "x" * 65, "x" * 500, "x" * 1200,
    "\N{PILE OF POO}", "é", "ß", "İ", "\ufeff", "a\u0301"])
def test_no_recipient_makes_a_look_up_fail(mail, local):
    """Neither this address nor a good one after it over the same smtpd gets a 4xx."""
    domain = mail.domain()
    ada = mail.mailbox(f"ada@{domain}")
    for raw in (f"{local}@{domain}", f"ada@{local}.test", f"{local}@{local}"[:1900]):
        code, text = mail.rcpt(raw)
        assert 500 <= code < 600, (raw, code, text)
    assert mail.rcpt(ada)[0] == 250


def test_the_longest_address_that_may_be_is_looked_up(mail):
    mail.run("relay", "add", "longest.test", "--recipients", "any")
    assert mail.rcpt("x" * (254 - len("@longest.test")) + "@longest.test")[0] == 250
    assert mail.rcpt("x" * (255 - len("@longest.test")) + "@longest.test")[0] == 553


@pytest.mark.parametrize("sender", ["", "ü@ü.test", "o'b@x'y.test", "%@%.test", "a@_.test", "x" * 64 + "@y.test", "x" * 1500 + "@y.test"])
def test_no_sender_makes_a_look_up_fail(mail, sender):
    ada = mail.mailbox(f"ada@{mail.domain()}")
    with mail.smtp() as client:
        client.sock.sendall(f"MAIL FROM:<{sender}>\r\n".encode())
        code = client.getreply()[0]
        assert code == 250 or 500 <= code < 600
        if code == 250:
            client.sock.sendall(f"RCPT TO:<{ada}>\r\n".encode())
            assert client.getreply()[0] == 250


def test_mailboys_files_work_beside_those_of_debian(mail):
    """Debian's conf.d comes first, and has other ideas of where mail lies and of what a user is called."""
    ada = mail.mailbox(f"ada@{mail.domain()}", quota_messages=1)
    mail.arrives(ada, mail.send(ada))
    own = mail.dovecot
    own.stop()
    mail.dovecot = Dovecot(mail.config, mail.postfix.config, directory=mail.make("beside"), beside="/etc/dovecot")
    try:
        mail.dovecot.start()
        assert not mail.can_log_in(ada, "wrong")
        assert "5.2.2" in full(mail, ada)
        mail.sql("UPDATE virtual_users SET quota_messages = 0 WHERE email = %s", ada)
        mail.arrives(ada, mail.send(f"ada+x@{ada.partition('@')[2]}"))
        assert len(glob.glob(f"{mail.root}/{ada.partition('@')[2]}/ada/Maildir/cur/*")) == 2
    finally:
        mail.dovecot.stop()
        mail.dovecot = own.start()
