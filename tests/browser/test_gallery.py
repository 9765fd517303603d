# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery of `mailboy theme dev` in Chromium, by keyboard and as files are saved."""
import os
import sys

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")))
from browser import Browser  # noqa: E402
from daemon import wait_for  # noqa: E402
from gallery import Gallery  # noqa: E402

AXE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node_modules", "axe-core", "axe.min.js")
BROKEN = '{% extends "plain" %}\n{% block main() %}\n<p>{{ vm.problm }}</p>\n{% end %}\n'


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    with Gallery(tmp_path_factory.mktemp("gallery")) as made:
        yield made


@pytest.fixture
def browser(gallery):
    made = Browser(gallery, width=1400)
    made.go("#page=login&case=usual&width=390")
    wait_for(lambda: made.find("#live").get_attribute("data-on") == "yes" and inside(made, "document.readyState") == "complete",
             "the gallery does not open")
    yield made
    severe = [line["message"] for line in made.driver.get_log("browser") if line["level"] == "SEVERE"]
    made.quit()
    assert not severe, severe


def script(browser, text):
    return browser.driver.execute_script("return " + text)


def inside(browser, text):
    """Of the first page in the gallery: `document` is its own."""
    return script(browser, f"((document) => {text})(document.querySelector('#stage iframe').contentDocument)")


def press(browser, *keys):
    ActionChains(browser.driver).send_keys(*keys).perform()


def test_it_shows_a_page_with_its_styles_and_icons(browser):
    assert "Harbour" in browser.find("h1").text
    assert inside(browser, "document.querySelector('h1').textContent.trim()") == "Sign in"
    assert script(browser, "document.querySelector('iframe').offsetWidth") == 390
    assert inside(browser, "getComputedStyle(document.documentElement).getPropertyValue('--accent')")
    # a sprite under the assets' policy: it has a size only if it was read
    assert inside(browser, "document.querySelector('svg use').getBoundingClientRect().width") > 0


def test_by_keyboard(browser):
    start = script(browser, "location.hash")
    press(browser, "j")
    wait_for(lambda: "case=usual" not in script(browser, "location.hash"), "j is no next case")
    press(browser, "k")
    wait_for(lambda: script(browser, "new URLSearchParams(location.hash.slice(1)).get('case')") == "usual", start)
    press(browser, "w", "s", "s")
    wait_for(lambda: "width=768" in script(browser, "location.hash") and "scheme=dark" in script(browser, "location.hash"), "w, s")
    wait_for(lambda: inside(browser, "document.documentElement.dataset.scheme") == "dark", "the page is not dark")
    press(browser, "a")
    wait_for(lambda: len(browser.all("#stage iframe")) > 3, "a does not show all cases")
    press(browser, "/")
    press(browser, "mailboxes.lis")
    wait_for(lambda: [a.text for a in browser.all("#pages > li > a")] == ["mailboxes.list"], "the filter")
    press(browser, Keys.TAB, Keys.ENTER)
    wait_for(lambda: "page=mailboxes.list" in script(browser, "location.hash"), "Enter on a page")
    press(browser, "?")
    assert browser.find("#keys").is_displayed()
    press(browser, Keys.ESCAPE)
    assert not browser.find("#keys").is_displayed()


def test_styles_change_without_a_reload(browser, gallery):
    inside(browser, "document.documentElement.mark = 'the same page'")
    inside(browser, "(document.querySelector('[name=email]').value = 'typed', 1)")
    gallery.write("tokens.css", ":root { --accent: #123456; }\n")
    wait_for(lambda: inside(browser, "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()") == "#123456",
             "the new colour does not come")
    assert inside(browser, "document.documentElement.mark") == "the same page"
    assert inside(browser, "document.querySelector('[name=email]').value") == "typed"


def test_a_page_reloads_when_it_is_saved_and_a_mistake_lies_over_it(browser, gallery):
    gallery.write("pages/login.html", BROKEN.replace("{{ vm.problm }}", "of the harbour"))
    wait_for(lambda: "of the harbour" in (inside(browser, "document.body && document.body.textContent") or ""), "the page does not change")
    gallery.write("pages/login.html", BROKEN)
    wait_for(lambda: browser.find("#mistakes").is_displayed(), "no overlay")
    text = browser.find("#findings").text
    assert "harbour/pages/login.html:3:" in text and "problm" in text and "'problem'" in text
    assert "<p>{{ vm.problm }}</p>" in text and "^" in text
    wait_for(lambda: "Sign in" in (inside(browser, "document.body && document.body.textContent") or ""), "the parent does not stand in")
    gallery.remove("pages/login.html")
    wait_for(lambda: not browser.find("#mistakes").is_displayed(), "the overlay stays")


def test_links_lead_nowhere(browser):
    browser.go("#page=mailboxes.list&case=usual&width=1280")
    wait_for(lambda: inside(browser, "document.readyState === 'complete' && document.querySelector('th a') !== null"), "the list")
    inside(browser, "(document.querySelector('th a').click(), 1)")   # the gallery holds links when a page has loaded
    wait_for(lambda: "This link leads to" in browser.find("#polite").get_attribute("textContent"), "nothing is said")
    assert "/page?" in inside(browser, "document.URL")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, gallery, scheme):
    """The gallery itself, with its overlay and its keys; the pages in it are looked at elsewhere."""
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    with open(AXE, encoding="utf-8") as file:
        browser.driver.execute_script(file.read())
    gallery.write("pages/login.html", BROKEN)
    wait_for(lambda: browser.find("#mistakes").is_displayed(), "no overlay")
    press(browser, "?")
    found = browser.driver.execute_async_script("""
        const done = arguments[arguments.length - 1];
        axe.run(document, { iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }).then((result) =>
            done(result.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html).slice(0, 3)])));""")
    gallery.remove("pages/login.html")
    assert found == []


def test_it_is_usable_by_everybody(browser):
    """Every control has a name; nothing is wider than a phone; focus is seen."""
    names = script(browser, """[...document.querySelectorAll('button, select, input')].map((e) =>
        [e.id, (e.labels?.[0]?.textContent || e.ariaLabel || e.textContent || '').trim()])""")
    assert len(names) > 10 and all(name for _, name in names), names
    frames = script(browser, "[...document.querySelectorAll('iframe')].map((f) => f.title)")
    assert frames == ["login, usual"]
    browser.driver.set_window_size(420, 800)
    assert script(browser, "document.documentElement.scrollWidth <= document.documentElement.clientWidth")
