# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page in languages that need more room than English, and mirrored: nothing scrolls sideways on a narrow
screen, axe-core finds nothing, and what the script says is in the page's language too."""
import json
import re

import pytest
from browser import Browser
from mailboy import Site
from selenium.webdriver.common.by import By
from test_live_looks import PASSWORD, Someone, node, pytestmark  # noqa: F401


@pytest.fixture(scope="module")
def site():
    """The build that gives the pseudo-locales to whoever asks."""
    with Site() as made:
        for name in ("here.example", "empty.example"):
            made.run("domain", "add", name)
        made.run("mailbox", "add", "ada@here.example", "--name", "Ada Lovelace", "--password-stdin", "--quota", "1 GB",
                 input=PASSWORD + "\n")
        made.run("admin", "add", "ada@here.example", "--domain", "here.example")
        made.run("mailbox", "edit", "ada@here.example", "--name", "Ada, Countess of Lovelace")   # can be undone
        yield made


@pytest.fixture(scope="module")
def admin(site):
    return Someone(site, site.admin, site.password)


@pytest.mark.parametrize("tag, axe", [("en-XA", "off"), ("ar-XB", "on"), ("fr", "off")])
def test_there_is_room(admin, tag, axe):
    found, said = node("axe.mjs", admin, "--looks", "320:light", "--lang", tag, "--axe", axe)
    assert len(found) == len(admin.urls), said
    assert {one["lang"] for one in found} == {tag}
    assert [{key: one[key] for key in ("page", "sideways", "twice", "h1", "violations", "console")} for one in found
            if one["violations"] or one["sideways"] > 0 or one["twice"] or one["h1"] != 1
            or [word for word in one["console"] if not re.search("status of 40[34]", word)]] == []


def test_the_script_speaks_it_too(site):
    browser = Browser(site)
    try:
        browser.driver.execute_cdp_cmd("Network.enable", {})
        browser.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": "fr"}})
        browser.go("login")
        browser.find("#f-email").send_keys(site.admin)
        browser.find("#f-password").send_keys(site.password)
        browser._next_page(lambda: browser.find("form button.primary").click())
        browser.go("me/password")
        field = browser.find("#f-password")
        field.send_keys("abc")
        assert browser.find("[data-mb-strength] [role=status]").text == "Trop court"
        browser.find("[data-mb-keys]").click()
        words = [one.text for one in browser.all("dialog dd")]
        assert words[0] == "Aller au filtre" and browser.find("dialog h2").text == "Touches", json.dumps(words)
        assert browser.driver.find_element(By.CSS_SELECTOR, "dialog button").text == "Fermer"
    finally:
        browser.quit()
