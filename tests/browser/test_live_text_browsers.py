# SPDX-License-Identifier: GPL-3.0-or-later
"""The theme `plain` in w3m and lynx, as people use them: each task by keys alone, on a real site. The journeys are a
table of steps: FOLLOW a link, SEND a form, OPEN an address, or what somebody else does meanwhile in the SHELL
(a one-time link that it shows is {link} from then on)."""
import os
import re
import shutil
import urllib.request

import pytest
from daemon import wait_for
from mailboy import ROOT, Site
from terminal import TICK, Choice, Lynx, W3m

PASSWORD = "seven green bottles 7"
OTHER = "the second, longer password"
FOLLOW, SEND, OPEN, SHELL = "follow", "send", "open", "shell"

LEAVE = [(FOLLOW, "Sign out", "Sign out?"), (SEND, "Sign out", "E-mail address")]
RETURN = [*LEAVE, (SEND, "Sign in", "What happened last", ("E-mail address", "{admin}"), ("Password", "{password}"))]

JOURNEYS = {
    "who administers a domain": [
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "{d}", "All administrators"),
        (FOLLOW, "All administrators of this domain", "Add an administrator"),
        (SEND, "Add administrator", "There is no mailbox with this address", ("Address of the account", "nobody@{d}")),
        (SEND, "Add administrator", "ada@{d} administers this domain now", ("Address of the account", "ada@{d}")),
        (SEND, "Remove ada@{d}", "does not administer this domain any more"),
    ],
    "an alias": [
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "{d}", "Add alias"),
        (FOLLOW, "Add alias", "A disabled alias"),
        (SEND, "Add alias", "There is a problem", ("Name before the @", "sales"), ("Goes to", ["ada@{d}", "not one"])),
        (SEND, "Add alias", "sales@{d} was added", ("Goes to", ["ada@{d}", "grace@{d}"])),
        (FOLLOW, "Edit", "Edit sales@{d}"),
        (SEND, "Save", "was saved", ("Description", "Orders")),
        (SEND, "Disable", "sends nothing on"),
        (SEND, "Undo", "Undone"),
        (FOLLOW, "Delete alias", "Mail to this address is refused"),
        (SEND, "Delete alias", "was deleted"),
    ],
    "a relay domain and its addresses": [
        (FOLLOW, "Relay domains", "Add relay domain"),
        (FOLLOW, "Add relay domain", "Which addresses are taken"),
        (SEND, "Add relay domain", "0 addresses in relay-{d}", ("Domain", "relay-{d}")),
        (SEND, "Add addresses", "Added: 2", ("Addresses to add", ["joe", "sue"])),
        (SEND, "Remove joe@relay-{d}", "joe@relay-{d} was removed"),
        (FOLLOW, "relay-{d}", "What happens to its mail"),
        (FOLLOW, "Delete relay domain", "is refused from now on"),
        (SEND, "Delete relay domain", "was deleted"),
    ],
    "a policy, made, compared, chosen": [
        (FOLLOW, "Spam policies", "Spam policies, sorted"),
        (FOLLOW, "Add policy", "Start from"),
        (FOLLOW, "Relaxed", "Those who choose read it"),
        (SEND, "Add policy", "The policy Mild {d} was added", ("Name", "Mild {d}")),
        (FOLLOW, "Strict", "Beside Strict"),
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "{d}", "All administrators"),
        (FOLLOW, "Spam filter", "What the policies do"),
    ],
    "who is let in and who is refused": [
        (FOLLOW, "Allow & block lists", "The most specific entry wins"),
        (FOLLOW, "Add entry", "Mail without a sender"),
        (SEND, "Add entry", "192.0.2.0/24 was added", ("Entry", "192.0.2.0/24")),
        (FOLLOW, "Edit", "Save"),
        (SEND, "Save", "was saved", ("Comment", "Noise")),
        (FOLLOW, "Delete entry", "Wider entries count again"),
        (SEND, "Delete entry", "was deleted"),
        (FOLLOW, "Paste many", "One a line"),
        (SEND, "Add entries", "Added: 2", ("Entries", ["192.0.2.{n}", "198.51.{n}.0/24 OK"])),
    ],
    "several at once, and undone": [
        (FOLLOW, "Mailboxes", "Mailboxes, sorted"),
        (SEND, "Change space", "Nothing is selected"),
        (FOLLOW, "Mailboxes", "Mailboxes, sorted"),
        (SEND, "Change space", "the space of 2 mailboxes", ("ada@{d}", TICK), ("grace@{d}", TICK)),
        (SEND, "Change space", "Space changed: 2", ("Space", "300 MB")),
        (SEND, "Undo", "Undone: 2"),
    ],
    "somebody else was faster": [
        (FOLLOW, "Mailboxes", "Mailboxes, sorted"),
        (FOLLOW, "ada@{d}", "Mail folder"),
        (FOLLOW, "Edit", "Edit ada@{d}"),
        (SHELL, "mailbox", "edit", "ada@{d}", "--name", "Theirs"),
        (SEND, "Save", "Somebody else changed this first", ("Full name", "Mine")),
        (SEND, "Save mine", "was saved"),
    ],
    "a list and its filter": [
        (FOLLOW, "Mailboxes", "Mailboxes, sorted"),
        (SEND, "Filter", "No mailbox fits", ("Address", "nobody")),
        (FOLLOW, "Show all mailboxes", "ada@{d}"),
    ],
    "the audit log": [
        (FOLLOW, "Audit log", "Changes, newest first"),
        (SEND, "Filter", "Show all", ("Who (address)", "admin@example.org")),
        (FOLLOW, "Edit mailbox", "Before and after"),
    ],
    "who administers the server": [
        (FOLLOW, "Administrators", "Who administers the server"),
        (FOLLOW, "Make administrator", "A mailbox on this server"),
        (SEND, "Make administrator", "grace@{d} is an administrator now", ("Address of the account", "grace@{d}")),
        (FOLLOW, "Administrators", "Who administers the server"),
        (FOLLOW, "grace@{d}", "Server admin no more"),
        (FOLLOW, "Take the right away", "signed out everywhere"),
        (SEND, "Take the right away", "is no server admin any more"),
    ],
    "another theme, tried on": [
        (FOLLOW, "Themes", "How these pages look"),
        (FOLLOW, "Purple Haze", "What the check finds"),
        (FOLLOW, "Settings", "Line under the name"),
        (SEND, "Save", "settings were saved", ("Line under the name", "Read as text")),
        (FOLLOW, "purplehaze", "What the check finds"),
        (SEND, "Try it on", "You alone see the theme purplehaze"),
        (SEND, "End the preview", "You see what everybody sees again"),
    ],
    "another language": [
        (FOLLOW, "My account", "What happens to your mail"),
        (FOLLOW, "Change language", "The language of these pages"),
        (SEND, "Save", "Ihre Sprache wurde gespeichert", ("The language of these pages", Choice("Deutsch"))),
        (FOLLOW, "Mein Konto", "Was mit Ihrer Mail geschieht"),
        (FOLLOW, "Sprache ändern", "Die Sprache dieser Seiten"),
        (SEND, "Speichern", "Your language was saved", ("Die Sprache dieser Seiten", Choice("English"))),
    ],
    "an address where nothing is, and the built-in theme": [
        (OPEN, "{url}nowhere", "There is nothing here"),
        (FOLLOW, "Does this page look broken?", "in this browser, until it is closed"),
        (SEND, "Use the built-in theme", "What happened last"),
        (OPEN, "{url}safe", "This browser shows the built-in theme"),
        (SEND, "Back to the site's theme", "What happened last"),
        (FOLLOW, "Manual", "A lost password"),
    ],
    "a session that ended under one's hands": [
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "Add domain", "Description"),
        (SHELL, "mailbox", "signout", "{admin}", "--as", "{admin}"),
        (SEND, "Add domain", "Sign in first", ("Domain", "kept-{d}")),
        (FOLLOW, "Sign in", "E-mail address"),
        (SEND, "Sign in", "Description", ("E-mail address", "{admin}"), ("Password", "{password}")),
    ],
    "a long list, its pages and its order": [
        (SHELL, "relay", "add", "long-{d}"),
        (SHELL, "relay", "recipients", "long-{d}", "add", *(f"r{n:02}" for n in range(60))),
        (OPEN, "{url}relays/long-{d}/recipients", "r49@"),
        (FOLLOW, "Next", "r59@"),
        (FOLLOW, "Previous", "r00@"),
        (FOLLOW, "Mailboxes", "Mailboxes, sorted"),
        (FOLLOW, "Mailbox ↑", "Mailbox ↓"),
    ],
    "a catch-all": [
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "{d}", "Add alias"),
        (FOLLOW, "Add alias", "A disabled alias"),
        (SEND, "Add alias", "was added", ("Catch-all", TICK), ("Goes to", ["ada@{d}"])),
        (FOLLOW, "Delete alias", "Mail to all other addresses of {d} is refused"),
        (SEND, "Delete alias", "was deleted"),
    ],
    "one's own password and spam filter": [
        *LEAVE,
        (SEND, "Sign in", "What happens to your mail", ("E-mail address", "ada@{d}"), ("Password", PASSWORD)),
        (FOLLOW, "Password", "At least"),
        (SEND, "Change password", "There is a problem", ("Your current password", "wrong"), ("New password", OTHER)),
        (SEND, "Change password", "password was changed", ("Your current password", PASSWORD), ("New password", OTHER)),
        (FOLLOW, "Spam filter", "What the policies do"),
        (SEND, "Save", "The choice was saved", ("Policy", Choice("Strict"))),
        (FOLLOW, "Mail programs", "IMAP"),
        *RETURN,
    ],
    "a new account by a link": [
        (SHELL, "mailbox", "invite", "grace@{d}"),
        *LEAVE,
        (OPEN, "{link}", "works once"),
        (SEND, "Set password and sign in", "There is a problem", ("New password", "short")),
        (SEND, "Set password and sign in", "you are signed in", ("New password", OTHER)),
        *RETURN,
    ],
    "a domain goes by its typed name": [
        (FOLLOW, "Domains", "Domains, sorted"),
        (FOLLOW, "{d}", "All administrators"),
        (FOLLOW, "Delete domain", "With the domain go"),
        (SEND, "Delete domain", "Type the name of the domain exactly", ("Name of the domain", "wrong.example")),
        (SEND, "Delete domain", "{d} was deleted", ("Name of the domain", "{d}")),
    ],
    "a domain and a mailbox from first to last": [
        (FOLLOW, "Domains", "Add domain"),
        (FOLLOW, "Add domain", "Description"),
        (SEND, "Add domain", "There is a problem", ("Domain", "not a domain")),
        (SEND, "Add domain", "new-{d} was added", ("Domain", "new-{d}"), ("Description", "Read as text")),
        (FOLLOW, "Add mailbox", "optional"),
        (SEND, "Add mailbox", "was added", ("Name before the @", "ada"), ("Full name", "Ada Lovelace"), ("Password", PASSWORD)),
        (FOLLOW, "Edit", "Edit ada@"),
        (SEND, "Save", "Countess", ("Full name", "Countess")),
        (SEND, "Disable", "is disabled"),
        (FOLLOW, "Set password", "Set password"),
        (SEND, "Make a password for me", "It is shown this one time"),
        (FOLLOW, "I have copied it", "Countess"),
        (FOLLOW, "Delete mailbox", "This cannot be undone"),
        (SEND, "Delete mailbox", "was deleted"),
    ],
}


