# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailboy conf`: the neighbours' files printed, put in place below copies of the real folders, and taken back."""
import grp
import json
import os
import pathlib
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from conf import configuration, cool, find_program  # noqa: E402
from dovecot import is_new as dovecot_is_new  # noqa: E402
from terminal import ENTER, Terminal  # noqa: E402

USAGE, TROUBLE, THERE, CONFIGURATION = 64, 70, 73, 78
PASSWORDS = {name: "pw" + name for name in ("mailpostfix", "mailuser", "mailquota")}
SERVICES = ["postfix", "dovecot", "dovecot-2.4", "amavis", "nginx", "lighttpd", "systemd"]
REAL = {"postfix": "/etc/postfix", "dovecot": "/etc/dovecot", "dovecot-2.4": "/etc/dovecot", "amavis": "/etc/amavis",
        "nginx": "/etc/nginx", "lighttpd": "/etc/lighttpd", "systemd": "/etc/systemd/system"}
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")


class House:
    def __init__(self, folder):
        self.folder = folder
        self.config = configuration(folder / "mailboy.conf", insecure_http="on", listen="/run/its-own.sock", mail_root="/srv/mail",
                                    mail_uid=1234, amavis_port=10124, database_password="pwmailadmin",
                                    **{f"{name}_password": value for name, value in PASSWORDS.items()})

    def conf(self, *words, check=False, **how):
        config = () if "--config" in words else ("--config", self.config)
        cool(self.folder / "etc/postfix")
        done = subprocess.run([find_program(release=True), "conf", *map(str, words), *config], text=True, capture_output=True, check=False,
                              timeout=60, stdin=subprocess.DEVNULL, **how)
        assert not check or done.returncode == 0, (words, done.stdout[-2000:], done.stderr)
        return done

    def copy(self, service):
        """This machine's own folder of it, as it is."""
        copy = self.folder / "etc" / service
        shutil.rmtree(copy, ignore_errors=True)
        if not os.path.isdir(REAL[service]):
            copy.mkdir(parents=True)
            return copy
        copy.parent.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", REAL[service], copy], check=True)
        return copy


@pytest.fixture(scope="module")
def house():
    """In memory where that is possible: each file that is put is on the disk before the next one is touched."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mbconf.", dir=memory) as folder:
        yield House(pathlib.Path(folder))


def everything(folder):
    """Each path below with its kind, mode, owner, group and bytes."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            is_ = os.lstat(path)
            what = os.readlink(path) if stat.S_ISLNK(is_.st_mode) else open(path, "rb").read() if stat.S_ISREG(is_.st_mode) else None
            found[os.path.relpath(path, folder)] = (is_.st_mode, is_.st_uid, is_.st_gid, what)
    return found


# --- printed ---

@pytest.mark.parametrize("service", SERVICES)
def test_every_place_is_filled(house, service):
    text = house.conf(service, check=True).stdout
    names = re.findall(r"^### (/\S+)  root:\w+ 0[0-7]{3}$", text, re.M)
    assert names and all(name.startswith(REAL[service] + "/") for name in names), names
    assert not re.search(r"@[A-Z][A-Z_]+@", text), text[:500]
    mine = {"postfix": {"mailpostfix"}, "dovecot": {"mailuser", "mailquota"}, "dovecot-2.4": {"mailuser", "mailquota"},
            "amavis": {"mailuser"}}.get(service, set())
    assert {name for name in (*PASSWORDS, "mailadmin") if "pw" + name in text} == mine
    for word, services in (("/srv/mail/", ("dovecot", "dovecot-2.4")), ("1234", ("dovecot", "dovecot-2.4")),
                           ("10124", ("postfix", "amavis")), ("/run/its-own.sock", ("nginx", "lighttpd")),
                           ("/run/mysqld/mysqld.sock", ("postfix", "dovecot", "dovecot-2.4", "amavis"))):
        assert (word in text) == (service in services), word


