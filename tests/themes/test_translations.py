# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text of the program and of base in every language that users are offered: none is missing, none fills in
other things than the English, and no file is behind its sources."""
import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
LANGUAGES = ("de", "fr")
FOLDERS = ("core/po", "themes/base/po")


def run(*words, cwd=ROOT):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def unquoted(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def entries(path):
    """[{msgid:, msgid_plural:, msgstr:, msgstr[0]: ...}], without the header."""
    found = []
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        for part in file.read().split("\n\n")[1:]:
            fields = re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', part, re.M)
            found.append({name: unquoted(value) for name, value in fields} | {"fuzzy": "fuzzy" in part.partition("msgid")[0]})
    return found


def holes(text):
    return sorted(re.sub(r"\d+\$", "", hole) for hole in re.findall(r"%(?:\d+\$)?[sd]|{\w+}", text)) + sorted(re.findall(r"</?\w+", text))


def test_no_file_is_behind_its_sources():
    done = run("contrib/translations.sh", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(folder, language):
    path = f"{folder}/{language}.po"
    checked = run("msgfmt", "--check", "-o", "/dev/null", path)
    assert checked.returncode == 0, checked.stderr
    rows = entries(path)
    assert len(rows) > 150
    missing = [row["msgid"] for row in rows if row["fuzzy"] or "" in (v for k, v in row.items() if k.startswith("msgstr"))]
    assert missing == []
    wrong = [(row["msgid"], key) for row in rows for key, text in row.items()
             if key.startswith("msgstr") and holes(text) != holes(row.get("msgid_plural", row["msgid"]))]
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_french_has_its_own_signs(folder):
    """A narrow no-break space before double signs, and the curved apostrophe."""
    texts = [text for row in entries(f"{folder}/fr.po") for key, text in row.items() if key.startswith("msgstr")]
    plain = [re.sub(r"https?:|mailto:|{[^}]*}|`[^`]*`|//", "", text) for text in texts]
    assert [text for text in plain if re.search(r"[^\u202f](?:[;?!»]|:(?: |$))|«[^\u202f]|\w'\w", text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_german_has_its_own_signs(folder):
    texts = [text for row in entries(f"{folder}/de.po") for key, text in row.items() if key.startswith("msgstr")]
    assert [text for text in texts if re.search(r"“\w|\w\"|«|\b(du|dein|deine)\b", re.sub("{[^}]*}", "", text))] == []


@pytest.fixture
def copy(tmp_path):
    """The sources that texts are gathered from."""
    for name in ("contrib", "core", "lua", "themes/base"):
        shutil.copytree(os.path.join(ROOT, name), tmp_path / name)
    shutil.copytree(os.path.join(ROOT, "tests/themes"), tmp_path / "tests/themes", ignore=shutil.ignore_patterns("hostile"))
    return tmp_path


def test_a_theme_anywhere_is_gathered(tmp_path):
    theme = tmp_path / "harbour"
    (theme / "slots").mkdir(parents=True)
    (theme / "theme.lua").write_text('return { name = "harbour", extends = "base", contract = "1.0", api = 1 }\n')
    (theme / "slots" / "shell.footer.html").write_text('<p>{{ t("Fair winds") }}</p>\n')
    script = os.path.join(ROOT, "contrib/translations.sh")
    assert run(script, "./harbour", cwd=tmp_path).returncode == 0
    assert 'msgid "Fair winds"' in (theme / "po" / "harbour.pot").read_text()
    nowhere = run(script, "harbuor", cwd=tmp_path)
    assert nowhere.returncode == 1 and "no folder harbuor" in nowhere.stderr
    assert "no theme" in run(script, ".", cwd=tmp_path).stderr and not (tmp_path / "po").exists()


def test_a_new_text_is_noticed_and_gathered(copy):
    page, source = copy / "themes/base/pages/logout.html", copy / "core/pages/login.c"
    page.write_text(page.read_text(encoding="utf-8").replace('t("Sign out?")', 't("Leave \\"%s\\" now?", shell.site)', 1), encoding="utf-8")
    source.write_text(source.read_text(encoding="utf-8").replace('N_("Sign out")', 'N_("Out with you")', 1), encoding="utf-8")
    checked = run("contrib/translations.sh", "--check", cwd=copy)
    assert checked.returncode == 1 and "core/po/fr.po" in checked.stderr and "themes/base/po/de.po" in checked.stderr, checked.stderr
    assert run("contrib/translations.sh", cwd=copy).returncode == 0
    assert run("contrib/translations.sh", "--check", cwd=copy).returncode == 0
    assert 'msgid "Out with you"' in (copy / "core/po/fr.po").read_text(encoding="utf-8")
    assert 'msgid "Leave \\"%s\\" now?"' in (copy / "themes/base/po/de.po").read_text(encoding="utf-8")
