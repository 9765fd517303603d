# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools for themes do to a site: activation looks first, reset needs nothing that works, an upgrade is
held against every installed theme before it is made."""
import os
import shutil

import pytest
import visitor

MANIFEST = """return {{ name = "{0}", title = "{0}", version = "1.0.0", license = "MIT", extends = "{1}",
  contract = "1.0", api = 1, schemes = {{ "light", "dark" }}, tokens = "tokens.css" }}
"""
BROKEN = '{% extends "plain" %}{% block main() %}<p>{{ vm.nothing_of_that_name }}</p>{% end %}'


@pytest.fixture(scope="module")
def site():
    with visitor.Site(kind="release", workers=1) as made:
        yield made


@pytest.fixture(autouse=True)
def themes(site):
    yield
    site.run("theme", "reset", check=True)
    shutil.rmtree(site.options["themes_dir"])
    os.mkdir(site.options["themes_dir"])


def write(site, name, parent="base", **pages):
    folder = os.path.join(site.options["themes_dir"], name)
    os.makedirs(os.path.join(folder, "pages"), exist_ok=True)
    for path, text in {"theme.lua": MANIFEST.format(name, parent), "tokens.css": ":root { --radius: 0; }\n",
                       **{f"pages/{page}.html": text for page, text in pages.items()}}.items():
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)


def worn(site):
    return site.one("SELECT value FROM site WHERE name = 'theme'")


def test_activation_looks_first(site):
    write(site, "fine")
    write(site, "broken", login=BROKEN)
    assert "fine" in site.run("theme", "activate", "fine", check=True).stdout and worn(site) == "fine"
    done = site.run("theme", "activate", "broken")
    assert done.returncode == 65 and "pages/login.html:1:" in done.stdout + done.stderr and "--force" in done.stderr
    assert worn(site) == "fine"
    assert site.run("theme", "activate", "none").returncode == 65 and worn(site) == "fine"


def test_reset_needs_nothing_that_works(site):
    write(site, "fine")
    site.run("theme", "activate", "fine", check=True)
    write(site, "fine", parent="nobody")
    assert site.visitor().get("/login").status == 200
    assert "base" in site.run("theme", "reset", check=True).stdout and worn(site) == "base"
    line = site.sql("SELECT action FROM audit ORDER BY id DESC LIMIT 1")[0][0]
    assert line == "theme.activate"
    assert site.run("theme", "reset", "fine").returncode == 64


def test_an_upgrade_is_held_against_every_theme(site):
    write(site, "fine")
    root = ["--socket", site.db.socket]
    done = site.run("upgrade", "--check", *root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "theme base: fit" in done.stdout and "theme fine: fit" in done.stdout
    write(site, "broken", login=BROKEN)
    write(site, "orphan", parent="nobody")
    done = site.run("upgrade", "--check", *root)
    assert done.returncode == 65
    told = done.stdout + done.stderr
    assert "theme fine: fit" in told and "theme broken: has errors" in told and "theme orphan: has errors" in told
    assert "broken/pages/login.html:1:" in told and "nobody" in told
    write(site, "older")
    manifest = os.path.join(site.options["themes_dir"], "older", "theme.lua")
    with open(manifest, encoding="utf-8") as file:
        text = file.read()
    with open(manifest, "w", encoding="utf-8") as file:
        file.write(text.replace('contract = "1.0"', 'contract = "0.9"'))
    told = site.run("upgrade", "--check", *root).stdout
    assert "older/theme.lua:2:" in told and "contract 0.9, this program has 1.0: state that" in told and "older: has errors" in told


def test_an_upgrade_publishes_what_base_brings(site):
    """Where there is a folder for it; a site that never made one gets none."""
    root = ["--socket", site.db.socket]
    assets = site.options["assets_dir"]
    site.run("upgrade", *root, check=True)
    assert not os.path.exists(assets)
    os.mkdir(assets)
    site.run("upgrade", "--check", *root, check=True)
    assert os.listdir(assets) == []
    site.run("upgrade", *root, check=True)
    assert any(name.startswith("app-") and name.endswith(".css") for name in os.listdir(os.path.join(assets, "base")))
    shutil.rmtree(assets)
