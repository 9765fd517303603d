# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole site below a prefix (mailboy_root), through nginx and Chromium: links, styles, script, cookie and
redirects stay below it."""
import pytest
from browser import Browser
from mailboy import Site


@pytest.fixture(scope="module")
def site():
    with Site(prefix="/admin/mail", release=True) as whole:
        yield whole


@pytest.fixture(params=[True, False], ids=["script on", "script off"])
def who(site, request):
    browser = Browser(site, script=request.param)
    yield browser
    try:
        assert browser.console() == []
    finally:
        browser.quit()


def test_everything_stays_below(who, site):
    who.go("domains?q=exam")
    assert who.path.startswith("/login")
    who.fill(email=site.admin, password=site.password)
    who.press()
    assert who.path == "/domains?q=exam" and "example.org" in who.text
    name = f"below-{who.script}.example".lower()
    who.go("domains/new")
    who.fill(name=name)
    who.press()
    assert who.path == f"/domains/{name}" and "was added" in who.flash
    links = {a.get_attribute("href") for a in who.all("a[href]")} | {f.get_attribute("action") for f in who.all("form")}
    assert links and [url for url in links if not url.startswith(site.url.rstrip("/"))] == []
    assert who.driver.execute_script("return [...document.styleSheets].map(s => s.cssRules.length)")[0] > 50
    assert {c["path"] for c in who.driver.get_cookies()} == {"/admin/mail"}
    who.go(f"domains/{name}/mailboxes/new")
    who.fill(local_part="ada", password="seven green bottles 7")
    who.press()
    who.go(f"domains/{name}/mailboxes")
    who.press_in_row("button.switch")
    assert who.path.startswith(f"/domains/{name}/mailboxes") and "is disabled" in who.flash
    who.follow("Sign out")
    who.press()
    assert who.path == "/login"
