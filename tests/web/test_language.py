# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose language a page speaks: the account's choice, else the browser's. That no page holds a word that
nobody could translate is seen in a pseudo-locale: all that the program says stands in brackets there."""
import html.parser
import os
import re

import pytest

from daemon import wait_for
from visitor import ADMIN, ROOT, Site, routes

ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-l", "data-mb-words", "content")


def language_of(answer):
    return re.search(r'<html lang="([^"]+)" dir="([^"]+)"', answer.text).groups()


@pytest.mark.parametrize("asked, lang, word", [
    (None, "en", "Sign in"), ("fr", "fr", "Se connecter"), ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"), ("FR-ca", "fr", "Se connecter"),
    ("es", "en", "Sign in"), ("es,fr;q=0.1", "fr", "Se connecter"), ("fr;q=0.4, de;q=0.5", "de", "Anmelden"),
    ("fr;q=0, de;q=0.001", "de", "Anmelden"), ("*, fr;q=0.5", "en", "Sign in"), ("fr;q=2", "en", "Sign in"), (",;q=,fr", "fr", "Se connecter"),
    ("x" * 4000, "en", "Sign in"), ("x," * 100 + "fr", "en", "Sign in"),
])
def test_sign_in_speaks_the_browsers_language(site, asked, lang, word):
    answer = site.visitor().get("/login", HTTP_ACCEPT_LANGUAGE=asked)
    assert language_of(answer) == (lang, "ltr") and f"<span>{word}</span>" in answer.text or f">{word}</button>" in answer.text, answer


def test_own_choice_comes_before_the_browsers(site):
    site.make_mailbox("lara@example.org", name="Lara")
    lara = site.sign_in("lara@example.org")
    assert language_of(lara.get("/me", HTTP_ACCEPT_LANGUAGE="de")) == ("de", "ltr")
    form = lara.get("/me/appearance").form()
    done = lara.post("/me/appearance", {**form.fields, "language": "fr"}, token=None, HTTP_ACCEPT_LANGUAGE="de")
    assert done.status == 303 and done.location == "/me", done
    page = lara.get("/me", HTTP_ACCEPT_LANGUAGE="de")
    assert language_of(page) == ("fr", "ltr") and "Votre langue a été enregistrée." in page.text and "Français" in page.text
    assert site.sql("SELECT action, after_json FROM audit ORDER BY id DESC LIMIT 1") == (("me.language", '{"language":"fr"}'),)
    assert lara.get("/me", json=True).json["language"] == "fr"
    assert lara.post_json("/me/appearance", {"language": ""}).status == 200
    assert language_of(lara.get("/me", HTTP_ACCEPT_LANGUAGE="de")) == ("de", "ltr")


def test_a_language_that_is_not_offered(site, admin):
    for wrong in ("xx", "en-XA", "fr'", "<b>"):
        answer = admin.post_json("/me/appearance", {"language": wrong})
        assert answer.status == 422 and answer.json["errors"]["language"]["code"] == "not_a_choice", (wrong, answer)
    assert site.one("SELECT language FROM virtual_users WHERE email = %s", ADMIN) == ""


def test_programs_get_english(site):
    admin = site.visitor()
    answer = admin.post_json("/login", {"email": ADMIN, "password": "wrong"}, token=None, HTTP_ACCEPT_LANGUAGE="fr")
    assert "The address or the password is not right." in answer.text, answer


class Words(html.parser.HTMLParser):
    """What a page says to people: texts and the attributes that are read out. Times are apart, and what
    stands in <code>: names of things."""

    def __init__(self, page):
        super().__init__()
        self.inside, self.found = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value and tag not in ("meta", "time")]
        if tag not in ("input", "meta", "link", "br", "use", "img", "hr"):
            self.inside.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, text):
        if text.strip() and not {"code", "time", "script", "style"} & set(self.inside):
            self.found.append(text.strip())


# What people have typed, what things are called, and what formats give.
DATA = re.compile(r"(?i)\b[\w.+-]+@[\w.-]+|\b[\w-]+\.example(\.org)?\b|\bexample\.org\b|\bMailboy( \d[\d.]*)?|\b\d[\d.,]*\s(bytes?|[KMGTP]B)\b"
                  r"|Ada Lovelace|Secret notes|Mozilla/5\.0 \(test\)|English|Deutsch|Français|\bbase\b|console \(\w+\)|192\.0\.2\.\d+"
                  r"|[\w.-]+/ada\b|\b(just now|\d+ (minutes?|hours?|days?) ago)\b|\b\d+ [a-z]+ \d{4}, [\d:]+ UTC\b|\bada\b|GPL-3.0-or-later|sealed")


def left_over(page, mark):
    texts = (re.sub(mark, "", text, flags=re.S) for text in Words(page).found)
    texts = (DATA.sub("", text) for text in texts)
    return [text for text in texts if re.search("[A-Za-z]{2}", text)]


@pytest.fixture(scope="module")
def full():
    """Something on every page, and nothing of other tests."""
    with Site(request_timeout="60s") as made:
        yield fill(made)


def fill(site):
    site.sql("DELETE FROM policies")   # what setup has named, which people may name otherwise
    site.sql("DELETE FROM audit")
    site.make_domain("words.example")
    site.make_mailbox("ada@words.example", name="Ada Lovelace")
    site.run("domain", "edit", "words.example", "--description", "Secret notes", check=True)
    site.run("admin", "add", "ada@words.example", "--domain", "words.example", check=True)
    for words in (("relay", "add", "relayed.example", "--next-hop", "words.example", "--description", "Secret notes"),
                  ("policy", "add", "Secret notes", "--description", "Secret notes"),
                  ("access", "add", "--client", "words.example", "REJECT", "--comment", "Secret notes"),
                  ("access", "add", "--sender", "words.example", "REJECT", "--comment", "Secret notes"),
                  ("alias", "add", "42@words.example", "ada@words.example", "--description", "Secret notes")):
        site.run(*words, check=True)
    return site


def paths(site):
    numbers = {name: str(site.one(f"SELECT MIN(id) FROM {table}")) for name, table in {
        "alias": "virtual_aliases", "client": "ip_access", "sender": "domain_access", "policy": "policies WHERE policy_name = 'Secret notes'",
        "account": "virtual_users WHERE admin < 2"}.items()}
    names = {"domain": "words.example", "mailbox": "ada", "entry": str(site.one("SELECT MAX(id) FROM audit")), "theme": "base",
             "token": site.make_link("ada@words.example"), "relay": "relayed.example", **numbers}
    for name, (pattern, _, _) in routes().items():
        yield name, re.sub(r"{(\w+)}", lambda m: names[m[1]], pattern)


@pytest.mark.parametrize("tag, direction, mark", [("en-XA", "ltr", r"\[.*?\]"), ("ar-XB", "rtl", "\u202e.*?\u202c")])
def test_no_word_escapes_the_translators(full, tag, direction, mark):
    admin, findings = full.sign_in(), {}
    for name, path in paths(full):
        answer = admin.get(path, HTTP_ACCEPT_LANGUAGE=tag)
        if answer.status == 303:
            continue
        assert language_of(answer) == (tag, direction), (name, answer)
        rest = left_over(answer.text, mark)
        if rest:
            findings[name] = rest
    assert findings == {}


def test_no_word_of_a_wrong_form_escapes_the_translators(full):
    admin, findings = full.sign_in(), {}
    for path, fields in {"/domains/new": {"name": "-"}, "/domains/words.example/mailboxes/new": {"local_part": "a b", "quota": "much"},
                         "/domains/words.example/delete": {"name": "x"}, "/me/password": {"current": "x", "password": "short"},
                         "/domains/words.example/admins": {"address": "nobody@words.example"}}.items():
        form = admin.get(path).form(path)
        answer = admin.post(path, {**form.fields, **fields}, token=None, HTTP_ACCEPT_LANGUAGE="en-XA")
        assert answer.status in (409, 422), answer
        rest = left_over(answer.text, r"\[.*?\]")
        if rest:
            findings[path] = rest
    for wrong in (admin.get("/nowhere", HTTP_ACCEPT_LANGUAGE="en-XA"), admin.post("/domains/new", {"name": "x.example"}, token="bad", HTTP_ACCEPT_LANGUAGE="en-XA")):
        findings.update({wrong.status: left_over(wrong.text, r"\[.*?\]")} if left_over(wrong.text, r"\[.*?\]") else {})
    assert findings == {}


def messages(language):
    """English -> that language, of core and base, where the two differ."""
    found = {}
    for folder in ("core/po", "themes/base/po"):
        with open(f"{ROOT}/{folder}/{language}.po", encoding="utf-8") as file:
            for entry in file.read().split("\n\n")[1:]:
                one = re.findall(r'^(msgid|msgstr) "(.*)"$', entry, re.M)
                if len(one) == 2 and one[1][1] not in (one[0][1], ""):
                    found[one[0][1].replace('\\"', '"')] = one[1][1].replace('\\"', '"')
    return found


@pytest.mark.parametrize("tag", ["fr", "de"])
def test_no_english_is_left_over(full, tag):
    admin, english, findings = full.sign_in(), messages(tag), {}
    assert len(english) > 300
    for name, path in paths(full):
        answer = admin.get(path, HTTP_ACCEPT_LANGUAGE=tag)
        if answer.status == 303:
            continue
        assert language_of(answer) == (tag, "ltr"), (name, answer)
        rest = [word for word in Words(answer.text).found if word in english]
        if rest:
            findings[name] = rest
    assert findings == {}


def test_numbers_and_times_by_language(full):
    full.sql("INSERT INTO quota2 (username, bytes, messages) VALUES ('ada@words.example', 1610612736, 12345)"
             " ON DUPLICATE KEY UPDATE bytes = 1610612736, messages = 12345")
    admin = full.sign_in()
    path = "/domains/words.example/mailboxes/ada"
    shown = {tag: admin.get(path, HTTP_ACCEPT_LANGUAGE=tag).text for tag in ("en", "de", "fr")}
    assert "1.5 GB" in shown["en"] and "12,345" in shown["en"]
    assert "1,5\u00a0GB" in shown["de"] and "12.345" in shown["de"]
    assert "1,5\u00a0Go" in shown["fr"] and "12\u202f345" in shown["fr"]


PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
MANIFEST = ('return { name = "harbour", title = "Harbour", version = "1.0.0", license = "MIT", extends = "base", contract = "1.0", api = 1,'
            ' schemes = { "light", "dark" } }\n')
FILES = {
    "theme.lua": MANIFEST,
    "po/fr.po": PO + 'msgid "Domains"\nmsgstr "Noms de domaine"\n\nmsgid "Moored here: %d"\nmsgid_plural "Moored here: %d boats"\n'
                     'msgstr[0] "%d bateau au port"\nmsgstr[1] "%d bateaux au port"\n\nmsgid "Add %s"\nmsgstr "sans trou"\n',
    "po/en.po": PO + 'msgid "Domains"\nmsgstr "Name spaces"\n',
    "blocks/shell/foot.html": '<footer class="foot"><p>{{ tn("Moored here: %d", "Moored here: %d boats", 12345) }}, {{ t("Add %s", shell.site) }}</p></footer>\n',
}


def test_a_themes_own_words(full):
    """Before its parent's, in each language, English too; what one language lacks, base says; a mistake costs
    its own entry alone and is told to who runs the server."""
    for path, text in FILES.items():
        path = os.path.join(full.options["themes_dir"], "harbour", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    full.sql("INSERT INTO site (name, value) VALUES ('theme', 'harbour') ON DUPLICATE KEY UPDATE value = 'harbour', generation = generation + 1")
    admin = full.sign_in()
    says = {"en": ("<h1>Name spaces</h1>", "Moored here: 12,345 boats, Add Mailboy"),
            "fr": ("<h1>Noms de domaine</h1>", "12\u202f345 bateaux au port, Add Mailboy"),
            "de": ("<h1>Domains</h1>", "Moored here: 12.345 boats, Add Mailboy"),
            "en-XA": ("<h1>[Ñåɱé šþåçéš", "[Ṁööŕéđ ĥéŕé: 12,345 ")}
    try:
        for tag in (*says, "fr", "en", "de", "fr"):
            page = admin.get("/domains", HTTP_ACCEPT_LANGUAGE=tag)
            assert language_of(page)[0] == tag
            for words in says[tag]:
                assert words in page.text, (tag, words, page.text[-1500:])

        def is_told():   # by a worker that has taken the theme in for French
            admin.get("/domains", HTTP_ACCEPT_LANGUAGE="fr")
            return "po/fr.po:12:1" in admin.get("/status", HTTP_ACCEPT_LANGUAGE="en").text
        wait_for(is_told, "the mistake is not told")
    finally:
        full.sql("UPDATE site SET value = 'base', generation = generation + 1 WHERE name = 'theme'")
