# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme `plain` in w3m and lynx, as people use them: each task by keys alone, on a real site."""
import os
import shutil

import pytest
from mailboy import ROOT, Site
from terminal import Lynx, W3m

PASSWORD = "seven green bottles 7"


@pytest.fixture(scope="module")
def site():
    with Site(release=True, options="session_idle = 1h") as whole:
        shutil.copytree(os.path.join(ROOT, "themes", "plain"), whole.folder / "themes/plain")
        whole.run("theme", "activate", "plain")
        yield whole


@pytest.fixture(params=[W3m, Lynx])
def reader(request, site, tmp_path):
    with request.param(site.url, tmp_path) as program:
        program.expect("E-mail address")
        yield program


def sign_in(reader, site):
    reader.send("Sign in", "What happened last", ("E-mail address", site.admin), ("Password", site.password))


def test_a_domain_and_a_mailbox_from_first_to_last(reader, site):
    domain = f"{type(reader).__name__.lower()}-{os.getpid()}.example"
    sign_in(reader, site)

    reader.follow("Domains", "Add domain")
    reader.follow("Add domain", "Description")
    reader.send("Add domain", "There is a problem", ("Domain", "not a domain"))
    reader.send("Add domain", f"{domain} was added", ("Domain", domain), ("Description", "Read as text"))
    reader.expect("Read as text")

    reader.follow("Add mailbox", "optional")
    reader.send("Add mailbox", "was added", ("Name before the @", "ada"), ("Full name", "Ada Lovelace"), ("Password", PASSWORD))
    reader.follow("Edit", "Edit ada@")
    reader.send("Save", "was saved", ("Full name", "Countess"))
    reader.expect("Countess")
    reader.send("Disable", "is disabled")
    reader.follow("Set password", "Set password")
    reader.send("Make a password for me", "It is shown this one time")
    reader.follow("I have copied it", "Countess")

    reader.follow("Mailboxes", "mailboxes")
    reader.send("Filter", "No mailbox fits", ("Address", "nobody"))
    reader.follow("Show all mailboxes", f"ada@{domain}")
    reader.send("Filter", "Show all", ("Address", f"ada@{domain[:-1]}"))
    reader.follow(f"ada@{domain}", "Mail folder")
    reader.follow("Delete mailbox", "This cannot be undone")
    reader.send("Delete mailbox", "was deleted")

    reader.follow("Domains", "Add domain")
    reader.follow(domain, "Delete this domain")
    reader.follow("Delete domain", "This cannot be undone")
    reader.send("Delete domain", "was deleted", ("Name", domain))
    log = site.run("audit", "list", "--all").stdout
    for done in ("domain.add", "mailbox.add", "mailbox.edit", "password.set", "mailbox.delete", "domain.delete"):
        assert any(done in line and domain in line for line in log.splitlines()), log

    reader.follow("Sign out", "Sign out?")
    reader.send("Sign out", "E-mail address")
