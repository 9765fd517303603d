# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people at the same moment, in every order that matters, at each isolation level.

One session has run its statement and not yet committed; the other runs its own, in a transaction
that has already taken its snapshot. Whoever has to wait, waits; whoever loses, loses with an error.
Afterwards nothing the triggers promise may be broken (integrity.sql).
"""
import itertools
import threading
import time

import pymysql
import pytest

# The last is what MariaDB 11.6 and newer do by default at REPEATABLE READ: a row that changed since
# the snapshot is error 1020 for who wants to lock it, where older ones go on with the new row.
SNAPSHOT = "REPEATABLE READ, snapshot isolation"
LEVELS = ("READ COMMITTED", "REPEATABLE READ", SNAPSHOT)
AGAIN = (1213, 1020)    # the server's "roll back and repeat"
names = itertools.count(1)


class Session(threading.Thread):
    """Runs statements of one transaction in a thread of its own; the error is kept."""

    def __init__(self, db, level, warm=True):
        super().__init__(daemon=True)
        self.connection = db.connect(autocommit=False)
        self.error = None
        self.statements = ()
        with self.connection.cursor() as cursor:
            isolation, _, snapshot = level.partition(",")
            cursor.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}")
            if snapshot:
                cursor.execute("SET SESSION innodb_snapshot_isolation=ON")
            self.connection.begin()
            if warm:
                cursor.execute("SELECT COUNT(*) FROM virtual_domains")

    def say(self, *statements):
        try:
            with self.connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        except pymysql.err.MySQLError as error:
            self.error = error.args[0]
            self.connection.rollback()
        return self

    def commit(self):
        if self.error is None:
            self.connection.commit()
        self.connection.close()

    def run(self):
        self.say(*self.statements)
        self.commit()


def race(db, level, first, second):
    """first has run, second runs beside it, first commits. The errors of both."""
    one, two = Session(db, level), Session(db, level)
    one.say(*first)
    two.statements = second
    two.start()
    two.join(0.07)
    waited = two.is_alive()
    one.commit()
    two.join(20)
    assert not two.is_alive()
    assert db.broken() == ()
    return one.error, two.error, waited


def together(db, level, first, second):
    """Both have run one statement each and then want what the other holds."""
    one, two = Session(db, level), Session(db, level)
    one.statements, two.statements = first, second
    barrier = threading.Barrier(2)

    def go(session):
        barrier.wait()
        session.run()
    threads = [threading.Thread(target=go, args=(s,)) for s in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert db.broken() == ()
    return one.error, two.error


def both(first, seconds):
    """The allowed pairs of errors."""
    return [(first, second) for second in seconds]


@pytest.fixture(params=LEVELS)
def level(request):
    return request.param


@pytest.fixture
def place(db):
    """A domain with an account and an alias, and a second domain."""
    n = next(names)

    class Place:
        name, other_name = f"d{n}.test", f"o{n}.test"
        domain, other = db.domain(name), db.domain(other_name)
        user = db.user(domain, "ann")
        mover = db.user(other, "mover")
        alias = db.alias(domain, "sales", f"ann@d{n}.test")
        alias_mover = db.alias(other, "a", "x@foreign.test")
        rename = f"UPDATE virtual_domains SET name='r{n}.test' WHERE id={domain}"
        new_name = f"r{n}.test"
        delete = f"DELETE FROM virtual_domains WHERE id={domain}"
    return Place


def writers(place):
    """Every way in which a row comes to carry the domain's name."""
    return {
        "insert": f"INSERT INTO virtual_users (domain_id, user) VALUES ({place.domain}, 'new')",
        "insert select": "INSERT INTO virtual_users (domain_id, user)"
                         f" SELECT id, 'new' FROM virtual_domains WHERE id={place.domain}",
        "move": f"UPDATE virtual_users SET domain_id={place.domain} WHERE id={place.mover}",
        "user": f"UPDATE virtual_users SET user='anna' WHERE id={place.user}",
        "alias": "INSERT INTO virtual_aliases (domain_id, source, destination)"
                 f" VALUES ({place.domain}, 'new', 'a@b.test')",
        "alias select": "INSERT INTO virtual_aliases (domain_id, source, destination)"
                        f" SELECT domain_id, 'new', email FROM virtual_users"
                        f" WHERE id={place.user}",
        "alias move": f"UPDATE virtual_aliases SET domain_id={place.domain}"
                      f" WHERE id={place.alias_mover}",
        "alias source": f"UPDATE virtual_aliases SET source='kim' WHERE id={place.alias}",
    }


