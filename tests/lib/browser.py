# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium before a site, as a person uses it: with script or without. What the console says is kept: a
page that breaks its own policy, or a script that fails, fails the test (console())."""
import time

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from daemon import free_port

# What takes time and nobody looks at: the browser's own pages (what drops from its address bar is one), and a process
# for a page that may come.
UNUSED = "--disable-features=SpareRendererForSitePerProcess,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
MAIN_BUTTON = 'form button[type="submit"].btn:not([name])'


class Browser:
    def __init__(self, site, script=True, width=1280, height=900, arguments=()):
        self.site, self.script = site, script
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         f"--window-size={width},{height}", "--disable-background-networking", UNUSED, *arguments):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        prefs = {"credentials_enable_service": False, "profile.password_manager_leak_detection": False}
        if not script:
            prefs["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", prefs)
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", port=free_port()), options=options)
        self.driver.set_page_load_timeout(90)

    def quit(self):
        self.driver.quit()

    # --- going about ---

    def go(self, path=""):
        self.driver.get(self.site.url + path.lstrip("/"))

    def _next_page(self, act):
        before = self.driver.find_element(By.TAG_NAME, "html")
        act()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                before.is_enabled()
            except (StaleElementReferenceException, WebDriverException):
                break
            time.sleep(0.02)
        else:
            raise AssertionError("no next page came after " + self.driver.current_url)
        while self.driver.execute_script("return document.readyState") != "complete":
            time.sleep(0.02)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css):
        try:
            return self.find(css)
        except NoSuchElementException:
            return None

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.find(f'main [name="{name}"]:not([type=hidden])')
            field.clear()
            field.send_keys(value)

    def press(self, css=MAIN_BUTTON):
        """A button of the page's own part, and the page that comes of it."""
        self._next_page(self.find("main " + css).click)

    def press_in_row(self, css, *keys):
        """A button that changes its row, or keys pressed on it: with script the row alone is drawn anew, else the page."""
        button = self.find("main " + css)
        row = button.find_element(By.XPATH, "ancestor::tr")
        if keys:
            self.keys(*keys)
        else:
            button.click()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                row.is_enabled()
            except (StaleElementReferenceException, WebDriverException):
                break
            time.sleep(0.02)
        else:
            raise AssertionError("the row stayed as it was")
        while self.driver.execute_script("return document.readyState") != "complete":
            time.sleep(0.02)

    def follow(self, words):
        self._next_page(self.driver.find_element(By.PARTIAL_LINK_TEXT, words).click)

    def back(self):
        self.driver.back()

    def reload(self):
        self.driver.refresh()

    def sign_in(self, email, password):
        self.driver.delete_all_cookies()
        self.go("login")
        self.fill(email=email, password=password)
        self.press()

    # --- keys ---

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def keys_to_next_page(self, *keys):
        self._next_page(lambda: self.keys(*keys))

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    # --- what is seen ---

    @property
    def text(self):
        return self.find("main").text

    @property
    def title(self):
        return self.driver.title

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.site.url.rstrip("/"))

    @property
    def status(self):
        return self.driver.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")

    @property
    def flash(self):
        return self.find("main .said").text

    def console(self):
        """What went wrong since the last call; that a page answers 403, 409 or 422 is no fault of the page."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")
                and not any(f"status of {code} " in entry["message"] for code in (403, 404, 409, 410, 422, 429))]