@pytest.mark.parametrize("service", SERVICES)
def test_as_json(house, service):
    answer = json.loads(house.conf(service, "--json", check=True).stdout)
    assert answer["folder"] == REAL[service] and answer["files"]
    for file in answer["files"]:
        assert re.fullmatch("0[0-7]{3}", file["mode"]) and file["text"] and file["group"] and file["path"]


def test_tcp_and_prefix(house):
    path = configuration(house.folder / "tcp.conf", listen="127.0.0.1:9123", hosts="mail.example.org", mailboy_root="/post",
                         database_socket="", database_host="db.example.org", database_port=3307, mailpostfix_password="a",
                         mailuser_password="b", mailquota_password="c", max_upload="3 MB")
    wanted = {"postfix": ["hosts = inet:db.example.org:3307", "amavis=0"], "dovecot": ["port = 3307" if dovecot_is_new() else "host=db.example.org port=3307"],
              "dovecot-2.4": ["mysql db.example.org {", "port = 3307"], "amavis": ["host=db.example.org;port=3307", "10024"],
              "nginx": ["127.0.0.1:9123", "/post", "mail.example.org", "3145728"],
              "lighttpd": ['"host" => "127.0.0.1", "port" => 9123', "/post", "3072"]}
    for service, texts in wanted.items():
        text = house.conf(service, "--config", path, check=True).stdout
        assert all(t in text for t in texts), (service, text)


def test_the_unit_starts_the_program_that_wrote_it(house, tmp_path):
    """Wherever it is installed: cmake's own prefix is /usr/local."""
    elsewhere = tmp_path / "bin" / "mailboy"
    elsewhere.parent.mkdir()
    shutil.copy(find_program(release=True), elsewhere)
    for program in (find_program(release=True), elsewhere):
        done = subprocess.run([program, "conf", "systemd", "--config", house.config], text=True, capture_output=True, check=True, timeout=60)
        assert f"\nExecStart={os.path.realpath(program)} serve --config " in done.stdout


def test_what_is_no_service_and_where_nothing_can_be_written(house, tmp_path):
    (tmp_path / "file").write_text("x")
    for target in (tmp_path / "file", tmp_path / "none" / "deeper"):
        done = house.conf("nginx", "--write", target, "--yes")
        assert done.returncode == TROUBLE and str(target) in done.stderr and done.stdout == "", done
    refused = house.conf("bogus")
    assert refused.returncode == USAGE and all(name in refused.stderr for name in ("mailboy", *SERVICES)), refused.stderr
    missing = house.conf("nginx", "--config", tmp_path / "none.conf")
    assert missing.returncode == CONFIGURATION and "none.conf" in missing.stderr


def test_of_mailboy_is_the_manual(house, tmp_path):
    """Every option with its default and its limits; as printed, it is a configuration of defaults."""
    text = house.conf("mailboy", "--config", "/nowhere").stdout
    known = re.findall(r"^#(\w+) *=", text, re.M)
    assert len(known) > 25 and {"listen", "hosts", "database_password", "log_level"} <= set(known)
    path = tmp_path / "manual.conf"
    path.write_text("hosts = mail.example.org\n" + text)
    path.chmod(0o600)
    assert house.conf("nginx", "--config", path).returncode == 0


# --- put in place, and taken back ---

@root
@pytest.mark.parametrize("service", SERVICES)
def test_written_and_undone_everything_is_as_it_was(house, service):
    folder = house.copy(service)
    before = everything(folder)
    told = house.conf(service, "--write", folder, "--yes", check=True).stdout
    after = everything(folder)
    new = [path for path in after if path not in before and not path.startswith(".before-mailboy")]
    assert any(path in told for path in new) and "+++ " in told and "Nothing was reloaded." in told
    assert not [path for path in after if ".mailboy-" in path], "left over"
    again = house.conf(service, "--write", folder, "--yes", check=True).stdout
    assert "in place already" in again and everything(folder) == after
    undone = house.conf(service, "--undo", folder, "--yes", check=True).stdout
    assert "as it was before" in undone and everything(folder) == before


