# SPDX-License-Identifier: GPL-3.0-or-later
"""A child theme whose every block, component or fill fails, worn by a running site: each page is the one base makes;
server admins read which file and line failed, others see nothing of it."""
import os
import pathlib
import re
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import visitor  # noqa: E402

BASE = HERE.parents[1] / "themes/base"
USER = "ada@here.example"
# Each few pages the theme is put on anew, which forgets its faults: after ten of them it would be set aside.
PATHS = {"blocks": (("/domains", "/domains/here.example/edit", "/domains/here.example/delete", "/domains/here.example/admins",
                     "/domains/here.example/mailboxes", "/domains/here.example/mailboxes/ada", "/nothing-here"),
                    ("/domains/here.example/mailboxes/new", "/domains/here.example/mailboxes/ada/password", "/me/password",
                     "/", "/audit", "/status", "/me")),
         "components": (("/domains", "/domains/here.example/mailboxes/ada", "/domains/here.example/mailboxes/new", "/",
                         "/me/password", "/audit", "/nothing-here"),)}
CHANGING = ("/", "/audit", "/status", "/me", "/domains/here.example/mailboxes/ada")   # they tell what happened meanwhile
BROKEN = "half a page{{ 1 // 0 }}"


@pytest.fixture(scope="module")
def site():
    with visitor.Site(kind="release", workers=1, render_wall="20s", request_timeout="60s") as made:
        made.make_domain("here.example")
        made.make_mailbox(USER)
        made.sql("INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, 'post', %s FROM virtual_domains", USER)
        made.sql("INSERT INTO relay_domains (domain) VALUES ('relay.example')")
        made.sql("INSERT INTO ip_access (ip, state) VALUES ('mx.elsewhere.example', 'REJECT')")
        made.sql("INSERT INTO domain_access (domain, state) VALUES ('elsewhere.example', 'REJECT')")
        yield made


def blocks():
    """blocks/OWNER/BLOCK.html for each block of base's pages and layouts."""
    for folder in ("pages", "layouts"):
        for path in sorted((BASE / folder).glob("*.html")):
            for name in re.findall(r"\{% block (\w+)", path.read_text()):
                yield f"blocks/{path.stem}/{name}.html"


def components():
    for path in sorted((BASE / "components").glob("*.html")):
        yield f"components/{path.name}"
    for folder in ("pages", "layouts", "components"):
        for path in sorted((BASE / folder).glob("*.html")):
            for name in re.findall(r'\{% slot "([\w.]+)"', path.read_text()):
                yield f"slots/{name}.html"


@pytest.fixture(params=["blocks", "components"])
def broken(site, request):
    files = sorted(set(blocks() if request.param == "blocks" else components()))
    assert len(files) > 25
    folder = pathlib.Path(site.options["themes_dir"]) / "broken"
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(BROKEN)
    (folder / "theme.lua").write_text('return { name = "broken", title = "Broken", version = "1.0.0", license = "MIT",'
                                      ' extends = "base", contract = "1.0", api = 1 }\n')
    yield request.param
    site.run("theme", "activate", "base", check=True)
    shutil.rmtree(folder)


def wear(site, name):
    site.run("theme", "activate", name, "--force", check=True)


def main(answer):
    """The page without what differs each time, what tells admins of the theme, and blanks."""
    text = answer.text[answer.text.index("<body"):]
    text = re.sub(r'name="(token|operation)" value="[^"]*"|<code>[^<]*</code>|<time[^>]*>[^<]*</time>', "", text)
    text = re.sub(r'(?s)<div class="flash (?:warn|error)">.*?</div>', "", text)
    return re.sub(r"\s+", "", text)


def test_each_page_is_the_one_base_makes(site, broken):
    admin, ada, told = site.sign_in(), site.sign_in(USER), set()
    for paths in PATHS[broken]:
        wear(site, "base")
        wanted = {path: admin.get(path) for path in paths}
        wear(site, "broken")
        for path in paths:
            answer = admin.get(path)
            assert answer.status == wanted[path].status, path
            assert "half a page" not in answer.text, path
            if path not in CHANGING:
                assert main(answer) == main(wanted[path]), path
        told |= set(re.findall(r"(?:blocks|components|slots)/[\w./-]+\.html:1", admin.get("/domains").text))
    assert told, site.log_text()[-2000:]
    log = site.log_text()
    assert "theme broken: " in log and "attempt to" in log
    wear(site, "broken")
    answer = ada.get("/me")
    assert answer.status == 200 and "half a page" not in answer.text and "broken" not in answer.text.lower()


def pages_of(visitor, routes):
    """The first path that shows a page, by its name."""
    found = {}
    for path in routes:
        answer = visitor.get(path)
        name = re.search(r'data-mb-page="([^"]+)"', answer.text)
        if answer.status in (200, 404) and name:
            found.setdefault(name[1], path)
    return found


def test_each_block_alone_is_the_parents(site):
    """One block after the other, since of two that stand in each other the outer one's failure hides the inner."""
    admin, nobody = site.sign_in(), site.visitor()
    seen = pages_of(admin, [pattern.replace("{domain}", "here.example").replace("{mailbox}", "ada") for pattern, _, _ in
                            visitor.routes().values() if "{" not in pattern.replace("{domain}", "").replace("{mailbox}", "")])
    assert len(seen) > 25
    owners = {}
    for path in set(blocks()):
        _, owner, name = path.split("/")
        owners.setdefault(name[:-5], set()).add(owner)
    asked = 0
    for name, of in sorted(owners.items()):
        folder = pathlib.Path(site.options["themes_dir"]) / "single"
        pages = (of & set(seen)) - {"safe"} | ({"domains.list"} if name in ("header", "menu", "foot") else set())   # that is base
        for owner in of:
            (folder / "blocks" / owner).mkdir(parents=True, exist_ok=True)
            (folder / f"blocks/{owner}/{name}.html").write_text(BROKEN)
        (folder / "theme.lua").write_text('return { name = "single", title = "Single", version = "1.0.0", license = "MIT",'
                                          ' extends = "base", contract = "1.0", api = 1 }\n')
        for page in sorted(pages):
            who = nobody if page == "login" else admin
            site.sql("UPDATE site SET value = 'base', generation = generation + 1 WHERE name = 'theme'")
            wanted, before = who.get(seen[page]), len(site.log_text())
            site.sql("UPDATE site SET value = 'single', generation = generation + 1 WHERE name = 'theme'")
            answer, told = who.get(seen[page]), site.log_text()[before:]
            assert answer.status == wanted.status and "half a page" not in answer.text, (page, name)
            if seen[page] not in CHANGING and not seen[page].startswith("/themes"):   # they tell what is worn
                assert main(answer) == main(wanted), (page, name)
            lines = set(re.findall(r"theme single: .*?blocks/([\w.]+)/(\w+)\.html:1: attempt to divide", told))
            if lines or name != "empty":   # there may be rows
                assert len(lines) == 1 and lines.pop()[1] == name, (page, name, told)
                asked += 1
        shutil.rmtree(folder)
    site.run("theme", "activate", "base", check=True)
    assert asked > 80
