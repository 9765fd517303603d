// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at pages with axe-core in Debian's Chromium and prints what it finds as JSON.
//   node axe.mjs [--root DIR] [--shots DIR] [--widths 1280,320] [--schemes light,dark] [--script off]
//                [--forced on] [--cookie NAME=VALUE] [--lang TAG] [--axe off] URL-OR-FILE...
// Files are served from --root (their own folder by default) on loopback. One line of JSON for each
// page, width and scheme: what axe-core finds, sideways scrolling, duplicate ids, words of the
// console. The exit status is 1 where anything was found.
import { createServer } from "node:http";
import { readFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import puppeteer from "puppeteer-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const options = { root: "", shots: "", widths: "1280,320", schemes: "light,dark", script: "on", forced: "off", cookie: "",
                  lang: "", axe: "on" };
const pages = [];
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, "");
  if (process.argv[i].startsWith("--")) {
    if (!(name in options)) throw new Error(`unknown option --${name}`);
    options[name] = process.argv[++i];
  } else pages.push(process.argv[i]);
}

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
                ".svg": "image/svg+xml", ".png": "image/png" };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types mailboy";
const files = pages.filter(page => !/^https?:/.test(page));
const root = path.resolve(options.root || path.dirname(files[0] ?? "."));
const server = createServer(async (request, response) => {
  if (request.url === "/stylesheet") {   // the invented address of a theme's settings
    response.writeHead(200, { "content-type": "text/css" });
    return response.end();
  }
  const wanted = path.join(root, path.normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
  try {
    const bytes = await readFile(wanted);
    response.writeHead(200, { "content-type": types[path.extname(wanted)] ?? "application/octet-stream",
                              "content-security-policy": policy });
    response.end(bytes);
  } catch { response.writeHead(404).end() }
});
await new Promise(done => server.listen(0, "127.0.0.1", done));
const site = `http://127.0.0.1:${server.address().port}/`;
const address = page => /^https?:/.test(page) ? page : site + path.relative(root, path.resolve(page));

const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"] });
if (options.shots) await mkdir(options.shots, { recursive: true });
let bad = 0;
for (const width of options.widths.split(",").map(Number)) {
  for (const scheme of options.schemes.split(",")) {
    const tab = await browser.newPage();
    const said = [];
    tab.on("console", message => { if (message.type() === "error") said.push(message.text()) });
    tab.on("pageerror", error => said.push(String(error)));
    await tab.setViewport({ width, height: width < 600 ? 700 : 800 });
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme },
                                    { name: "prefers-reduced-motion", value: "reduce" }]);
    await tab.setJavaScriptEnabled(options.script !== "off");
    await tab.setBypassCSP(false);
    if (options.lang) await tab.setExtraHTTPHeaders({ "Accept-Language": options.lang });
    if (options.forced === "on") {
      const client = await tab.createCDPSession();
      await client.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" },
                                                                   { name: "prefers-color-scheme", value: scheme }] });
    }
    for (const page of pages) {
      said.length = 0;
      if (options.cookie) {
        const [name, ...value] = options.cookie.split("=");
        await browser.setCookie({ name, value: value.join("="), domain: new URL(address(page)).hostname });
      }
      await tab.goto(address(page), { waitUntil: "load" });
      const seen = await tab.evaluate(() => ({
        title: document.title,
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        twice: [...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, ids) => ids.indexOf(id) !== i),
        h1: document.querySelectorAll("h1").length,
        lang: document.documentElement.lang,
      }));
      if (options.shots) {
        const name = path.basename(page).replace(/\.html$/, "").replace(/[^\w.-]/g, "_");
        await tab.screenshot({ path: path.join(options.shots, `${name}.${width}.${scheme}.png`), fullPage: true });
      }
      if (options.axe === "off") {
        const wrong = seen.sideways > 0 || seen.twice.length > 0 || seen.h1 !== 1 || said.length > 0;
        if (wrong) bad++;
        console.log(JSON.stringify({ page, width, scheme, ok: !wrong, ...seen, console: [...said], violations: [] }));
        continue;
      }
      // axe-core runs in an isolated world: the page's policy holds for the page, not for the check.
      const world = tab.mainFrame().isolatedRealm();
      await world.evaluate(await readFile(axe, "utf8"));
      const found = await world.evaluate(() => globalThis.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
        rules: { "color-contrast": { enabled: !matchMedia("(forced-colors: active)").matches } } }));
      const violations = found.violations.map(v => ({ id: v.id, impact: v.impact, help: v.help,
        nodes: v.nodes.slice(0, 5).map(n => ({ target: n.target.join(" "), why: n.failureSummary })) }));
      const wrong = violations.length > 0 || seen.sideways > 0 || seen.twice.length > 0 || seen.h1 !== 1 || said.length > 0;
      if (wrong) bad++;
      console.log(JSON.stringify({ page, width, scheme, ok: !wrong, ...seen, console: [...said], violations }));
    }
    await tab.close();
  }
}
await browser.close();
server.close();
process.exit(bad ? 1 : 0);