@root
@pytest.mark.parametrize("service", SERVICES)
def test_a_password_is_read_by_root_and_the_one_daemon_only(house, service):
    folder = house.copy(service)
    house.conf(service, "--write", folder, "--yes", check=True)
    daemon = {"postfix": "postfix", "dovecot": "dovecot", "amavis": "amavis"}.get(service)
    seen = 0
    for path, (mode, uid, gid, what) in everything(folder).items():
        if what and stat.S_ISREG(mode) and b"pwmail" in what:
            seen += 1
            assert uid == 0 and not mode & 0o077 or (mode & 0o7777 == 0o640 and grp.getgrgid(gid).gr_name == daemon), path
    assert bool(seen) == (service in ("postfix", "dovecot", "dovecot-2.4", "amavis"))
    kept = folder / ".before-mailboy"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700 and kept.stat().st_uid == 0


@root
def test_postfix_sees_the_password_of_its_own_database_account_only(house):
    """Asked as the account postfix, of everything that is written for all neighbours."""
    if shutil.which("runuser") is None:
        pytest.skip("no runuser")
    folders = [house.copy(service) for service in ("postfix", "dovecot", "amavis")]
    for folder in folders:
        house.conf(folder.name, "--write", folder, "--yes", check=True)
    for path in (house.folder, *house.folder.parents):
        if path.stat().st_uid == 0 and path != path.parent and not path.stat().st_mode & 0o001:
            path.chmod(0o711)
    found = subprocess.run(["runuser", "-u", "postfix", "--", "grep", "-rhos", "pwmail[a-z]*", *folders, house.config],
                           capture_output=True, text=True, check=False, timeout=60).stdout.split()
    assert set(found) == {"pwmailpostfix"}


@root
def test_one_write_after_another_is_taken_back_one_by_one(house):
    folder = house.copy("postfix")
    states = [everything(folder)]
    other = configuration(house.folder / "other.conf", insecure_http="on", mailpostfix_password="another", amavis_port=0)
    for config in (house.config, other):
        house.conf("postfix", "--write", folder, "--yes", "--config", config, check=True)
        states.append(everything(folder))
    for state in reversed(states[:-1]):
        house.conf("postfix", "--undo", folder, "--yes", check=True)
        assert everything(folder) == state
    done = house.conf("postfix", "--undo", folder, "--yes")
    assert done.returncode == TROUBLE and "nothing was put here" in done.stderr


@root
def test_an_edit_made_since_is_not_dropped_unasked(house):
    folder = house.copy("postfix")
    before = everything(folder)
    house.conf("postfix", "--write", folder, "--yes", check=True)
    with open(folder / "main.cf", "a", encoding="ascii") as file:
        file.write("delay_warning_time = 4h\n")
    edited = everything(folder)
    done = house.conf("postfix", "--undo", folder, "--yes")
    assert done.returncode == THERE and "main.cf" in done.stderr and "--force" in done.stderr and everything(folder) == edited
    house.conf("postfix", "--undo", folder, "--yes", "--force", check=True)
    assert everything(folder) == before


@root
def test_nothing_is_done_unless_it_was_said(house):
    folder = house.copy("systemd")
    before = everything(folder)
    shown = house.conf("systemd", "--write", folder)
    assert shown.returncode == USAGE and "--yes" in shown.stderr and "+ExecStart=" in shown.stdout
    dry = house.conf("systemd", "--write", folder, "--dry-run", check=True)
    assert "+ExecStart=" in dry.stdout and "Nothing was changed." in dry.stdout
    assert everything(folder) == before
    for answer, changed in (("n", False), ("", False), ("y", True)):
        with Terminal(find_program(release=True), "conf", "systemd", "--write", str(folder), "--config", str(house.config)) as terminal:
            terminal.wait("Write this?")
            terminal.press(*answer, ENTER)
            terminal.wait("Done;" if changed else "Nothing was changed")
        assert (everything(folder) != before) == changed


