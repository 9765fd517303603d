# SPDX-License-Identifier: GPL-3.0-or-later
"""A server admin chooses how the pages look, in Chromium, once with script and once without: an accent that cannot
be read and the one that can, a preview, its end, activation, and the way back for who sees a broken page."""
import os
import shutil
from pathlib import Path

import pytest
from browser import Browser
from mailboy import ROOT, Site
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select


HIDING = """
.trying, .trying * { display: none !important; visibility: hidden !important; opacity: 0 !important; font-size: 0 !important; }
body > aside { position: absolute !important; inset-inline-start: -999px !important; block-size: 0 !important; overflow: hidden !important; }
.trying form:last-child button { position: fixed !important; inset: 0 !important; inline-size: 100vw !important; }
body { opacity: .01 !important; transform: scale(0) !important; }
aside::before { content: "Nothing to see" !important; }
@layer trying { .trying { display: none !important; } }
"""


@pytest.fixture(scope="module")
def site():
    with Site(release=True, options="session_idle = 1h") as whole:
        shutil.copytree(os.path.join(ROOT, "themes", "purplehaze"), whole.folder / "themes/purplehaze")
        hider = Path(whole.folder / "themes/hider")
        hider.mkdir()
        (hider / "theme.lua").write_text('return { name = "hider", title = "Hider", version = "1.0.0", license = "MIT", extends = "base", '
                                         'contract = "1.0", api = 1 }')
        (hider / "app.css").write_text(HIDING)
        yield whole


@pytest.fixture(params=[True, False], ids=["script on", "script off"])
def admin(site, request):
    browser = Browser(site, script=request.param)
    browser.sign_in(site.admin, site.password)
    yield browser
    assert browser.console() == []
    browser.quit()


def accent(browser):
    return browser.find('main [name="accent"]').get_attribute("value")


def choose_color(browser, colour):
    """What a person picks; the picker itself is the browser's own window."""
    browser.driver.execute_script("arguments[0].value = arguments[1]", browser.find('main [name="accent"]'), colour)


def background(browser, css):
    return browser.find(css).value_of_css_property("background-color")


def test_no_theme_can_hide_the_bar(site, admin):
    admin.go("themes/hider")
    admin.press('button[name="on"]')
    bar = admin.find("aside.trying")
    wide = admin.driver.get_window_size()["width"]
    assert bar.is_displayed() and "You alone see the theme hider." in bar.text
    assert bar.rect["x"] == 0 and bar.rect["y"] == 0 and bar.rect["width"] >= wide * 0.9 and 30 < bar.rect["height"] < 200
    buttons = bar.find_elements(By.CSS_SELECTOR, "button")
    assert [b.text for b in buttons] == ["End the preview", "Activate for all"]
    for button in buttons:
        assert button.is_displayed() and 24 <= button.rect["height"] < 60 and button.rect["width"] < 300
    assert background(admin, "aside.trying") == "rgba(92, 59, 0, 1)"
    admin._next_page(buttons[0].click)
    assert admin.has("aside.trying") is None


def test_a_look_is_chosen(site, admin):
    admin.follow("Themes")
    admin.follow("Purple Haze")
    admin.follow("Settings")
    choose_color(admin, "#f5e6ff")
    admin.fill(motto="Calm seas")
    admin.press()
    assert "cannot be read well enough" in admin.text and accent(admin) == "#f5e6ff"
    offered = admin.find('main button[name="accent"]').get_attribute("value")
    admin.press('button[name="accent"]')
    assert "The theme's settings were saved." in admin.text and accent(admin) == offered
    assert admin.find('main [name="motto"]').get_attribute("value") == "Calm seas"

    admin.follow("purplehaze")   # up, by the crumbs
    before = background(admin, "body")
    admin.press('button[name="on"]')
    bar = admin.find("aside.trying")
    assert "You alone see" in bar.text and "Calm seas" in admin.driver.page_source
    assert admin.driver.execute_script(
        "return getComputedStyle(document.documentElement).getPropertyValue('--set-accent')").strip().startswith("light-dark(" + offered)
    wide = admin.driver.get_window_size()["width"]
    assert bar.rect["y"] == 0 and bar.rect["width"] >= wide * 0.9
    admin._next_page(bar.find_element(By.CSS_SELECTOR, 'form[action$="/preview"] button').click)
    assert admin.has("aside.trying") is None and "Calm seas" not in admin.driver.page_source
    assert background(admin, "body") == before

    admin.follow("Activate")
    assert "Everybody on this server" in admin.text
    admin.press()
    assert "The site wears purplehaze now." in admin.text and "Calm seas" in admin.driver.page_source

    admin.go("nothing-here")
    admin.follow("Use the built-in theme")
    admin.press()
    assert "Calm seas" not in admin.driver.page_source
    admin.go("safe")
    admin.press()
    assert "Calm seas" in admin.driver.page_source
    admin.go("themes/base/activate")
    admin.press()
    assert "The site wears base now." in admin.text


def test_the_list_of_choices_is_the_themes(site, admin):
    admin.go("themes/purplehaze/settings")
    density = Select(admin.find('main [name="density"]'))
    assert [o.get_attribute("value") for o in density.options] == ["cosy", "compact"]
    density.select_by_value("compact")
    admin.press()
    assert Select(admin.find('main [name="density"]')).first_selected_option.get_attribute("value") == "compact"
