# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped themes on a running site, with the settings that an admin chooses for them in the browser."""
import os
import shutil

import pytest
from browser import Browser
from mailboy import ROOT, Site
from selenium.webdriver.support.select import Select


@pytest.fixture(scope="module")
def site():
    with Site(release=True, options="session_idle = 1h") as whole:
        for theme in ("purplehaze", "funky-tandy", "plain"):
            shutil.copytree(os.path.join(ROOT, "themes", theme), os.path.join(whole.folder / "themes", theme))
        whole.run("mailbox", "add", "ada@example.org", "--no-password")
        yield whole


@pytest.fixture(scope="module")
def admin(site):
    browser = Browser(site)
    browser.sign_in(site.admin, site.password)
    yield browser
    browser.quit()


def style(admin, css, name):
    return admin.driver.execute_script("return getComputedStyle(document.querySelector(arguments[0])).getPropertyValue(arguments[1])",
                                       css, name)


def choose(admin, theme, **choices):
    admin.go(f"themes/{theme}/settings")
    for name, words in choices.items():
        field = admin.find(f'main [name="{name}"]:not([type=hidden])')
        if field.tag_name == "select":
            Select(field).select_by_visible_text(words)
        else:
            admin.driver.execute_script("arguments[0].value = arguments[1]", field, words)
    admin.press()


def test_purplehaze(admin, site):
    site.run("theme", "activate", "purplehaze")
    choose(admin, "purplehaze", accent="#ffee00")
    assert admin.status == 422 and admin.has("#e-accent")
    choose(admin, "purplehaze", accent="#0f766e", density="Compact", motto="Post für alle")
    assert not admin.title.startswith("Error"), admin.text
    admin.go("mailboxes")
    assert admin.find("header .motto").text == "Post für alle"
    assert admin.has("tr.haze.compact")
    assert style(admin, ".nav [aria-current]", "color") == "rgb(15, 118, 110)"
    assert admin.console() == []


def test_funky_tandy(admin, site):
    site.run("theme", "activate", "funky-tandy")
    choose(admin, "funky-tandy", tube="Amber")
    admin.go("mailboxes")
    assert admin.find("header").get_attribute("data-tube") == "amber"
    assert "#ffc061" in style(admin, "html", "--ink")
    assert all(link.get_attribute("title") for link in admin.all("header a, nav a, footer a"))
    assert admin.console() == []


def test_plain(admin, site):
    site.run("theme", "activate", "plain")
    admin.go("mailboxes")
    assert "ada@example.org" in admin.text
    assert not admin.all("script") and len(admin.all("link[rel=stylesheet]")) == 1
    admin.press("tr button")
    said = admin.find("#said").text
    assert "is enabled" in said or "is disabled" in said
    assert admin.console() == []
