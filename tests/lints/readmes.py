#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the READMEs against the tree: a path that one names is there, a command of mailboy is one, with its options
(core/cli/commands.def), and each file of lua/ is in its list. Prints what is not so; status 1 then."""
import glob
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIP = ("tests/browser/node_modules/", "tests/fuzz/corpus/")
EXAMPLES = ("themes/harbour",)
PATH = re.compile(r"[\w.-]+/[\w./*{},-]*")
COMMAND = re.compile(r"\bmailboy (.*)")
ROW = re.compile(r'^COMMAND\("([\w-]+)", (?:"([\w-]+)"|NULL), \w+, "((?:[^"\\]|\\.)*)"', re.M)
found = []


def listed():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and not name.startswith(SKIP)]


def code_of(text):
    """(line, what stands as code there): between backticks, and lines set in by four."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("    "):
            yield number, line.strip()
        else:
            yield from ((number, piece) for piece in re.findall(r"`([^`]+)`", line))


def is_there(readme, path):
    """LANGUAGE, NAME ... stand for something; a room may be named without core/."""
    pattern = re.sub(r"[A-Z]{2,}(?!\w*\.md)|N{2,}", "*", path.rstrip("/."))
    options = [pattern]   # as it stands; a program by its source
    while any("{" in o for o in options):
        options = [o[:m.start()] + part + o[m.end():] for o in options
                   for m in [re.search(r"\{([^{}]*)\}", o)] for part in m[1].split(",")]
    homes = (ROOT, readme.parent)
    return all(any(glob.glob(str(home / (o + end))) for home in homes for end in ("", ".c")) for o in options)


def check_paths(readme, name, tops):
    text = readme.read_text(encoding="utf-8")
    beside = {p.name for p in readme.parent.iterdir() if p.is_dir()} if readme.parent.name in ("core", "lua", "sql") else set()
    for number, code in code_of(text):
        for path in (word.strip("(),;.:") for word in code.split()):
            if path.split("/")[0] in tops | beside and PATH.fullmatch(path) and not path.startswith(EXAMPLES) and not is_there(readme, path):
                found.append(f"{name}:{number}: there is no {path}")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        if not is_there(readme, target):
            found.append(f"{name}: there is no {target}")


def check_commands(readme, name, commands):
    nouns = {noun for noun, _ in commands}
    for number, code in code_of(readme.read_text(encoding="utf-8")):
        call = COMMAND.search(code.split("#")[0])
        words = re.findall(r"[\w./:@<>\[\]-]+", re.split(r"  |[|;>)]", call[1])[0]) if call else []
        if not words or not re.fullmatch(r"[a-z-]+", words[0]) or words[0].startswith("--"):
            continue
        usage = commands.get((words[0], None), commands.get((words[0], words[1] if len(words) > 1 else None)))
        if words[0] not in nouns:
            found.append(f"{name}:{number}: there is no command mailboy {words[0]}")
        elif usage is None and len(words) > 1 and words[1].islower():
            found.append(f"{name}:{number}: there is no command mailboy {words[0]} {words[1]}")
        for option in words if usage is not None else ():
            if option.startswith("--") and option not in re.findall(r"--[a-z-]+", usage) and option not in ("--help", "--json", "--config", "--as"):
                found.append(f"{name}:{number}: mailboy {words[0]} has no {option}")


def check_list(files):
    """lua/README.md lists lua/ file by file, some by a pattern."""
    names = re.findall(r"^    ([\w/*.-]+\.lua)\s", (ROOT / "lua/README.md").read_text(encoding="utf-8"), re.M)
    for path in files:
        if path.startswith("lua/") and path.endswith(".lua") and not any(pathlib.PurePath(path).match("lua/" + n) for n in names):
            found.append(f"lua/README.md: does not list {path}")


def main():
    files = listed()
    tops = {path.split("/")[0] for path in files if "/" in path}
    commands = {(m[0], m[1] or None): m[2] for m in ROW.findall((ROOT / "core/cli/commands.def").read_text(encoding="utf-8"))}
    readmes = [path for path in files if path.endswith(".md")]
    assert len(commands) > 50 and "core/README.md" in readmes
    for path in readmes:
        check_paths(ROOT / path, path, tops)
        check_commands(ROOT / path, path, commands)
    check_list(files)
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
