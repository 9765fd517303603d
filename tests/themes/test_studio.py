# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools of a theme's author, as commands: a new theme, one block copied, what its parent changed since, an
archive to hand on, and its installation, where a stranger may have made the archive."""
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAM = os.path.join(os.environ.get("MAILBOY_RELEASE") or os.path.join(ROOT, "build/release"), "mailboy")


class Bench:
    """A folder to work in, with a configuration whose themes and assets lie in it."""

    def __init__(self, folder):
        self.folder = folder
        self.themes, self.assets = folder / "themes", folder / "assets"
        self.config = folder / "mailboy.conf"
        self.config.touch(0o600)
        self.config.write_text(f"hosts = localhost\nthemes_dir = {self.themes}\nassets_dir = {self.assets}\n")

    def run(self, *words, cwd=None):
        return subprocess.run([PROGRAM, "theme", *words, "--config", self.config], cwd=cwd or self.folder, text=True,
                              capture_output=True, timeout=60, check=False)

    def good(self, *words, cwd=None):
        done = self.run(*words, cwd=cwd)
        assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def installed(self):
        return sorted(os.listdir(self.themes)) if self.themes.is_dir() else []


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def new_theme(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("new"))
    made.good("new", "./harbour")
    return made.folder / "harbour"


@pytest.fixture
def harbour(bench, new_theme):
    return shutil.copytree(new_theme, bench.folder / "harbour")


# --- new ---

def test_a_new_theme_is_two_files_without_a_fault(bench, harbour):
    assert sorted(os.listdir(harbour)) == ["theme.lua", "tokens.css"]
    assert bench.run("check", "./harbour", "--level", "advice").returncode == 0
    again = bench.run("new", "./harbour")
    assert again.returncode == 73 and "is there already" in again.stderr


def test_a_name_is_for_the_themes_folder(bench):
    bench.good("new", "night-harbour")
    manifest = (bench.themes / "night-harbour/theme.lua").read_text()
    assert '"Night harbour"' in manifest
    bench.good("new", "grand-child", "--extends", "night-harbour")
    assert '"night-harbour"' in (bench.themes / "grand-child/theme.lua").read_text()
    for words in (["base"], ["Harbour"], ["x" * 41], ["a.b"], ["./-x"], ["fine", "--extends", "nobody"]):
        done = bench.run("new", *words)
        assert done.returncode == 73 and done.stderr, words
    assert bench.installed() == ["grand-child", "night-harbour"]


def test_a_chain_that_cannot_be(bench):
    """Who extends whom, and what was meant; a new theme that could not stand is not made."""
    for name, parent in (("one", "base"), ("two", "one"), ("three", "two"), ("four", "three")):
        bench.good("new", name, "--extends", parent)
    manifest = bench.themes / "one/theme.lua"
    whole = manifest.read_text()
    for parent, said in (("bas", "did you mean 'base'?"), ("two", "one, which extends two, which extends one again"),
                         ("A b", "one, which extends 'A b' is no theme's name")):
        manifest.write_text(whole.replace('"base"', f'"{parent}"'))
        done = bench.run("check", "one", "--format", "json")
        finding, = json.loads(done.stdout)
        assert done.returncode == 2 and finding["level"] == "fatal" and said in finding["message"], finding
    states = {one["name"]: one for one in json.loads(bench.good("list", "--json"))}
    assert "no theme's name" in states["one"]["state"] and states["two"]["state"].startswith("two, ")
    assert states["one"]["parent"] == "" and not any("\0" in one["state"] for one in states.values())
    manifest.write_text(whole)
    done = bench.run("new", "five", "--extends", "four")
    assert done.returncode == 73 and "at most" in done.stderr and "five" not in bench.installed()


def test_an_option_without_its_value_is_not_the_root_folder(bench, harbour):
    for words in (("render", "./harbour", "login", "--out", ""), ("pack", "./harbour", "--out=")):
        done = bench.run(*words)
        assert done.returncode == 64 and "--out wants a value" in done.stderr
    assert "did you mean `check`" in bench.run("chekc").stderr


# --- override, diff ---

def override(bench, harbour, block="mailboxes.list:row"):
    bench.good("override", block, "--theme", "./harbour")
    page, _, name = block.partition(":")
    return harbour / "blocks" / page / f"{name}.html"


def test_override_copies_the_block_and_its_origin(bench, harbour):
    file = override(bench, harbour)
    first, _, rest = file.read_text().partition("\n")
    assert re.fullmatch(r"\{# based-on: base@1\.[0-9.]+ block=row sha=[0-9a-f]{8} #\}", first)
    assert rest.startswith("<tr id=") and rest.endswith("</tr>\n")
    assert (harbour / "blocks/mailboxes.list/.row.base").read_text() == rest
    assert bench.run("check", "./harbour", "--level", "advice").returncode == 0
    assert "up to date" in bench.good("diff", "./harbour")
    again = bench.run("override", "mailboxes.list:row", "--theme", "./harbour")
    assert again.returncode == 73 and "blocks/mailboxes.list/row.html" in again.stderr
    assert file.read_text() == f"{first}\n{rest}"


def test_override_where_one_stands(bench, harbour):
    bench.good("override", "shell:foot", cwd=harbour)
    assert (harbour / "blocks/shell/foot.html").is_file()
    elsewhere = bench.run("override", "shell:foot")
    assert elsewhere.returncode == 64 and "--theme" in elsewhere.stderr


@pytest.mark.parametrize("block, said", [("mailboxes.list:rwo", "mailboxes.list:row"), ("mailboxs.list:row", "mailboxes.list:main"),
                                         ("../x:row", "there is no block"), ("x:../../y", "there is no block")])
def test_override_of_what_is_not_there(bench, harbour, block, said):
    done = bench.run("override", block, "--theme", "./harbour")
    assert done.returncode == 73 and said in done.stderr
    assert sorted(os.listdir(harbour)) == ["theme.lua", "tokens.css"]


def test_override_wants_page_and_block(bench, harbour):
    for words in ([], ["row"], [":row"], ["mailboxes.list:"]):
        assert bench.run("override", *words, "--theme", "./harbour").returncode == 64, words


def make_parent(bench):
    """A parent whose row is its own, and a child that copied it."""
    bench.good("new", "parent")
    bench.good("override", "mailboxes.list:row", "--theme", "parent")
    bench.good("new", "child", "--extends", "parent")
    bench.good("override", "mailboxes.list:row", "--theme", "child")
    return (bench.themes / name / "blocks/mailboxes.list/row.html" for name in ("parent", "child"))


def test_diff_tells_both_changes_apart(bench):
    parent, child = make_parent(bench)
    child.write_text(child.read_text().replace("</tr>", "  <td>of the child</td>\n</tr>"))
    assert bench.run("diff", "child").returncode == 0
    parent.write_text(parent.read_text().replace("</tr>", "  <td>of the parent</td>\n</tr>"))
    done = bench.run("diff", "child")
    assert done.returncode == 1 and "1 out of date" in done.stdout
    theirs, _, own = done.stdout.partition("+++ parent@0.1.0 today")[2].partition("+++ blocks/")
    assert "+  <td>of the parent</td>" in theirs and "of the child" not in theirs
    assert "+  <td>of the child</td>" in own and "of the parent" not in own


def test_diff_without_the_original(bench):
    parent, child = make_parent(bench)
    os.unlink(child.parent / ".row.base")
    parent.write_text(parent.read_text().replace("</tr>", "  <td>of the parent</td>\n</tr>"))
    done = bench.run("diff", "child")
    assert done.returncode == 1 and "-  <td>of the parent</td>" in done.stdout
    first = re.search(r"its first line is: (\{#.*#\})", done.stdout).group(1)
    child.write_text(first + "\n" + parent.read_text().partition("\n")[2])
    assert bench.run("diff", "child").returncode == 0


def test_diff_of_another_change_of_the_parent_is_silent(bench):
    parent, _ = make_parent(bench)
    bench.good("override", "mailboxes.list:head", "--theme", "parent")
    (parent.parent / "head.html").write_text("<h1>Mail</h1>\n")
    assert bench.run("diff", "child").returncode == 0


# --- pack, install ---

def test_a_pack_is_the_same_every_time(bench, harbour):
    override(bench, harbour)
    (harbour / "notes~").write_text("not plain")
    os.symlink("/etc/passwd", harbour / "link.css")
    path = bench.good("pack", "./harbour").strip()
    first = (bench.folder / path).read_bytes()
    os.utime(harbour / "theme.lua", (1, 1))
    os.chmod(harbour / "theme.lua", 0o600)
    bench.good("pack", "./harbour")
    assert (bench.folder / path).read_bytes() == first
    with tarfile.open(bench.folder / path) as tar:
        names = tar.getnames()
        manifest = tar.extractfile("harbour/MANIFEST.sha256").read().decode()
    inside = [name.partition("/")[2] for name in names]
    assert inside == ["MANIFEST.sha256", "blocks/mailboxes.list/row.html", "theme.lua", "tokens.css"]
    for line in manifest.splitlines():
        digest, _, name = line.partition("  ")
        assert digest == hashlib.sha256((harbour / name).read_bytes()).hexdigest()


def test_install_and_a_new_version(bench, harbour):
    override(bench, harbour)
    bench.good("install", bench.good("pack", "./harbour").strip())
    assert bench.installed() == ["harbour"]
    assert sorted(os.listdir(bench.themes / "harbour/blocks/mailboxes.list")) == ["row.html"]
    tokens = (harbour / "tokens.css").read_bytes()
    name = f"tokens-{hashlib.sha256(tokens).hexdigest()[:8]}.css"
    assert (bench.assets / "harbour" / name).read_bytes() == tokens
    (harbour / "theme.lua").write_text((harbour / "theme.lua").read_text().replace("0.1.0", "0.2.0"))
    os.unlink(harbour / "blocks/mailboxes.list/row.html")
    out = bench.folder / "out"
    out.mkdir()
    assert bench.good("pack", "./harbour", "--out", str(out)).strip() == f"{out}/harbour-0.2.0.tar.gz"
    bench.good("install", str(out / "harbour-0.2.0.tar.gz"))
    assert bench.installed() == ["harbour"]
    assert sorted(os.listdir(bench.themes / "harbour")) == ["theme.lua", "tokens.css"]


def test_a_child_needs_its_parent(bench):
    bench.good("new", "parent")
    bench.good("new", "child", "--extends", "parent")
    packs = [bench.good("pack", name).strip() for name in ("parent", "child")]
    (bench.folder / "out").mkdir()
    fresh = Bench(bench.folder / "out")
    alone = fresh.run("install", str(bench.folder / packs[1]))
    assert alone.returncode == 65 and "parent" in alone.stderr and fresh.installed() == []
    for path in packs:
        fresh.good("install", str(bench.folder / path))
    assert fresh.installed() == ["child", "parent"]


def test_what_has_errors_is_neither_packed_nor_installed(bench, harbour):
    (harbour / "pages").mkdir()
    (harbour / "pages/login.html").write_text("{% extends \"plain\" %}{% block main() %}{{ vm.nothing }}<b>{% end %}")
    done = bench.run("pack", "./harbour")
    assert done.returncode == 65 and "pages/login.html:1:" in done.stderr
    files = {f"harbour/{name}": (harbour / name).read_bytes() for name in ("theme.lua", "tokens.css", "pages/login.html")}
    done = bench.run("install", archive(bench, files))
    assert done.returncode == 65 and done.stderr.count("pages/login.html:1:") >= 2, done.stderr
    assert bench.installed() == []


def test_assets_that_lie_are_not_installed(bench, harbour):
    files = honest(harbour)
    files["harbour/assets/logo.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
    done = bench.run("install", archive(bench, files))
    assert done.returncode == 65 and "harbour/assets/logo.svg: 1:41: the element <script>" in done.stderr
    assert bench.installed() == []


def test_the_old_one_stays_if_assets_cannot_be_published(bench, harbour):
    bench.good("install", bench.good("pack", "./harbour").strip())
    (harbour / "theme.lua").write_text((harbour / "theme.lua").read_text().replace("0.1.0", "0.2.0"))
    path = bench.good("pack", "./harbour").strip()
    os.rename(bench.assets, bench.folder / "away")
    bench.assets.write_text("a file, where a folder should be")
    done = bench.run("install", path)
    assert done.returncode == 73 and "all is as it was" in done.stderr
    assert bench.installed() == ["harbour"] and "0.1.0" in (bench.themes / "harbour/theme.lua").read_text()


def honest(harbour):
    return {f"harbour/{name}": (harbour / name).read_bytes() for name in ("theme.lua", "tokens.css")}


def manifest_of(files):
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name.partition('/')[2]}\n" for name, data in sorted(files.items())).encode()


def entry(name, kind=tarfile.REGTYPE, data=b"", link="", **more):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


def tar(entries, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for info, data in entries:
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def archive(bench, files, extra=(), manifest=None, raw=None):
    """Its path. files with their manifest, then extra entries; raw: these bytes instead."""
    entries = [entry(name, data=data) for name, data in files.items()]
    entries.append(entry("harbour/MANIFEST.sha256", data=manifest_of(files) if manifest is None else manifest))
    path = bench.folder / "made.tar.gz"
    path.write_bytes(gzip.compress(tar([*entries, *extra])) if raw is None else raw)
    return str(path)


def test_an_honest_archive_by_another_hand(bench, harbour):
    """tar's own folders and formats are fine."""
    files = honest(harbour)
    bench.good("install", archive(bench, files, [entry("harbour/", tarfile.DIRTYPE), entry("harbour/assets", tarfile.DIRTYPE)]))
    assert bench.installed() == ["harbour"]