@root
def test_json_of_writing_names_the_files(house):
    folder = house.copy("dovecot")
    told = json.loads(house.conf("dovecot-2.4", "--write", folder, "--yes", "--json", check=True).stdout)
    assert set(told["files"]) == {"conf.d/99-mailboy.conf", "conf.d/10-auth.conf"} and told["folder"] == str(folder)
    told = json.loads(house.conf("dovecot-2.4", "--undo", folder, "--yes", "--json", check=True).stdout)
    assert set(told["files"]) == {"conf.d/99-mailboy.conf", "conf.d/10-auth.conf"}


@root
@pytest.mark.parametrize("service, wants", [("postfix", ["mailpostfix"]), ("dovecot", ["mailuser", "mailquota"]),
                                            ("dovecot-2.4", ["mailuser", "mailquota"]), ("amavis", ["mailuser"])])
def test_nothing_is_written_without_a_password_that_it_needs(house, service, wants):
    folder = house.copy(service)
    before = everything(folder)
    for name in wants:
        others = {f"{other}_password": value for other, value in PASSWORDS.items() if other != name}
        done = house.conf(service, "--write", folder, "--yes", "--config",
                          configuration(house.folder / "lacking.conf", insecure_http="on", **others))
        assert done.returncode == CONFIGURATION and f"{name}_password" in done.stderr and everything(folder) == before


@root
def test_owner_and_mode_of_a_file_that_was_there_stay(house):
    folder = house.copy("postfix")
    nobody = pwd.getpwnam("nobody")
    os.chown(folder / "main.cf", 0, nobody.pw_gid)
    os.chmod(folder / "main.cf", 0o640)
    house.conf("postfix", "--write", folder, "--yes", check=True)
    is_ = (folder / "main.cf").stat()
    assert (stat.S_IMODE(is_.st_mode), is_.st_gid) == (0o640, nobody.pw_gid)


@root
def test_a_wrong_mode_is_mended(house):
    folder = house.copy("postfix")
    house.conf("postfix", "--write", folder, "--yes", check=True)
    os.chmod(folder / "mailboy" / "identity.cf", 0o644)
    told = house.conf("postfix", "--write", folder, "--yes", check=True).stdout
    assert "identity.cf: root:postfix 0644 -> root:postfix 0640" in told
    assert stat.S_IMODE((folder / "mailboy" / "identity.cf").stat().st_mode) == 0o640


@root
def test_a_link_is_left_alone(house):
    folder = house.copy("postfix")
    os.rename(folder / "main.cf", folder / "elsewhere")
    os.symlink("elsewhere", folder / "main.cf")
    before = everything(folder)
    done = house.conf("postfix", "--write", folder, "--yes")
    assert done.returncode == TROUBLE and "link" in done.stderr and everything(folder) == before


@root
@pytest.mark.parametrize("how", ["a file where a folder has to be", "a file that cannot be replaced"])
def test_a_write_that_stops_halfway_has_done_nothing(house, how):
    folder = house.copy("postfix")
    house.conf("postfix", "--write", folder, "--yes", "--config",   # so that there are files of ours, and something kept
               configuration(house.folder / "other.conf", insecure_http="on", mailpostfix_password="another"), check=True)
    before, words = [], ()
    if how.startswith("a file where"):
        house.conf("postfix", "--undo", folder, "--yes", check=True)
        (folder / "mailboy").write_text("a file where a folder has to be\n")
    else:   # a place where something is mounted is busy; it is the last but one of them
        words = ("unshare", "--mount", "sh", "-c", 'mount --bind "$0" "$0" && exec "$@"', folder / "main.cf")
    before = everything(folder)
    cool(folder)
    stopped = subprocess.run([*words, find_program(release=True), "conf", "postfix", "--write", folder, "--yes", "--config", house.config],
                             text=True, capture_output=True, check=False, timeout=60)
    assert stopped.returncode == TROUBLE and "Everything is as it was before" in stopped.stderr, stopped.stderr
    assert everything(folder) == before


