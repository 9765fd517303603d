# SPDX-License-Identifier: GPL-3.0-or-later
"""The overview of a server where nothing is yet: what to do next, until it is done, and for nobody else."""
import pytest
from visitor import ADMIN, PASSWORD, Site


@pytest.fixture(scope="module")
def own():
    with Site() as made:
        yield made


def test_steps_until_there_is_a_second_mailbox(own):
    admin = own.sign_in()
    page = admin.get("/")
    told = page.text
    places = [told.index(word) for word in ("Add a domain", "Add a mailbox", "Say who looks after it")]
    assert page.status == 200 and places == sorted(places)
    assert 'href="/domains/example.org/mailboxes/new"' in told and 'href="/domains/example.org/admins"' in told
    assert admin.get(f"/domains/{ADMIN.partition('@')[2]}/mailboxes/new").status == 200
    numbers = {one["key"]: one["value"] for one in admin.get("/", json=True).json["numbers"]}
    assert numbers["domains"] == 1 and numbers["mailboxes"] == 1
    assert admin.post("/domains/example.org/mailboxes/new", {"local_part": "ada", "password": "some other pass phrase"}).status == 303
    later = admin.get("/")
    assert later.status == 200 and "Say who looks after it" not in later.text
    numbers = {one["key"]: one["value"] for one in admin.get("/", json=True).json["numbers"]}
    assert numbers["mailboxes"] == 2


def test_steps_are_not_for_domain_admins(own):
    own.make_domain("one.example")
    own.make_mailbox("boss@one.example", administers=("one.example",))
    boss = own.sign_in("boss@one.example", PASSWORD)
    page = boss.get("/")
    assert page.status == 200 and "Say who looks after it" not in page.text and "one.example" in page.text
    numbers = {one["key"]: one["value"] for one in boss.get("/", json=True).json["numbers"]}
    assert numbers["domains"] == 1 and numbers["mailboxes"] == 1
