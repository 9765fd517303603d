# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of conf/, as `mailboy conf` writes them (conf/README.md tells the placeholders)."""
import os
import re
import subprocess

CONF = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "conf"))
PRIVATE = os.path.normpath(os.path.join(CONF, "..", "contrib", "private"))
ROOT = os.path.dirname(CONF)
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types mailboy")


def find_program(release=False):
    first = [os.environ.get("MAILBOY_RELEASE", ""), os.path.join(ROOT, "build/release")] if release else []
    builds = [*first, os.environ.get("MAILBOY_BUILD", ""), *(os.path.join(ROOT, b)
                                                     for b in ("build/debug", "build/release", "build"))]
    for build in builds:
        program = os.path.join(build, "mailboy")
        if build and os.access(program, os.X_OK):
            return program
    raise FileNotFoundError("mailboy is not built: tests/run builds it")


def cool(folder):
    """Postfix reads no main.cf that is younger than two seconds, but waits."""
    path = os.path.join(folder, "main.cf")
    if os.path.exists(path):
        os.utime(path, (0, 0))


def write(service, folder, config, postfix=None):
    """`mailboy conf SERVICE --write`: config is a mailboy.conf, postfix the folder of a main.cf that tells where the
    queue is."""
    os.makedirs(folder, exist_ok=True)
    cool(folder)
    environment = {**os.environ, **({"MAIL_CONFIG": postfix} if postfix else {})}
    done = subprocess.run([find_program(), "conf", service, "--write", folder, "--yes", "--config", config], text=True,
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    return folder


def configuration(path, **options):
    """A mailboy.conf with those options."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{name} = {value}\n" for name, value in options.items()))
    return path


def locations(target, **changed):
    """nginx' file of the pool, filled without the program: for a pool that has no configuration."""
    filled = {"FASTCGI_PASS": "unix:/run/mailboy/mailboy.sock", "PREFIX": "", "MAX_UPLOAD": "1048576",
              "ASSETS_DIR": "/var/lib/mailboy/assets", "POLICY": POLICY, **{name: str(value) for name, value in changed.items()}}
    substitute(os.path.join(CONF, "nginx", "mailboy-locations.conf"), target, filled)


def frame(name, target, **filled):
    """Writes a file of contrib/private: what a server of one's own needs around the files of conf/."""
    substitute(os.path.join(PRIVATE, name), target, filled)


def substitute(template, target, filled):
    """A placeholder without a value fails."""
    with open(template, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"@([A-Z][A-Z_]*)@", lambda match: str(filled[match.group(1)]), text)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
