# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with the site, in Chromium, each once with script and once without: every task is done either
way. Whatever the console says against a page fails its journey."""
import os

import pytest
from browser import MAIN_BUTTON, Browser
from mailboy import Site
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PASSWORD = "seven green bottles 7"


@pytest.fixture(scope="module")
def site():
    with Site(release=True, options="session_idle = 1h") as whole:
        yield whole


@pytest.fixture(scope="module", params=[True, False], ids=["script on", "script off"])
def chromium(site, request):
    browser = Browser(site, script=request.param)
    yield browser
    browser.quit()


@pytest.fixture
def who(chromium):
    chromium.console()
    yield chromium
    chromium.driver.delete_all_cookies()
    assert chromium.console() == []


@pytest.fixture
def admin(who, site):
    who.sign_in(site.admin, site.password)
    assert who.path == "/", who.text
    return who


@pytest.fixture
def domain(site, request):
    """A domain of the test's own, with ada."""
    domain.n = getattr(domain, "n", 0) + 1
    name = f"d{domain.n}-{os.getpid()}.example"
    site.run("domain", "add", name)
    site.run("mailbox", "add", f"ada@{name}", "--password-stdin", input=PASSWORD + "\n")
    return name


def audit(site, domain):
    return site.run("audit", "list", "--domain", domain, "--all").stdout


def test_script_is_as_it_should_be(admin, domain):
    admin.go(f"domains/{domain}/mailboxes/ada/password")
    assert admin.find("[data-mb-show]").is_displayed() == admin.script


def test_a_domain_with_a_slip_first(admin, domain):
    admin.follow("Domains")
    admin.follow("Add domain")
    admin.fill(name="not a domain", description="Fish & <chips>")
    admin.press()
    assert admin.status == 422
    assert admin.title.startswith("Error: ")
    field = admin.find("#f-name")
    assert field.get_attribute("value") == "not a domain"
    assert admin.find("#f-description").get_attribute("value") == "Fish & <chips>"
    told = admin.find("#e-name").text
    assert told and "e-name" in field.get_attribute("aria-describedby").split()
    assert field.get_attribute("aria-invalid") == "true"
    summary = admin.find(".summary")
    if admin.script:
        assert admin.focused == summary
    link = summary.find_element(By.PARTIAL_LINK_TEXT, told)
    link.click()
    assert admin.focused == field
    admin.fill(name=f"new-{domain}")
    admin.press()
    assert admin.path == f"/domains/new-{domain}" and not admin.title.startswith("Error")
    assert f"new-{domain} was added" in admin.flash
    assert "Fish & <chips>" in admin.text
    admin.reload()
    assert admin.flash == ""
    admin.go("domains/new")
    admin.fill(name=domain)
    admin.press()
    assert admin.status == 409 and admin.find("#e-name").text   # it is there already


def test_a_password_made_here_is_shown_once(admin, site, domain):
    admin.go(f"domains/{domain}/mailboxes")
    admin.follow("Add mailbox")
    admin.fill(local_part="grace", name="Grace Hopper")
    admin.press('button[name="generate"]')
    made = admin.find("#f-made").get_attribute("value")
    assert len(made) >= 12
    admin.follow("I have copied it")
    assert admin.path == f"/domains/{domain}/mailboxes/grace"
    admin.back()
    assert made not in admin.driver.page_source
    assert "grace@" not in admin.title or "made" not in admin.driver.page_source
    admin.go(f"domains/{domain}/mailboxes/grace/password")
    admin.press('button[name="generate"]')
    second = admin.find("#f-made").get_attribute("value")
    assert second != made
    admin.reload()   # the form is sent once more, which neither repeats the change nor shows it
    assert second not in admin.driver.page_source and made not in admin.driver.page_source
    assert audit(site, domain).count("password.set") == 1
    assert made not in site.read_log() and second not in site.read_log()
    admin.sign_in(f"grace@{domain}", second)
    assert admin.path == "/me"