WRITERS = ("insert", "insert select", "move", "user", "alias", "alias select", "alias move",
           "alias source")


@pytest.mark.parametrize("writer", WRITERS)
def test_rename_beside_a_writer(db, level, place, writer):
    errors = race(db, level, [place.rename], [writers(place)[writer]])
    assert errors[0] is None and errors[1] in (None, *AGAIN), errors
    assert db.one("SELECT name FROM virtual_domains WHERE id=%s", place.domain) == place.new_name


@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_beside_a_rename(db, level, place, writer):
    errors = race(db, level, [writers(place)[writer]], [place.rename])
    assert errors[0] is None and errors[1] in (None, *AGAIN), errors


@pytest.mark.parametrize("writer", WRITERS)
def test_delete_of_the_domain_beside_a_writer(db, level, place, writer):
    errors = race(db, level, [place.delete], [writers(place)[writer]])
    assert errors[0] is None, errors
    for table in ("virtual_users", "virtual_aliases"):
        assert db.one(f"SELECT COUNT(*) FROM {table} WHERE domain_id=%s", place.domain) == 0


@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_beside_delete_of_the_domain(db, level, place, writer):
    errors = race(db, level, [writers(place)[writer]], [place.delete])
    assert errors[0] is None and errors[1] in (None, *AGAIN), errors
    left = db.one("SELECT COUNT(*) FROM virtual_domains WHERE id=%s", place.domain)
    assert left == (0 if errors[1] is None else 1)


def test_hosted_beside_relayed(db, level):
    name = f"twin{next(names)}.test"
    host = f"INSERT INTO virtual_domains (name) VALUES ('{name}')"
    relay = f"INSERT INTO relay_domains (domain) VALUES ('{name}')"
    assert race(db, level, [host], [relay])[:2] in both(None, (32005, *AGAIN))
    name2 = f"twin{next(names)}.test"
    assert race(db, level, [relay.replace(name, name2)],
                [host.replace(name, name2)])[:2] in both(None, (32004, *AGAIN))


def test_hosted_and_relayed_by_rename(db, level):
    n = next(names)
    domain = db.domain(f"h{n}.test")
    db.run(f"INSERT INTO relay_domains (domain) VALUES ('l{n}.test')")
    host = f"UPDATE virtual_domains SET name='both{n}.test' WHERE id={domain}"
    relay = f"UPDATE relay_domains SET domain='both{n}.test' WHERE domain='l{n}.test'"
    assert race(db, level, [host], [relay])[:2] in both(None, (32005, *AGAIN))
    host, relay = (s.replace("both", "other") for s in (host, relay))
    assert race(db, level, [relay], [host])[:2] in both(None, (32004, *AGAIN))


def test_hosted_and_relayed_in_the_same_instant(db, level):
    for _ in range(8):
        name = f"same{next(names)}.test"
        errors = together(db, level, [f"INSERT INTO virtual_domains (name) VALUES ('{name}')"],
                          [f"INSERT INTO relay_domains (domain) VALUES ('{name}')"])
        assert sorted(error is None for error in errors) == [False, True], errors


RECIPIENT_WRITERS = {
    "insert": "INSERT INTO relay_recipients (relay_domain_id, user) VALUES ({id}, 'new')",
    "insert select": "INSERT INTO relay_recipients (relay_domain_id, user)"
                     " SELECT id, 'new' FROM relay_domains WHERE id={id}",
    "move": "UPDATE relay_recipients SET relay_domain_id={id} WHERE relay_domain_id={other}",
    "user": "UPDATE relay_recipients SET user='changed' WHERE relay_domain_id={id}",
}


@pytest.mark.parametrize("change", [
    "UPDATE relay_domains SET domain='renamed{n}.test' WHERE id={id}",
    "DELETE FROM relay_domains WHERE id={id}"])
@pytest.mark.parametrize("writer", sorted(RECIPIENT_WRITERS))
def test_a_relay_domain_beside_writers_of_its_recipients(db, level, writer, change):
    for first in (True, False):
        n = next(names)
        ids = []
        for name in (f"relay{n}.test", f"elsewhere{n}.test"):
            db.run("INSERT INTO relay_domains (domain) VALUES (%s)", name)
            ids.append(db.one("SELECT id FROM relay_domains WHERE domain=%s", name))
            db.run("INSERT INTO relay_recipients (relay_domain_id, user) VALUES (%s, 'old')"
                   if name.startswith("relay") else
                   "INSERT INTO relay_recipients (relay_domain_id, user) VALUES (%s, 'mover')",
                   ids[-1])
        pair = [[change.format(n=n, id=ids[0])],
                [RECIPIENT_WRITERS[writer].format(id=ids[0], other=ids[1])]]
        errors = race(db, level, *(pair if first else reversed(pair)))
        assert errors[0] is None and errors[1] in (None, 32001, *AGAIN), errors


