# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, whole: accounts made in a real browser are served by the real mail daemons."""
import imaplib
import json
import os
import smtplib
import urllib.request
import uuid

import pytest
from daemon import free_port, wait_for
from mailboy import Site
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"


@pytest.fixture(scope="module")
def site():
    if os.geteuid() != 0:
        pytest.skip("Postfix needs root")
    with Site(mail=True) as whole:
        yield whole
        for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
            assert word not in whole.read_log(), whole.read_log()[-3000:]


class Person:
    """Somebody at a browser of his own."""

    def __init__(self, site, address, password, script=True):
        self.site = site
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--window-size=1280,900", "--disable-background-networking"):
            options.add_argument(argument)
        if not script:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(service=Service(DRIVER, port=free_port()), options=options)
        self.driver.set_page_load_timeout(90)
        self.go("login")
        self.fill(email=address, password=password)
        self.submit()

    def go(self, path):
        self.driver.get(self.site.url + path.lstrip("/"))

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.driver.find_element(By.CSS_SELECTOR, f'main [name="{name}"]:not([type=hidden])')
            field.clear()
            field.send_keys(value)

    def submit(self, button='form button[type="submit"].btn:not([name])'):
        """Presses the form's main button (or another) and waits for the next page."""
        before = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_element(By.CSS_SELECTOR, "main " + button).click()
        WebDriverWait(self.driver, 60).until(expected_conditions.staleness_of(before))
        WebDriverWait(self.driver, 60).until(
            lambda driver: driver.execute_script("return document.readyState") == "complete")

    def follow(self, words):
        before = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_element(By.PARTIAL_LINK_TEXT, words).click()
        WebDriverWait(self.driver, 60).until(expected_conditions.staleness_of(before))

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "main").text

    @property
    def status(self):
        return self.driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].responseStatus")

    def leave(self):
        self.driver.quit()


@pytest.fixture
def person(site):
    there = []

    def come(address, password, **options):
        there.append(Person(site, address, password, **options))
        return there[-1]

    yield come
    for somebody in there:
        somebody.leave()


def log_in(site, address, password):
    client = imaplib.IMAP4("127.0.0.1", site.dovecot.port, timeout=30)
    try:
        client.login(f'"{address}"', password)
    except imaplib.IMAP4.error:
        client.shutdown()
        return None
    return client


def can_log_in(site, address, password):
    client = log_in(site, address, password)
    if client:
        client.logout()
    return client is not None


def rcpt(site, address):
    with smtplib.SMTP("127.0.0.1", site.postfix.port, "client.test", timeout=30) as client:
        client.ehlo()
        client.mail("sender@elsewhere.test")
        return client.rcpt(address)[0]


def receives(site, address, password):
    """Sends a message by SMTP and reads it by IMAP."""
    mark = f"<{uuid.uuid4()}@elsewhere.test>"
    with smtplib.SMTP("127.0.0.1", site.postfix.port, "client.test", timeout=30) as smtp:
        smtp.sendmail("sender@elsewhere.test", [address],
                      f"From: <sender@elsewhere.test>\r\nMessage-ID: {mark}\r\nSubject: x\r\n\r\nHello.\r\n")
    client = log_in(site, address, password)
    assert client, "no log-in by IMAP"
    try:
        wait_for(lambda: client.select("INBOX") and client.search(None, "HEADER", "Message-ID", f'"{mark}"')[1][0],
                 f"{mark} did not arrive", step=0.05)
    finally:
        client.logout()
    return True


def add_domain(who, name):
    who.go("domains/new")
    who.fill(name=name)
    who.submit()


def add_mailbox(who, domain, user, password):
    who.go(f"domains/{domain}/mailboxes/new")
    who.fill(local_part=user, password=password)
    who.submit()


def test_a_password_set_by_a_link_opens_the_mailbox(site):
    """Made in the shell, set by whoever got the link, and the mail daemons know it."""
    domain = f"d{uuid.uuid4().hex[:8]}.test"
    site.run("domain", "add", domain)
    link = json.loads(site.run("mailbox", "add", f"lea@{domain}", "--invite", "--json").stdout)["link"]
    path = "invite/" + link.rpartition("/")[2]
    password = "wide lanterns over 9 boats"
    request = urllib.request.Request(site.url + path, json.dumps({"password": password}).encode(),
                                     {"Content-Type": "application/json", "Accept": "application/json"})
    assert not can_log_in(site, f"lea@{domain}", password) and not can_log_in(site, f"lea@{domain}", "")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)["email"] == f"lea@{domain}"
    assert receives(site, f"lea@{domain}", password)


