# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the shared parts of the tests lie."""
import os
import sys

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")))

# These take longest: they begin, so that two workers, which take whole files (--dist loadfile), end together.
LONGEST = ["test_ui_pages.py", "test_live_journeys.py", "test_live_looks.py", "test_live_languages.py"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
