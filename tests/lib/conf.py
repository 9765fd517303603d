# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills the templates of conf/ (conf/README.md tells the placeholders)."""
import os
import re

CONF = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "conf"))
PRIVATE = os.path.normpath(os.path.join(CONF, "..", "contrib", "private"))


def values(**changed):
    """All placeholders with the values of a stock Debian; changed ones by keyword."""
    defaults = {
        "POSTFIX_DB_HOSTS": "unix:/run/mysqld/mysqld.sock",
        "DOVECOT_DB_CONNECT": "host=/run/mysqld/mysqld.sock",
        "DB_NAME": "mailboy",
        "MAILPOSTFIX_PASSWORD": "pwmailpostfix",
        "MAILUSER_PASSWORD": "pwmailuser",
        "MAILQUOTA_PASSWORD": "pwmailquota",
        "MAIL_ROOT": "/var/vmail", "MAIL_UID": "5000", "MAIL_GID": "5000",
        "POSTFIX_QUEUE": "/var/spool/postfix", "DOVECOT_DIR": "/etc/dovecot",
        "FASTCGI_PASS": "unix:/run/mailboy/mailboy.sock",
        "ASSETS_DIR": "/var/lib/mailboy/assets", "MAX_UPLOAD_KB": "1024",
        "LIGHTTPD_POOL": '"socket" => "/run/mailboy/mailboy.sock"',
        "PREFIX": "", "SERVER_NAME": "localhost", "MAX_UPLOAD": "1048576",
    }
    unknown = set(changed) - set(defaults)
    assert not unknown, f"no such placeholder: {unknown}"
    return {**defaults, **{name: str(value) for name, value in changed.items()}}


def database_values(socket):
    return {"POSTFIX_DB_HOSTS": f"unix:{socket}", "DOVECOT_DB_CONNECT": f"host={socket}"}


def fill(folder, target, filled):
    """Writes the files of conf/<folder>, filled, into target. A placeholder without a value fails."""
    os.makedirs(target, exist_ok=True)
    for name in sorted(os.listdir(os.path.join(CONF, folder))):
        with open(os.path.join(CONF, folder, name), encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"@([A-Z][A-Z_]*)@", lambda match: filled[match.group(1)], text)
        with open(os.path.join(target, name), "w", encoding="utf-8") as file:
            file.write(text)


def frame(name, target, **filled):
    """Writes a file of contrib/private: what a server of one's own needs around the files of conf/."""
    with open(os.path.join(PRIVATE, name), encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"@([A-Z][A-Z_]*)@", lambda match: str(filled[match.group(1)]), text)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