PLACE = "everything has to lie in one folder"
KIND = "neither file nor folder"
TWICE = "it is there twice"
EVIL_ENTRIES = [
    ("absolute", [entry("/etc/mailboy-evil", data=b"x")], PLACE),
    ("parent", [entry("harbour/../../evil", data=b"x")], PLACE),
    ("only-dots", [entry("..", tarfile.DIRTYPE)], PLACE),
    ("dot", [entry("harbour/./evil.css", data=b"x")], PLACE),
    ("hidden", [entry("harbour/.profile", data=b"x")], PLACE),
    ("outside", [entry("evil.css", data=b"x")], PLACE),
    ("second-theme", [entry("other/theme.lua", data=b"x")], PLACE),
    ("name", [entry("Harbour/x.css", data=b"x")], PLACE),
    ("blank", [entry("harbour/a b.css", data=b"x")], PLACE),
    ("newline", [entry("harbour/a\nb.css", data=b"x")], PLACE),
    ("umlaut", [entry("harbour/\xe4.css", data=b"x")], PLACE),
    ("backslash", [entry("harbour/..\\evil.css", data=b"x")], PLACE),
    ("double-slash", [entry("harbour//x.css", data=b"x")], PLACE),
    ("deep", [entry("harbour/a/b/c/d/e/x.css", data=b"x")], PLACE),
    ("long", [entry("harbour/" + "x" * 250 + ".css", data=b"x")], PLACE),
    ("symlink", [entry("harbour/x.css", tarfile.SYMTYPE, link="/etc/passwd")], KIND),
    ("hardlink", [entry("harbour/x.css", tarfile.LNKTYPE, link="harbour/theme.lua")], KIND),
    ("hardlink-out", [entry("harbour/x.css", tarfile.LNKTYPE, link="/etc/passwd")], KIND),
    ("device", [entry("harbour/x.css", tarfile.CHRTYPE, devmajor=1, devminor=3)], KIND),
    ("block-device", [entry("harbour/x.css", tarfile.BLKTYPE, devmajor=8)], KIND),
    ("pipe", [entry("harbour/x.css", tarfile.FIFOTYPE)], KIND),
    ("twice", [entry("harbour/theme.lua", data=b"return {}")], TWICE),
    ("capitals", [entry("harbour/Theme.lua", data=b"return {}")], TWICE),
    ("file-and-folder", [entry("harbour/tokens.css/x.css", data=b"x")], TWICE),
    ("second-manifest", [entry("harbour/MANIFEST.sha256", data=b"")], TWICE),
    ("unlisted", [entry("harbour/x.css", data=b"x")], "it is not in the manifest"),
    ("large-file", [entry("harbour/x.css", data=bytes(1024 * 1024 + 1))], "the theme is too large"),
    ("many", [entry(f"harbour/x{i}.css", data=b"") for i in range(600)], "too many"),
    ("many-folders", [entry(f"harbour/x{i}", tarfile.DIRTYPE) for i in range(900)], "too many"),
]


