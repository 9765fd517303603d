# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what `llvm-cov export -summary-only` found, by room: coverage.py FILE"""
import json
import sys


def share(part):
    return f"{100 * part['covered'] / part['count']:6.1f} %" if part["count"] else "       -"


def total(rows, kind):
    return {key: sum(row["summary"][kind][key] for row in rows) for key in ("count", "covered")}


def line(name, rows):
    lines, branches = total(rows, "lines"), total(rows, "branches")
    print(f"{name:24} {share(lines)} of {lines['count']:6}   {share(branches)} of {branches['count']:6}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        found = json.load(file)["data"][0]["files"]
    files = [(row["filename"].rpartition("/core/")[2], row) for row in found if "/core/" in row["filename"]]
    rooms = {}
    for name, row in files:
        rooms.setdefault(name.rpartition("/")[0] or "main.c", []).append(row)
    print(f"\n{'room':24}   lines              branches")
    for room in sorted(rooms):
        line(room, rooms[room])
    line("all of core/", [row for _, row in files])
    print("\nthe ten least covered files (by lines, of 20 or more)")
    worth = [(name, row) for name, row in files if row["summary"]["lines"]["count"] >= 20]
    for name, row in sorted(worth, key=lambda pair: pair[1]["summary"]["lines"]["percent"])[:10]:
        line(name, [row])


if __name__ == "__main__":
    main()
