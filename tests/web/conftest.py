# SPDX-License-Identifier: GPL-3.0-or-later
"""The sites that the web tests share: making one takes seconds."""
import os
import sys

import pytest

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")))
import visitor  # noqa: E402


@pytest.fixture(scope="session")
def site():
    """The program with sanitizers, at the root."""
    with visitor.Site() as made:
        yield made


@pytest.fixture(scope="session")
def front(site):
    """nginx before that site."""
    with site.nginx() as made:
        yield made


@pytest.fixture
def admin(site):
    return site.sign_in()
