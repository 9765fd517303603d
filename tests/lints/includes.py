#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks the include lines of core/: arrows between rooms go downwards only, and each foreign library is in its one
room (core/README.md). The first line of every source names the licence. Prints what is not so; status 1 then."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEES = {
    "base": "", "server": "base", "settings": "base", "http": "base", "model": "base", "render": "base",
    "view": "server settings http model base", "store": "server settings http model base",
    "auth": "store model settings http server base", "studio": "view server settings http model base",
    "actions": "auth store model settings http base",
    "pages": "actions auth view store model settings http server base",
    "cli": "studio pages actions auth view store model settings http server base",
    "main.c": "cli studio pages actions auth view store render model http settings server base",
    "bake.c": "render base", "patterns.h": "pages render",
}
FOREIGN = {   # header -> rooms
    r"(mysql|mariadb|errmsg|mysqld_error)": "store", r"(argon2|crypt)\.h": "auth", r"(lua|lauxlib|lualib)": "render",
    r"(fcgi|fastcgi\.h)": "server", r"seccomp\.h": "render server", r"ini\.h": "settings", r"idn2\.h": "model",
    r"openssl/": "base", r"jansson\.h": "http",
    r"(archive|archive_entry|brotli/encode|microhttpd)\.h": "studio",
    r"zlib\.h": "render studio"}
# arpa, sys ... and the C library: whatever has none of the above.
LIBC = re.compile(r"(arpa|sys|linux|net|netinet)/|[a-z0-9_]+\.h$")
SPDX = re.compile(r"^(/\*|//|--|#|\{#|<!--) SPDX-License-Identifier: GPL-3\.0-or-later")
SOURCES = (".c", ".h", ".def", ".lua", ".py", ".sh", ".sql", ".html", ".css", ".js", ".mjs", ".cmake")
# Without a line of comment, or not ours: data, made files, fixtures that begin as a hostile theme would, what strangers'
# browsers are sent as it is.
BARE = ("tests/themes/hostile/", "tests/fuzz/corpus/", "tests/browser/node_modules/", "tests/sql/mailboy-0.5.sql",
        "conf/lighttpd/mailboy-refused.html")
found = []


def say(path, line, what):
    found.append(f"{path.relative_to(ROOT)}:{line}: {what}")


def check_includes(path):
    room = path.relative_to(ROOT / "core").parts[0]
    allowed = set(SEES[room].split()) | {room}
    for number, text in enumerate(path.read_text().splitlines(), 1):
        ours = re.match(r'\s*#\s*include\s+"([a-z_]+)/', text)
        other = re.match(r"\s*#\s*include\s+<([^>]+)>", text)
        if ours and ours[1] not in allowed:
            say(path, number, f"{room} may not see {ours[1]}: arrows go downwards only")
        for pattern, rooms in FOREIGN.items() if other else ():
            if re.match(pattern, other[1]) and room not in rooms.split():
                say(path, number, f"<{other[1]}> belongs to {rooms}")
        if other and not LIBC.match(other[1]) and not any(re.match(p, other[1]) for p in FOREIGN):
            say(path, number, f"<{other[1]}> is a library that no room has")


def check_licence(path):
    lines = path.read_text(errors="replace").splitlines()[:3]
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    if not lines or not SPDX.match(lines[0]):
        say(path, 1, "the first line names no licence (SPDX)")


def main():
    for path in sorted((ROOT / "core").rglob("*.[ch]")):
        check_includes(path)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.endswith(SOURCES) and not name.startswith(BARE) and (ROOT / name).is_file():
            check_licence(ROOT / name)
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
