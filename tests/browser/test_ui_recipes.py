# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of themes/recipes.md that are styles alone, measured in Chromium: what they promise is what is seen."""
import functools
import http.server
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from browser import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "themes"))
from test_recipes import RECIPES, Drawn, shell, write_files  # noqa: E402, F401

BOX = "const b = document.querySelector(arguments[0]).getBoundingClientRect(); return { w: b.width, h: b.height }"


@pytest.fixture
def seen(shell, tmp_path):  # noqa: F811
    """A page of a theme of two files with that recipe, or without, as a browser of that width shows it."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def end_headers(self):  # the same address has another theme's page a moment later
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = Browser(SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/"))

    def show(page, number, width):
        shell("rm -rf harbour out-*; mailboy theme new ./harbour")
        if number:
            assert write_files(next(text for title, text in RECIPES.items() if title.split()[0] == number), tmp_path)
        Drawn(shell, tmp_path).page(page)
        browser.driver.set_window_size(width, 800)
        browser.go(f"out-{page}-usual/{page}.usual.html")
        return browser

    yield show
    browser.quit()
    server.shutdown()
    server.server_close()


def test_icons_alone_on_narrow_screens(seen):
    narrow = seen("overview", "6", 600)
    link, words, icon = (narrow.driver.execute_script(BOX, css) for css in (".nav a", ".nav a span", ".nav a .icon"))
    assert link["w"] >= 24 and link["h"] >= 24 and words["w"] <= 1 and icon["w"] >= 16
    assert not narrow.find(".menu").is_displayed() and "Overview" in narrow.find(".nav a").get_attribute("textContent")
    narrow.driver.set_window_size(1280, 800)
    assert narrow.driver.execute_script(BOX, ".nav a span")["w"] > 20


def test_a_bigger_log_in(seen):
    sizes = [{css: seen("login", number, 1280).driver.execute_script(BOX, css) for css in ("main", "h1", "#f-email")}
             for number in ("", "7")]
    for css in ("main", "h1", "#f-email"):
        assert sizes[1][css]["h"] > sizes[0][css]["h"], css
    assert sizes[1]["main"]["w"] > sizes[0]["main"]["w"]
