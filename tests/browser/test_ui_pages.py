# SPDX-License-Identifier: GPL-3.0-or-later
"""Each page of base, drawn from the invented models, in Chromium: axe-core, sideways scrolling, and
what the script does. Needs the packages that package-lock.json names (npm ci).
"""
import json
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

pytestmark = pytest.mark.skipif(not (HERE / "node_modules/puppeteer-core").is_dir(),
                                reason="npm ci --prefix tests/browser was not run")


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    subprocess.run(["lua5.4", ROOT / "tests/themes/preview.lua", ROOT / "themes/base", out], check=True, timeout=30)
    return sorted(out.glob("*.html"))


def telling(pages, width, scheme):
    """What texts do to a page shows where it is narrow, and in one scheme."""
    if (width, scheme) == (320, "light"):
        return pages
    return [page for page in pages if not page.name.endswith((".long.html", ".hostile.html"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_accessible(pages, width, scheme):
    pages = telling(pages, width, scheme)
    done = subprocess.run(["node", HERE / "axe.mjs", "--widths", str(width), "--schemes", scheme, *pages],
                          capture_output=True, text=True, timeout=600)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(pages), done.stderr
    wrong = [{"page": Path(one["page"]).name, **{key: one[key] for key in
              ("sideways", "twice", "h1", "console", "violations")}} for one in found if not one["ok"]]
    assert wrong == []


def test_script():
    done = subprocess.run(["node", "--test", HERE / "script.test.mjs"], capture_output=True, text=True,
                          timeout=300, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stdout
