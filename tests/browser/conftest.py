# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the shared parts of the tests lie."""
import os
import sys

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")))