def test_a_mailbox_from_first_to_last(admin, site, domain):
    admin.go(f"domains/{domain}/mailboxes/new")
    admin.fill(local_part="two words", name="Katherine", password=PASSWORD)
    admin.press()
    assert admin.status == 422 and admin.find("#f-name").get_attribute("value") == "Katherine"
    assert admin.find("#f-password").get_attribute("value") == ""
    assert PASSWORD not in admin.driver.page_source
    admin.fill(local_part="kat", password=PASSWORD)
    admin.press()
    assert f"kat@{domain} was added" in admin.flash

    admin.follow("Edit")
    admin.fill(quota="lots")
    admin.press()
    assert admin.status == 422 and admin.find("#f-quota").get_attribute("value") == "lots"
    admin.fill(quota="2 GB", name="Katherine Johnson")
    admin.press()
    assert "was saved" in admin.flash and "2 GB" in admin.text and "Katherine Johnson" in admin.text

    admin.go(f"domains/{domain}/mailboxes?state=on&q=k")
    at = admin.path
    switch = '[id^="mb-"] button.switch'
    assert admin.find("main " + switch).get_attribute("aria-pressed") == "true"
    admin.press_in_row(switch)
    assert admin.path.partition("#")[0] == at and "is disabled" in admin.flash
    assert not admin.has("main " + switch)    # the filter shows those that are on
    admin.go(f"domains/{domain}/mailboxes?q=k")
    at = admin.path
    assert admin.find("main " + switch).text.startswith("Off")
    admin.press_in_row(switch)
    assert admin.path.partition("#")[0] == at and "is enabled" in admin.flash
    assert admin.find("main " + switch).text.startswith("On")

    admin.go(f"domains/{domain}/mailboxes/kat/password")
    admin.fill(password="short")
    admin.press()
    assert admin.status == 422 and admin.find("#e-password").text
    admin.fill(password="another green bottle 8")
    admin.press()
    assert "password" in admin.flash
    admin.follow("Delete")
    assert "mail on disk" in admin.text.lower() or "disk" in admin.text
    admin.press()
    assert admin.path == f"/domains/{domain}/mailboxes" and "was deleted" in admin.flash
    assert f"kat@{domain}" not in admin.find("table.list").text
    admin.back()
    admin.reload()
    log = audit(site, domain)
    for action in ("mailbox.add", "mailbox.edit", "password.set", "mailbox.delete"):
        assert action in log, log
    assert log.count("mailbox.delete") == 1
    admin.go(f"domains/{domain}/activity")
    assert f"kat@{domain}" in admin.text
    admin.go("audit")
    assert f"kat@{domain}" in admin.text
    admin.press("table.list tbody a")
    assert admin.has("h1") and admin.path.startswith("/audit/")


def test_who_administers_a_domain(admin, site, domain):
    site.run("domain", "add", f"other-{domain}")
    site.run("mailbox", "add", f"eve@other-{domain}", "--no-password")
    admin.go(f"domains/{domain}/admins")
    admin.fill(address="nobody@nowhere.example")
    admin.press()
    assert admin.status == 422
    assert admin.find("#f-address").get_attribute("value") == "nobody@nowhere.example"
    admin.fill(address=f"ada@{domain}")
    admin.press()
    assert "administers this domain now" in admin.flash and f"ada@{domain}" in admin.find("table.list").text

    admin.sign_in(f"ada@{domain}", PASSWORD)
    assert admin.path == "/"
    admin.go("domains")
    assert domain in admin.text and f"other-{domain}" not in admin.text
    admin.go("mailboxes")
    assert f"ada@{domain}" in admin.text and "eve@" not in admin.text
    for path in (f"domains/other-{domain}", f"domains/other-{domain}/mailboxes/eve", "domains/nothing.example"):
        admin.go(path)
        assert admin.status == 404 and "eve@" not in admin.driver.page_source
    for path in ("status", "domains/new"):
        admin.go(path)
        assert admin.status == 403
    admin.go(f"domains/{domain}/mailboxes/new")
    admin.fill(local_part="mary", password=PASSWORD)
    admin.press()
    assert f"mary@{domain}" in admin.flash

    admin.sign_in(site.admin, site.password)
    admin.go(f"domains/{domain}/admins")
    admin.press("td.end button")
    assert "does not administer" in admin.flash


