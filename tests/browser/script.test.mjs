// SPDX-License-Identifier: GPL-3.0-or-later
// What base's script does, tried in Chromium on pages drawn by tests/themes/preview.lua, under the
// policy that the program sends.   node --test script.test.mjs    (after npm ci)
import test from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = mkdtempSync(path.join(tmpdir(), "mailboy-pages-"));
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types mailboy";
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
let server, browser, site;

test.before(async () => {
  execFileSync("lua5.4", [path.join(root, "tests/themes/preview.lua"), path.join(root, "themes/base"), out], { timeout: 30000 });
  server = createServer(async (request, response) => {
    const wanted = path.join(out, path.normalize(new URL(request.url, "http://x").pathname));
    try {
      const bytes = await readFile(wanted);
      response.writeHead(200, { "content-type": types[path.extname(wanted)], "content-security-policy": policy });
      response.end(bytes);
    } catch {
      response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy });
      response.end(`<!doctype html><title>${encodeURIComponent(request.url)}</title>`);
    }
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  site = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
});
test.after(async () => {
  await browser.close();
  server.close();
  rmSync(out, { recursive: true });
});

async function open(page, { script = true, width = 1280 } = {}) {
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  tab.said = [];
  tab.on("console", message => { if (["error", "warn"].includes(message.type())) tab.said.push(message.text()) });
  tab.on("pageerror", error => tab.said.push(String(error)));
  await tab.setViewport({ width, height: 800 });
  await tab.setJavaScriptEnabled(script);
  await tab.goto(`${site}${page}.html`, { waitUntil: "load" });
  return tab;
}
async function done(tab) {
  assert.deepEqual(tab.said, []);
  await tab.browserContext().close();
}
const value = (tab, selector) => tab.$eval(selector, e => e.value);

test("a password is shown, hidden, made and judged", async () => {
  const tab = await open("mailboxes.password.usual");
  await tab.type("#f-password", "abc");
  assert.equal(await tab.$eval("[data-mb-strength] [role=status]", e => e.textContent), "Too short");
  await tab.click("[data-mb-show]");
  assert.equal(await tab.$eval("#f-password", e => e.type), "text");
  assert.equal(await tab.$eval("[data-mb-show]", e => e.getAttribute("aria-pressed")), "true");
  await tab.click("[data-mb-show]");
  assert.equal(await tab.$eval("#f-password", e => e.type), "password");
  await tab.click("[data-mb-generate]");
  const made = await value(tab, "#f-password");
  assert.match(made, /^[\w.=+-]{20}$/);
  assert.equal(await tab.$eval("[data-mb-strength] [role=status]", e => e.textContent), "Strong");
  await tab.click("[data-mb-generate]");
  assert.notEqual(await value(tab, "#f-password"), made);
  await done(tab);
});

test("signing in only shows and hides", async () => {
  const tab = await open("login.usual");
  assert.equal((await tab.$$("[data-mb-generate], [data-mb-copy]")).length, 0);
  assert.equal(await tab.$eval("[data-mb-show]", e => e.hidden), false);
  await done(tab);
});

test("a made password is copied", async () => {
  const tab = await open("mailboxes.secret.usual");
  await tab.browserContext().overridePermissions(site, ["clipboard-read", "clipboard-sanitized-write"]);
  await tab.click("[data-mb-copy]");
  await tab.waitForFunction(() => document.querySelector("[data-mb-copy] span").textContent === "Copied");
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), await value(tab, "#f-made"));
  await done(tab);
});

test("the typed name arms the deletion", async () => {
  const tab = await open("domains.delete.usual");
  const disabled = () => tab.$eval(".btn.danger", e => e.disabled);
  assert.equal(await disabled(), true);
  await tab.type("#f-confirm", "example.or");
  assert.equal(await disabled(), true);
  await tab.type("#f-confirm", "g");
  assert.equal(await disabled(), false);
  await done(tab);
});

test("the whole address stands under its first part", async () => {
  const tab = await open("mailboxes.form.usual");
  await tab.$eval("#f-mailbox", e => { e.value = "" });
  await tab.type("#f-mailbox", "Grace");
  assert.equal(await tab.$eval("[data-mb-previewed] b", e => e.textContent), "grace@example.org");
  await done(tab);
});

test("what was typed is not lost unasked, and a sent form leaves quietly", async () => {
  const tab = await open("mailboxes.form.usual");
  let asked = 0;
  tab.on("dialog", dialog => { asked++; dialog.accept() });
  await tab.type("#f-name", "x");
  await tab.goto(`${site}elsewhere`);
  assert.equal(asked, 1);
  await tab.goto(`${site}mailboxes.form.usual.html`);
  await tab.type("#f-name", "x");
  await Promise.all([tab.waitForNavigation(), tab.click(".form .btn.primary")]);
  assert.equal(asked, 1);
  await done(tab);
});

