# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the files where several processes take one after the other (pytest-xdist): what takes longest starts
first, so that none waits for it at the end. All others stay as they are, by name."""
LONGEST = ("test_matrix.py", "test_hostile.py", "test_live_walls.py", "test_ui_pages.py", "test_live_looks.py", "test_check.py",
           "test_live_journeys.py", "test_live_languages.py", "test_journey.py", "test_passwords.py", "test_store.py",
           "test_json.py", "test_recipes.py", "test_security.py", "test_server_pool.py", "test_pages.py", "test_hostile_text.py",
           "test_live_text_browsers.py", "test_ui_themes.py", "test_gallery.py", "test_live_themes.py", "test_live_hostile.py",
           "test_actions.py", "test_themes.py", "test_scripts.py", "test_command_line.py")


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))