def test_a_user_and_his_password(who, domain):
    ada = f"ada@{domain}"
    who.sign_in(ada, PASSWORD)
    assert who.path == "/me" and ada in who.text
    assert {link.text for link in who.all(".nav a")} == {"My account", "Spam filter", "Mail programs", "Password"}
    who.go("me/password")
    new = "the second, longer password"
    who.fill(current="wrong", password=new)
    who.press()
    assert who.status == 422 and who.find("#e-current").text
    assert who.find("#f-password").get_attribute("value") == ""
    who.fill(current=PASSWORD, password=new)
    who.press()
    assert "password was changed" in who.flash
    who.sign_in(ada, PASSWORD)
    assert who.status == 422 and who.path == "/login"
    assert who.find("#f-email").get_attribute("value") == ada
    assert who.title.startswith("Error: ")
    who.sign_in(ada, new)
    assert who.path == "/me"


def test_a_new_account_by_a_link(admin, site, domain):
    """The admin never knows the password; the owner sets it, and is told what to enter in a mail program."""
    admin.go(f"domains/{domain}/mailboxes")
    admin.follow("Add mailbox")
    admin.fill(local_part="grace", name="Grace Hopper")
    admin.press()
    link = admin.find("#f-made").get_attribute("value")
    assert link.startswith(site.url + "invite/"), link
    admin.reload()
    assert link not in admin.driver.page_source
    admin.follow("Sign out")
    admin.press()
    grace = admin   # another person, the same browser
    grace.driver.get(link)
    assert f"grace@{domain}" in grace.text
    grace.fill(password="short")
    grace.press()
    assert grace.status == 422 and grace.find("#e-password").text and grace.driver.current_url.rstrip("?") == link
    assert grace.find("[data-mb-show]").is_displayed() == grace.script
    grace.fill(password=PASSWORD)
    grace.press()
    assert grace.path == "/me/devices" and "you are signed in" in grace.flash
    assert grace.find("#f-user").get_attribute("value") == f"grace@{domain}"
    grace.follow("My account")
    assert f"Mail to grace@{domain} is kept here." in grace.text
    grace.follow("All of it")
    assert site.admin in grace.text and "Set the password by a one-time link" in grace.text
    grace.driver.get(link)
    assert grace.status == 410
    grace.sign_in(f"grace@{domain}", PASSWORD)
    assert grace.path == "/me"
    assert link.rpartition("/")[2] not in site.read_log()


def test_a_lost_password_by_keys_alone(admin, site, domain):
    admin.go(f"domains/{domain}/mailboxes/ada/password")
    admin.driver.find_element(By.PARTIAL_LINK_TEXT, "one-time link").send_keys("")
    admin.keys_to_next_page(Keys.ENTER)
    admin.find(MAIN_BUTTON).send_keys("")
    admin.keys_to_next_page(Keys.ENTER)
    link = admin.find("#f-made").get_attribute("value")
    admin.driver.delete_all_cookies()
    admin.driver.get(link)
    admin.find("#f-password").send_keys("another " + PASSWORD)
    admin.keys_to_next_page(Keys.ENTER)
    assert admin.path == "/me/devices"
    admin.sign_in(f"ada@{domain}", PASSWORD)
    assert admin.status == 422


def test_a_domain_goes_by_its_typed_name(admin, site, domain):
    admin.go(f"domains/{domain}")
    admin.follow("Delete")
    button = admin.find("main button.danger")
    admin.fill(name="wrong.example")
    if admin.script:
        assert not button.is_enabled()
    else:
        admin.press()
        assert admin.status == 422 and admin.find("#e-name").text
        assert admin.find("#f-name").get_attribute("value") == "wrong.example"
    admin.fill(name=domain.upper())
    admin.press()
    assert admin.path == "/domains" and "was deleted" in admin.flash
    assert domain not in admin.find("table.list").text
    admin.go(f"domains/{domain}")
    assert admin.status == 404
    admin.go("audit")
    assert domain in admin.text


