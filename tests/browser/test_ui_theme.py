# SPDX-License-Identifier: GPL-3.0-or-later
"""What base promises about its looks, checked without a browser: weights, contrast of the tokens,
plain words, and the shape of each page drawn from the invented models.

    python3 -m pytest tests/browser/test_ui_theme.py
"""
import gzip
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "themes" / "base"
VOID = {"input", "img", "br", "hr", "link", "meta", "wbr", "use"}
BANNED = re.compile(r"\b(invalid|forbidden|please|oops|illegal)\b", re.I)


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    subprocess.run(["lua5.4", ROOT / "tests/themes/preview.lua", BASE, out], check=True, timeout=30)
    return {path.stem: path.read_text() for path in sorted(out.glob("*.html"))}


class Shape(HTMLParser):
    """Elements in order, ids, labels, and whether each tag is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts, self.wrong = [], [], [], []
        self.feed(text)
        self.wrong += [f"<{name}> is not closed" for name in self.open]

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name):
        if not self.open or self.open.pop() != name:
            self.wrong.append(f"</{name}> closes another element")

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, name):
        return [attributes for element, attributes in self.elements if element == name]


@pytest.mark.parametrize("name, most", [("app.css", 10), ("app.js", 6), ("icons.svg", 4)])
def test_weight(name, most):
    assert len(gzip.compress((BASE / name).read_bytes(), 9)) <= most * 1024


def test_styles_use_logical_sides_and_no_fonts():
    css = (BASE / "app.css").read_text()
    assert "@font-face" not in css and "@import" not in css and "url(" not in css
    physical = re.findall(r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|width|height)\s*:",
                          re.sub(r"@media[^{]*", "", css))
    assert physical == []


def tokens():
    css = (BASE / "app.css").read_text()
    return {name: (light, dark) for name, light, dark in
            re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)}


def luminance(colour):
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


PAIRS = ([(ink, on, 4.5) for ink in ("ink", "muted", "accent", "bad") for on in ("canvas", "surface", "raised")]
         + [(state, on, 4.5) for state in ("ok", "warn", "bad") for on in ("surface", state + "-soft")]
         + [("accent", "accent-soft", 4.5), ("accent-ink", "accent", 4.5), ("accent-ink", "accent-hover", 4.5),
            ("bad-ink", "bad-fill", 4.5)]
         + [("edge", on, 3.0) for on in ("canvas", "surface", "raised")]
         + [(fill, "track", 3.0) for fill in ("accent", "warn", "bad")])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink, on, least", PAIRS)
def test_contrast(ink, on, least, scheme):
    known = tokens()
    assert contrast(known[ink][scheme], known[on][scheme]) >= least


def test_each_page_of_the_contract_is_drawn(pages):
    wanted = set()
    for path in (ROOT / "lua/contract").glob("*.lua"):
        wanted |= set(re.findall(r'^page "([^"]+)"', path.read_text(), re.M))
    assert wanted == {name.rsplit(".", 1)[0] for name in pages}


def test_shape(pages):
    for name, text in pages.items():
        shape = Shape(text)
        assert shape.wrong == [], name
        assert len(shape.all("h1")) == 1 and len(shape.all("main")) == 1, name
        assert shape.elements[[e[0] for e in shape.elements].index("body") + 1][1].get("href") == "#main", name
        ids = [attributes["id"] for _, attributes in shape.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        labels = {attributes.get("for") for attributes in shape.all("label")}
        for element in ("input", "select", "textarea"):
            for attributes in shape.all(element):
                named = attributes.get("aria-label") or attributes.get("id") in labels
                assert attributes.get("type") == "hidden" or named, (name, attributes)
        for _, attributes in shape.elements:
            for described in (attributes.get("aria-describedby") or "").split():
                assert described in ids, (name, described)
        for attributes in shape.all("a"):
            if (attributes.get("href") or "").startswith("#"):
                assert attributes["href"][1:] in ids, (name, attributes)


def test_titles_differ(pages):
    titles = {}
    for name, text in pages.items():
        page, case = name.rsplit(".", 1)
        if case == "usual":
            titles.setdefault(re.search("<title>(.*?)</title>", text).group(1), []).append(page)
    assert [names for names in titles.values() if len(names) > 1] == []
    assert "<title>Error: " in pages["mailboxes.form.errors"]


def test_plain_words(pages):
    for name, text in pages.items():
        assert not BANNED.search(" ".join(Shape(text).texts)), name
    assert not BANNED.search(re.sub(r"aria-invalid|:invalid", "", (BASE / "app.js").read_text()))


def test_markup_in_data_stays_text(pages):
    shape = Shape(pages["mailboxes.list.hostile"])
    assert len(shape.all("script")) == 1 and shape.all("img") == []
    assert "<script>alert(" in "".join(shape.texts)


def test_passwords_can_be_pasted_and_kept(pages):
    found = [(name, one) for name, text in pages.items() for one in Shape(text).all("input") if one.get("type") == "password"]
    assert len(found) > 5
    for name, attributes in found:
        assert attributes.get("autocomplete") in ("current-password", "new-password"), name
        assert "value" not in attributes and "maxlength" not in attributes, name