@root
def test_an_edit_made_while_one_looks_is_not_lost(house):
    folder = house.copy("postfix")
    with Terminal(find_program(release=True), "conf", "postfix", "--write", str(folder), "--config", str(house.config)) as terminal:
        terminal.wait("Write this?")
        with open(folder / "main.cf", "a", encoding="ascii") as file:
            file.write("delay_warning_time = 4h\n")
        before = everything(folder)
        terminal.press("y", ENTER)
        terminal.wait("it was changed meanwhile")
    assert everything(folder) == before


@root
@pytest.mark.skipif(shutil.which("postconf") is None, reason="Postfix is not installed")
def test_what_postfix_makes_of_it(house):
    folder = house.copy("postfix")
    house.conf("postfix", "--write", folder, "--yes", check=True)

    def postconf(*words):
        cool(folder)
        return subprocess.run(["postconf", "-c", folder, *words], check=True, capture_output=True, text=True, timeout=60).stdout

    told = postconf("-n")
    for name in ("virtual_mailbox_domains", "virtual_mailbox_maps", "virtual_alias_maps", "relay_domains", "relay_recipient_maps",
                 "transport_maps", "smtpd_sender_login_maps"):
        assert f"{name} = proxy:mysql:{folder}/mailboy/" in told, name
    clients = f"check_client_access proxy:mysql:{folder}/mailboy/ip_access.cf"
    for name in ("smtpd_client_restrictions", "smtpd_helo_restrictions"):
        assert clients in postconf("-h", name), name
    assert "reject_unknown_client_hostname" not in told and "relay_domains" not in postconf("-h", "parent_domain_matches_subdomains")
    services = {line.split()[0]: line for line in postconf("-M").splitlines()}
    assert [name for name, line in services.items() if "no_address_mappings" in line] == ["127.0.0.1:10025"]
    assert "content_filter = mailboy-amavis:[127.0.0.1]:10124" in told and "mailboy-amavis" in services
    for name, tls in (("submission", "smtpd_tls_security_level=encrypt"), ("submissions", "smtpd_tls_wrappermode=yes")):
        assert all(word in services[name] for word in ("smtpd_sasl_auth_enable=yes", "permit_sasl_authenticated,reject", tls))
    assert "smtpd_sasl_auth_enable" not in services["smtp"]
    himself, main = "smtpd_sender_restrictions=reject_authenticated_sender_login_mismatch,", postconf("-h", "smtpd_sender_restrictions")
    assert himself in services["submission"] and himself in services["submissions"] and himself not in services["smtp"]
    assert "check_sender_access proxy:mysql:" in main and "login_mismatch" not in main


@root
@pytest.mark.skipif(shutil.which("postconf") is None, reason="Postfix is not installed")
@pytest.mark.parametrize("words, where", [(("-e", "smtpd_sasl_auth_enable=yes"), "main.cf"),
                                          (("-P", "smtp/inet/smtpd_sasl_auth_enable=yes"), "master.cf")])
def test_who_signs_in_sends_as_himself_wherever_one_could_before(house, words, where):
    folder = house.copy("postfix")
    subprocess.run(["postconf", "-c", folder, *words], check=True, timeout=60)
    house.conf("postfix", "--write", folder, "--yes", check=True)
    for name in ("main.cf", "master.cf"):
        assert ("reject_authenticated_sender_login_mismatch" in (folder / name).read_text()) == (name == where), name
    assert not re.search("^submission", (folder / "master.cf").read_text(), re.M)


@root
@pytest.mark.skipif(shutil.which("doveconf") is None, reason="Dovecot is not installed")
def test_dovecot_understands_its_files_beside_debians(house):
    folder = house.copy("dovecot")
    house.conf("dovecot", "--write", folder, "--yes", check=True)
    done = subprocess.run(["doveconf", "-c", folder / "dovecot.conf", "-n"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    ours = "FROM view_users WHERE email=" if dovecot_is_new() else f"args = {folder}/mailboy-sql.conf.ext"
    assert ours in done.stdout and "driver = pam" not in done.stdout