def test_after_signing_out_nothing_is_left(admin, domain):
    admin.go(f"domains/{domain}/mailboxes")
    assert "ada@" in admin.text
    admin.follow("Sign out")
    admin.press()
    assert admin.path == "/login"
    admin.back()
    admin.back()
    assert "ada@" not in admin.driver.page_source
    assert admin.path.startswith("/login")


def test_two_windows(admin, domain):
    admin.go(f"domains/{domain}/mailboxes/ada/edit")
    first = admin.driver.current_window_handle
    admin.fill(name="Mine")
    admin.driver.switch_to.new_window("tab")
    admin.go(f"domains/{domain}/mailboxes/ada/edit")
    admin.fill(name="Theirs")
    admin.press()
    assert "was saved" in admin.flash
    admin.driver.close()
    admin.driver.switch_to.window(first)
    admin.press()
    assert admin.status == 409
    assert "Mine" in admin.text and "Theirs" in admin.text
    assert admin.find("#f-name").get_attribute("value") == "Mine"
    admin.press()
    assert "was saved" in admin.flash and "Mine" in admin.text


def test_an_ended_session_leads_back(admin, site, domain):
    admin.go(f"domains/{domain}/mailboxes")
    with site.db.connect(db="mailboy") as rows, rows.cursor() as cursor:
        cursor.execute("UPDATE session SET last_seen = last_seen - INTERVAL 2 HOUR")
    admin.go(f"domains/{domain}/mailboxes?q=a")
    assert admin.path.startswith("/login")
    admin.fill(email=site.admin, password=site.password)
    admin.press()
    assert admin.path == f"/domains/{domain}/mailboxes?q=a"
    for elsewhere in ("//elsewhere.example/", "/domains?x=%0d%0aX-Header:%20forged", "https://elsewhere.example/"):
        admin.go("login?next=" + elsewhere)
        admin.fill(email=site.admin, password=site.password)
        admin.press()
        assert admin.path == "/" and admin.status == 200


def tab_to(who, wanted, most=60):
    """Tab until that is focused; on the way the focus is visible and on the screen."""
    target = who.find(wanted)
    for _ in range(most):
        who.keys(Keys.TAB)
        at = who.focused
        seen = who.driver.execute_script("""
            const e = arguments[0], s = getComputedStyle(e), r = e.getBoundingClientRect();
            const over = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
            return { tag: e.tagName, ring: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0
                            || s.boxShadow !== "none",
                     there: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight,
                     free: !over || e.contains(over) || over.contains(e) }""", at)
        assert seen["tag"] == "BODY" or (seen["ring"] and seen["there"] and seen["free"]), (seen, at.text)
        if at == target:
            return at
    raise AssertionError(f"Tab never reaches {wanted}")


def test_by_keys_alone(who, site, domain):
    who.driver.delete_all_cookies()
    who.go("login")
    assert who.focused == who.find("#f-email")
    who.keys(site.admin, Keys.TAB, site.password)
    who.keys_to_next_page(Keys.ENTER)
    assert who.path == "/"
    who.keys(Keys.TAB)
    assert who.focused.text == "Skip to the content"
    who.keys(Keys.ENTER)
    who.go(f"domains/{domain}/mailboxes")
    tab_to(who, '.head a[data-mb-key="n"]')
    who.keys_to_next_page(Keys.ENTER)
    tab_to(who, "#f-local_part")
    who.keys("keys")
    tab_to(who, "#f-password")
    who.keys(PASSWORD)
    tab_to(who, "#f-active")
    who.keys(Keys.SPACE)
    assert not who.find("#f-active").is_selected()
    tab_to(who, "main button.primary")
    who.keys_to_next_page(Keys.SPACE)
    assert f"keys@{domain} was added" in who.flash
    who.go(f"domains/{domain}/mailboxes?q=keys")
    tab_to(who, "button.switch")
    who.press_in_row("button.switch", Keys.SPACE)
    assert "is enabled" in who.flash
    assert not who.script or who.focused.get_attribute("class") == "switch"
    if who.script:
        who.go(f"domains/{domain}/mailboxes")
        who.keys("n")
        who.driver.implicitly_wait(20)
        assert who.has("#f-local_part")
        who.driver.implicitly_wait(0)