@pytest.fixture(scope="module")
def site():
    with Site(release=True, options="session_idle = 1h") as whole:
        for theme in ("plain", "purplehaze"):
            shutil.copytree(os.path.join(ROOT, "themes", theme), whole.folder / f"themes/{theme}")
        whole.run("theme", "activate", "plain")
        wait_for(lambda: "data-mb-show" not in page(whole.url + "login"), "plain is not taken in")
        yield whole


def page(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode("utf-8")


@pytest.fixture(scope="module", params=[W3m, Lynx])
def reader(request, site, tmp_path_factory):
    with request.param(site.url, tmp_path_factory.mktemp("home")) as program:
        program.domain = f"{request.param.__name__.lower()}.example"
        site.run("domain", "add", program.domain)
        for name in ("ada", "grace"):
            site.run("mailbox", "add", f"{name}@{program.domain}", "--password-stdin", input=PASSWORD + "\n")
        sign_in(program, site.admin, site.password)
        yield program


def sign_in(reader, address, password, expect="What happened last"):
    reader.expect("E-mail address")
    reader.send("Sign in", expect, ("E-mail address", address), ("Password", password))


def named(value, names):
    """A word of a step, with the reader's own names in it."""
    if isinstance(value, (tuple, list)):
        return type(value)(named(part, names) for part in value)
    if not isinstance(value, str):
        return value
    return type(value)(re.sub(r"\{(\w+)\}", lambda hole: names[hole[1]], value))


@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(reader, site, journey):
    names = {"d": reader.domain, "n": "7" if isinstance(reader, W3m) else "8", "admin": site.admin, "password": site.password,
             "url": site.url}
    for step in JOURNEYS[journey]:
        kind, *words = named(step, names)
        if kind == SHELL:
            found = re.search(r"/(invite/\S+)", site.run(*words).stdout)
            names["link"] = found and site.url + found[1]
        else:
            {FOLLOW: reader.follow, SEND: reader.send, OPEN: reader.open}[kind](*words)