@pytest.mark.parametrize("name, extra, said", EVIL_ENTRIES, ids=[row[0] for row in EVIL_ENTRIES])
def test_evil_entries(bench, harbour, name, extra, said):
    done = bench.run("install", archive(bench, honest(harbour), extra))
    assert done.returncode == 65 and said in done.stderr, done.stderr
    assert bench.installed() == [] and not os.path.exists("/etc/mailboy-evil")
    assert sorted(p for p in os.listdir(bench.folder) if p != "themes") == ["harbour", "made.tar.gz", "mailboy.conf"]


def bomb():
    return gzip.compress(tar([entry("harbour/theme.lua", data=bytes(200 << 20))]), 9)


def zipped():
    import zipfile
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("harbour/theme.lua", "return {}")
    return out.getvalue()


EVIL_BYTES = {
    "empty": lambda whole: b"",
    "text": lambda whole: b"hello\n",
    "cut": lambda whole: whole[:len(whole) // 2],
    "spoilt": lambda whole: whole[:40] + b"\xff" * 30 + whole[70:],
    "bomb": lambda whole: bomb(),
    "zip": lambda whole: zipped(),
    "plain-gzip": lambda whole: gzip.compress(b"x" * 100000),
    "nested": lambda whole: gzip.compress(whole),
    "large": lambda whole: os.urandom(9 << 20),
}


@pytest.mark.parametrize("name", sorted(EVIL_BYTES))
def test_evil_bytes(bench, harbour, name):
    whole = gzip.compress(tar([entry(n, data=d) for n, d in honest(harbour).items()]))
    done = bench.run("install", archive(bench, {}, raw=EVIL_BYTES[name](whole)))
    assert done.returncode in (65, 66) and done.stderr, done
    assert bench.installed() == []


@pytest.mark.parametrize("change, said", [
    (lambda m: m.replace(m[:4], b"0000", 1), "it is not what the manifest says"),
    (lambda m: b"", "it is not in the manifest"),
    (lambda m: m + b"0" * 64 + b"  more.css\n", "it names files that are not there"),
    (lambda m: m.replace(b"  theme.lua", b" theme.lua"), "it is not in the manifest")])
def test_a_manifest_that_lies(bench, harbour, change, said):
    files = honest(harbour)
    done = bench.run("install", archive(bench, files, manifest=change(manifest_of(files))))
    assert done.returncode == 65 and said in done.stderr, done.stderr
    assert bench.installed() == []


def test_no_manifest(bench, harbour):
    raw = gzip.compress(tar([entry(n, data=d) for n, d in honest(harbour).items()]))
    done = bench.run("install", archive(bench, {}, raw=raw))
    assert done.returncode == 65 and "mailboy theme pack" in done.stderr


def test_all_that_is_wrong_is_told(bench, harbour):
    extra = [entry("/x", data=b""), entry("harbour/l.css", tarfile.SYMTYPE, link="x"), entry("harbour/Theme.lua")]
    done = bench.run("install", archive(bench, honest(harbour), extra))
    assert all(said in done.stderr for said in (PLACE, KIND, TWICE)), done.stderr


def test_base_is_part_of_the_program(bench):
    files = {"base/theme.lua": b"return {}"}
    raw = gzip.compress(tar([*(entry(n, data=d) for n, d in files.items()),
                             entry("base/MANIFEST.sha256", data=manifest_of(files))]))
    done = bench.run("install", archive(bench, {}, raw=raw))
    assert done.returncode == 65 and "part of the program" in done.stderr
    assert bench.run("pack", "base").returncode == 65


def test_what_an_interrupted_installation_left_goes(bench, harbour):
    left = bench.themes / ".install-12345678"
    (left / "harbour").mkdir(parents=True)
    (left / "harbour/theme.lua").write_text("return {}")
    bench.good("install", bench.good("pack", "./harbour").strip())
    assert bench.installed() == ["harbour"]