@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_a_server_admin_makes_an_account_that_works(site, person, script):
    domain = f"d{uuid.uuid4().hex[:8]}.test"
    ada, password = f"ada@{domain}", "seven green bottles 7"
    admin = person(site.admin, site.password, script=script)
    assert "login" not in admin.driver.current_url, admin.text
    add_domain(admin, domain)
    assert domain in admin.text
    add_mailbox(admin, domain, "ada", password)
    assert ada in admin.text

    assert receives(site, ada, password)
    assert not can_log_in(site, ada, "wrong")
    assert rcpt(site, f"nobody@{domain}") == 550

    # a catch-all beside it; then the account is switched off in the browser
    with site.db.connect("mailadmin", db="mailboy") as rows, rows.cursor() as cursor:
        cursor.execute("INSERT INTO virtual_aliases (domain_id, source, destination)"
                       " SELECT id, '', %s FROM virtual_domains WHERE name = %s", (site.admin, domain))
    assert rcpt(site, f"nobody@{domain}") == 250
    admin.go(f"domains/{domain}/mailboxes/ada")
    admin.submit('button[name="active"]')
    assert not can_log_in(site, ada, password)
    assert rcpt(site, ada) == 550
    assert rcpt(site, f"ada+x@{domain}") == 550

    admin.go(f"domains/{domain}/mailboxes/ada")
    admin.submit('button[name="active"]')
    assert receives(site, ada, password)


def test_a_password_that_mailboy_makes_is_shown_once_and_works(site, person):
    domain = f"d{uuid.uuid4().hex[:8]}.test"
    admin = person(site.admin, site.password)
    add_domain(admin, domain)
    admin.go(f"domains/{domain}/mailboxes/new")
    admin.fill(local_part="grace")
    admin.submit('button[name="generate"]')
    made = admin.driver.find_element(By.ID, "f-made").get_attribute("value")
    assert len(made) >= 12
    assert receives(site, f"grace@{domain}", made)
    admin.driver.refresh()
    assert made not in admin.driver.page_source


def test_a_domain_admin_does_the_same_in_his_domain_only(site, person):
    mine, other = (f"{c}{uuid.uuid4().hex[:8]}.test" for c in "mo")
    for domain in (mine, other):
        site.run("domain", "add", domain)
    boss, password = f"boss@{mine}", "a slow boat to somewhere"
    site.run("mailbox", "add", boss, "--password-stdin", input=password + "\n")
    site.run("mailbox", "add", f"eve@{other}", "--no-password")
    site.run("admin", "add", boss, "--domain", mine)

    who = person(boss, password)
    add_mailbox(who, mine, "ada", "twelve purple clouds")
    assert f"ada@{mine}" in who.text
    assert receives(site, f"ada@{mine}", "twelve purple clouds")
    who.go(f"domains/{mine}/mailboxes/ada")
    who.submit('button[name="active"]')
    assert not can_log_in(site, f"ada@{mine}", "twelve purple clouds")
    assert rcpt(site, f"ada@{mine}") == 550
    for path in (f"domains/{other}", f"domains/{other}/mailboxes", f"domains/{other}/mailboxes/eve",
                 f"domains/{other}/mailboxes/new", f"domains/{uuid.uuid4().hex}.test"):
        who.go(path)
        assert who.status == 404, path
        assert f"eve@{other}" not in who.driver.page_source
    who.go(f"domains/{mine}/mailboxes")
    assert who.status == 200


def test_a_user_changes_his_password_and_imap_follows_at_once(site, person):
    domain = f"u{uuid.uuid4().hex[:8]}.test"
    ada, old, new = f"ada@{domain}", "the first long password", "the second, longer password"
    site.run("domain", "add", domain)
    site.run("mailbox", "add", ada, "--password-stdin", input=old + "\n")
    assert can_log_in(site, ada, old)
    who = person(ada, old)
    who.go("me/password")
    names = [field.get_attribute("name") for field in
             who.driver.find_elements(By.CSS_SELECTOR, 'main input[type="password"]')]
    who.fill(**{name: old if name == "current" else new for name in names})
    who.submit()
    assert can_log_in(site, ada, new)
    assert not can_log_in(site, ada, old)
    for path in ("domains", "mailboxes", "audit", "status", f"domains/{domain}"):
        who.go(path)
        assert who.status in (403, 404), path


def test_a_wrong_password_keeps_one_outside(site, person):
    who = person(site.admin, "wrong")
    assert "The address or the password is not right." in who.text
    who.go("domains")
    assert "login" in who.driver.current_url or who.status in (401, 403)