test("rows are selected one by one, from one to the next, and all", async () => {
  const tab = await open("mailboxes.list.usual");
  const picks = await tab.$$("input[form=bulk]");
  const said = () => tab.$eval("[data-mb-bulk] [role=status]", p => p.textContent);
  const hidden = () => tab.$eval("[data-mb-bulk] [role=group]", box => box.hidden);
  assert.equal(await said(), `0 of ${picks.length} selected`);
  assert.equal(await hidden(), true);
  await picks[1].click();
  await tab.keyboard.down("Shift");
  await picks[4].click();
  await tab.keyboard.up("Shift");
  assert.equal(await said(), `4 of ${picks.length} selected`);
  assert.equal(await hidden(), false);
  await tab.keyboard.press("x");   // in a box: not a key of its own
  assert.equal(await said(), `4 of ${picks.length} selected`);
  await tab.$eval("h1", h1 => { h1.tabIndex = -1; h1.focus() });
  await tab.keyboard.press("j");
  await tab.keyboard.press("x");
  assert.equal(await said(), `5 of ${picks.length} selected`);
  await tab.click("[data-mb-all]");
  assert.equal(await said(), `${picks.length} of ${picks.length} selected`);
  await tab.click("[data-mb-all]");
  assert.equal(await said(), `0 of ${picks.length} selected`);
  await picks[0].click();
  await Promise.all([tab.waitForNavigation(), tab.click("[data-mb-bulk] button[value=disable]")]);
  assert.match(decodeURIComponent(await tab.title()), /^\/bulk\/preview\?kind=mailboxes&.*action=disable&id=1$|^\/bulk\/preview\?.*id=1&.*action=disable/);
  await done(tab);
});

test("keys move, find and help, but not in fields, and can be turned off", async () => {
  const tab = await open("mailboxes.list.usual");
  const focused = () => tab.evaluate(() => document.activeElement.textContent || document.activeElement.id);
  await tab.keyboard.press("j");
  assert.equal(await focused(), "ada@example.org");
  await tab.keyboard.press("j");
  assert.equal(await focused(), "alan.turing@example.org");
  await tab.keyboard.press("k");
  assert.equal(await focused(), "ada@example.org");
  await tab.keyboard.press("/");
  assert.equal(await focused(), "f-q");
  await tab.keyboard.type("njk?/");
  assert.equal(await value(tab, "#f-q"), "njk?/");
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press("?");
  assert.equal(await tab.$eval("dialog", e => e.open), true);
  await tab.click("#keys-on");
  await tab.keyboard.press("Escape");
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press("j");
  assert.notEqual(await focused(), "ada@example.org");
  await tab.click("[data-mb-keys]");
  await tab.click("#keys-on");
  await tab.keyboard.press("Escape");
  await tab.evaluate(() => document.activeElement.blur());
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press("n")]);
  assert.match(tab.url(), /\/mailboxes\/new$/);
  await done(tab);
});

test("mistakes are read first, and lead to their fields", async () => {
  const tab = await open("mailboxes.form.errors");
  assert.equal(await tab.evaluate(() => document.activeElement.className), "summary");
  await tab.click(".summary a");
  assert.equal(await tab.evaluate(() => document.activeElement.id), "f-mailbox");
  await done(tab);
});

test("the chosen scheme goes before the system's", async () => {
  const tab = await open("overview.usual");
  const background = scheme => tab.evaluate(value => {
    document.documentElement.dataset.scheme = value;
    return getComputedStyle(document.body).backgroundColor;
  }, scheme);
  const light = await background("light"), dark = await background("dark");
  assert.notEqual(light, dark);
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assert.equal(await background("light"), light);
  assert.equal(await background("auto"), dark);
  await done(tab);
});

test("wider spacing of text loses nothing", async () => {
  for (const page of ["mailboxes.list.usual", "domains.list.usual", "mailboxes.form.errors", "mailboxes.show.usual"]) {
    const tab = await open(page, { width: 320 });
    await tab.evaluate(() => {
      for (const e of document.querySelectorAll("body *")) {
        e.style.lineHeight = "1.5";
        e.style.letterSpacing = ".12em";
        e.style.wordSpacing = ".16em";
      }
    });
    const clipped = await tab.$$eval(".panel, .card, .btn, .tag, .switch, .stage", all => all
      .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.className));
    assert.deepEqual(clipped, [], page);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320);
    await done(tab);
  }
});

test("without the script every page is whole", async () => {
  const tab = await open("mailboxes.password.usual", { script: false });
  assert.equal(await tab.$eval("[data-mb-show]", e => e.checkVisibility()), false);
  assert.equal(await tab.$eval('button[name="generate"]', e => e.checkVisibility()), true);
  await done(tab);
  const narrow = await open("mailboxes.list.usual", { script: false, width: 320 });
  assert.equal(await narrow.$eval(".nav", e => e.checkVisibility()), false);
  await narrow.click(".menu summary");
  assert.equal(await narrow.$eval(".nav", e => e.checkVisibility()), true);
  await done(narrow);
});

test("everything to press is large enough, and focus is never under the header", async () => {
  for (const [page, width] of [["mailboxes.list.usual", 320], ["mailboxes.show.usual", 1280], ["mailboxes.form.usual", 320]]) {
    const tab = await open(page, { width });
    const small = await tab.$$eval("button, select, input:not([type=hidden]), .btn, .nav a, summary", all => all
      .filter(e => e.checkVisibility() && !e.closest(".skip"))
      .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24).map(([html, box]) => `${html} ${box.width}x${box.height}`));
    assert.deepEqual(small, []);
    const low = await tab.$$eval(".btn.primary", all => all.filter(e => e.getBoundingClientRect().height < 40).length);
    assert.equal(low, 0);
    await tab.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const stops = await tab.$$eval("a, button, input:not([type=hidden]), select, textarea, summary", all => all.length);
    for (let i = 0; i < Math.min(stops, 45); i++) {
      await tab.keyboard.press("Tab");
      const covered = await tab.evaluate(() => {
        const e = document.activeElement, box = e.getBoundingClientRect(), top = document.querySelector(".top");
        if (e === document.body || top.contains(e) || e.matches(".skip")) return "";
        return box.bottom <= top.getBoundingClientRect().bottom || box.top >= innerHeight ? e.outerHTML.slice(0, 80) : "";
      });
      assert.equal(covered, "");
    }
    await done(tab);
  }
});