def make_supers(db, count=2):
    """Exactly this many super admins, in a domain of their own."""
    domain = db.domain(f"supers{next(names)}.test")
    fresh = [db.user(domain, f"s{i}", admin=2) for i in range(count)]
    db.run("UPDATE virtual_users SET admin=0 WHERE admin=2 AND domain_id<>%s" % domain)
    return domain, fresh


def supers(db):
    return db.one("SELECT COUNT(*) FROM virtual_users WHERE admin=2 AND active=1")


@pytest.mark.parametrize("look", ["", "SELECT COUNT(*) FROM virtual_users WHERE admin=2"])
def test_two_super_admins_step_down_beside_each_other(db, level, look):
    _, (a, b) = make_supers(db)
    look = [look] if look else []
    down = "UPDATE virtual_users SET admin=0 WHERE id={}"
    errors = race(db, level, [*look, down.format(a)], [*look, down.format(b)])
    assert errors[:2] in (*both(None, (32003, *AGAIN)), (1213, None)), errors
    assert supers(db) == 1


def test_two_super_admins_step_down_in_the_same_instant(db, level):
    for _ in range(8):
        _, (a, b) = make_supers(db)
        down = "UPDATE virtual_users SET admin=1 WHERE id={}"
        errors = together(db, level, [down.format(a)], [down.format(b)])
        assert None in errors and errors != (None, None), errors
        assert supers(db) == 1


def test_delete_of_a_domain_beside_a_promotion_in_it(db, level, place):
    make_supers(db)
    promote = f"UPDATE virtual_users SET admin=2 WHERE id={place.user}"
    errors = race(db, level, [promote], [place.delete])
    assert errors[:2] in both(None, (32002, *AGAIN)), errors
    assert db.one("SELECT admin FROM virtual_users WHERE id=%s", place.user) == 2
    db.run("UPDATE virtual_users SET admin=0 WHERE id=%s", place.user)


def test_delete_beside_a_move_of_a_super_admin_into_the_domain(db, level, place):
    _, (a, _) = make_supers(db)
    move = f"UPDATE virtual_users SET domain_id={place.domain} WHERE id={a}"
    errors = race(db, level, [place.delete], [move])
    assert errors[:2] in both(None, (32001, *AGAIN)), errors
    assert supers(db) == 2


def test_an_account_made_again_beside_its_deletion(db, level, place):
    delete = f"DELETE FROM virtual_users WHERE id={place.user}"
    again = f"INSERT INTO virtual_users (domain_id, user) VALUES ({place.domain}, 'ann')"
    errors = race(db, level, [delete], [again])
    assert errors[:2] in both(None, (None, *AGAIN)), errors
    if errors[1]:
        db.run(again)
    assert db.one("SELECT maildir FROM view_users WHERE email=%s", f"ann@{place.name}") == (
        f"{place.name}/ann.2")


def test_the_same_new_account_twice(db, level, place):
    again = f"INSERT INTO virtual_users (domain_id, user) VALUES ({place.domain}, 'bob')"
    errors = race(db, level, [again], [again])
    assert errors[:2] in both(None, (1062, *AGAIN)), errors


def test_many_writers_lose_no_count(db, level, place):
    """Deadlocks are repeated as a program would; the counts come out right."""
    def work(number):
        for i in range(10):
            while True:
                session = Session(db, level, warm=False)
                session.statements = [
                    "INSERT INTO virtual_users (domain_id, user)"
                    f" VALUES ({place.domain if i % 2 else place.other}, 'w{number}x{i}')",
                    "INSERT INTO virtual_aliases (domain_id, source, destination)"
                    f" VALUES ({place.other if i % 2 else place.domain}, 'a{number}x{i}',"
                    " 'x@y.test')"]
                session.run()
                if session.error not in AGAIN:
                    assert session.error is None
                    break
                time.sleep(0.01)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert db.broken() == ()
    assert db.one("SELECT SUM(mailboxes) FROM domain_counts WHERE domain_id IN (%s, %s)",
                  place.domain, place.other) == 42
