# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored as a password, against the real Dovecot."""
import base64
import codecs
import csv
import hashlib
import imaplib
import os
import subprocess

import pytest
from conftest import PASSWORD, crypt_hash

ASCII = "it's a 100% pass\\word"


def argon2(password, *options):
    return subprocess.run(["argon2", "saltsalt16bytes!", "-id", "-e", *options], input=password,
                          stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def ssha(password):
    salt = os.urandom(8)
    return base64.b64encode(hashlib.sha1(password.encode() + salt).digest() + salt).decode()


def md5(password):
    return hashlib.md5(password.encode()).hexdigest()


STORED = {
    "argon2id 19 MiB": lambda p: "{ARGON2ID}" + argon2(p, "-k", "19456", "-t", "2", "-p", "1"),
    "argon2id 64 MiB": lambda p: "{ARGON2ID}" + argon2(p, "-k", "65536", "-t", "3", "-p", "1"),
    "argon2id bare": lambda p: argon2(p, "-k", "19456", "-t", "2", "-p", "1"),
    "SHA512-CRYPT": lambda p: "{SHA512-CRYPT}" + crypt_hash(p, "$6$abcdefgh"),
    "SHA256-CRYPT": lambda p: "{SHA256-CRYPT}" + crypt_hash(p, "$5$abcdefgh"),
    "BLF-CRYPT": lambda p: "{BLF-CRYPT}" + crypt_hash(p, "$2y$05$abcdefghijklmnopqrstuu"),
    "MD5-CRYPT": lambda p: "{MD5-CRYPT}" + crypt_hash(p, "$1$abcdefgh"),
    "PLAIN-MD5": lambda p: "{PLAIN-MD5}" + md5(p),
    "SSHA": lambda p: "{SSHA}" + ssha(p),
    "SHA256": lambda p: "{SHA256}" + base64.b64encode(hashlib.sha256(p.encode()).digest()).decode(),
    "PLAIN": lambda p: "{PLAIN}" + p,
    "bare hex MD5": md5,
    "bare hex MD5 in capitals": lambda p: md5(p).upper(),
    "bare SHA512-CRYPT": lambda p: crypt_hash(p, "$6$abcdefgh"),
    "bare SHA256-CRYPT": lambda p: crypt_hash(p, "$5$abcdefgh"),
    "bare BLF-CRYPT": lambda p: crypt_hash(p, "$2y$05$abcdefghijklmnopqrstuu"),
    "bare MD5-CRYPT": lambda p: crypt_hash(p, "$1$abcdefgh"),
}


@pytest.mark.parametrize("kind", STORED)
def test_dovecot_verifies(mail, kind):
    ada = mail.mailbox(f"ada@{mail.domain()}", hashed=STORED[kind](ASCII))
    assert mail.can_log_in(ada, ASCII)
    assert not mail.can_log_in(ada, ASCII + "x")
    assert not mail.can_log_in(ada, ASCII.upper())


def test_des_crypt_is_verified_up_to_eight_characters(mail):
    ada = mail.mailbox(f"ada@{mail.domain()}", hashed="{DES-CRYPT}" + crypt_hash("eightcha", "ab"))
    assert mail.can_log_in(ada, "eightcha")
    assert not mail.can_log_in(ada, "eightchb")


@pytest.mark.parametrize("stored", ["{ARGON2ID}", "{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$", "{NOSUCH}x", "x",
                                    "*", "!", "{}", "{PLAIN-MD5}", "{PLAIN-MD5}zz", "$6$", "{CRYPT}*"])
def test_a_broken_hash_lets_nobody_in(mail, stored):
    ada = mail.mailbox(f"ada@{mail.domain()}", hashed=stored)
    for guess in ("x", "*", "!", stored):
        with pytest.raises(imaplib.IMAP4.error):
            mail.imap(ada, guess)


# ---- names

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit", "address_samples.csv")


def accepted():
    """Each domain and mailbox of the samples that may be: (as somebody types it, as it is then)."""
    with open(SAMPLES, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            way, _, normal = row["expect"].partition(":")
            if row["kind"] not in ("domain", "mailbox") or way not in ("accept", "normalize"):
                continue
            typed = codecs.decode(row["input"], "unicode_escape") if "\\" in row["input"] else row["input"]
            yield row["kind"], typed, normal or typed


def test_every_name_that_mailboy_accepts_logs_in_and_gets_mail(mail):
    names = list(accepted())
    assert len(names) > 12
    domains = {normal.rpartition("@")[2]: normal.rpartition("@")[2] for _, _, normal in names}
    domains.update({normal: typed for kind, typed, normal in names if kind == "domain"})
    for typed in domains.values():
        mail.run("domain", "add", "--", typed)
    made = set()
    for kind, typed, normal in names:
        typed, normal = (typed, normal) if kind == "mailbox" else ("ada@" + typed, "ada@" + normal)
        if normal in made:
            continue
        made.add(normal)
        mail.run("mailbox", "add", "--password-stdin", "--", typed, input=PASSWORD + "\n")
        assert mail.can_log_in(normal), (typed, normal)
        assert mail.can_log_in(normal.upper()), (typed, normal)
        assert mail.rcpt(normal)[0] == 250, (typed, normal)
