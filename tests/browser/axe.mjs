// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at pages with axe-core in Debian's Chromium and prints what it finds as JSON.
//   node axe.mjs [--root DIR] [--shots DIR] [--looks 1280:light,1280:dark,320:light,320:dark] [--cookie NAME=VALUE]
//                [--lang TAG] [--axe off] URL-OR-FILE...
// A look is WIDTH:SCHEME, or WIDTH:SCHEME:forced for forced colours. Files are served from --root (their own folder
// by default) on loopback. A page is loaded once, in the first of its looks, and its window changed for the others. One
// line of JSON for each page and look: what axe-core finds, sideways scrolling, what is wider than the box that hides the
// rest of it, duplicate ids, words of the console. The exit status is 1 where anything was found.
import { createServer } from "node:http";
import { readFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { launch } from "./chromium.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const options = { root: "", shots: "", looks: "1280:light,1280:dark,320:light,320:dark", cookie: "", lang: "", axe: "on" };
const pages = [];
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, "");
  if (process.argv[i].startsWith("--")) {
    if (!(name in options)) throw new Error(`unknown option --${name}`);
    options[name] = process.argv[++i];
  } else pages.push(process.argv[i]);
}
const looks = options.looks.split(",").map(word => {
  const [width, scheme, forced] = word.split(":");
  return { width: Number(width), scheme, forced: forced === "forced", name: word.replaceAll(":", ".") };
});

// What axe-core is asked.
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Rules whose answer can change while the same elements are displayed in the same places: they read colours, or what
// lies over what and what can be scrolled. All others read the document, and of the styles only whether and where
// something is displayed; shape() tells whether that is as it was when they last ran.
const looksRules = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

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
                              "content-security-policy": policy,
                              "cache-control": wanted.endsWith(".html") ? "no-store" : "max-age=3600" });
    response.end(bytes);
  } catch { response.writeHead(404).end() }
});
await new Promise(done => server.listen(0, "127.0.0.1", done));
const site = `http://127.0.0.1:${server.address().port}/`;
const address = page => /^https?:/.test(page) ? page : site + path.relative(root, path.resolve(page));

const browser = await launch("--hide-scrollbars");
if (options.shots) await mkdir(options.shots, { recursive: true });
const tab = await browser.newPage();
const client = await tab.createCDPSession();
const said = [];
tab.on("console", message => { if (message.type() === "error") said.push(message.text()) });
tab.on("pageerror", error => said.push(String(error)));
if (options.lang) await tab.setExtraHTTPHeaders({ "Accept-Language": options.lang });
// axe-core runs in an isolated world: the page's policy holds for the page, not for the check.
let world;
client.on("Runtime.executionContextCreated", ({ context }) => { if (context.name === "axe") world = context.id });
await client.send("Page.enable");
await client.send("Runtime.enable");
await client.send("Page.addScriptToEvaluateOnNewDocument", { worldName: "axe", source: options.axe === "off" ? "" : axe });

async function inWorld(what, ...words) {
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", { contextId: world, awaitPromise: true,
    returnByValue: true, expression: `(${what})(...${JSON.stringify(words)})` });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

async function wear({ width, scheme, forced }) {
  await tab.setViewport({ width, height: width < 600 ? 700 : 800 });
  await client.send("Emulation.setEmulatedMedia", { features: [
    { name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" },
    { name: "forced-colors", value: forced ? "active" : "none" }] });
}

// What is seen without axe-core, once what still moves is at its end and the page stands where one loaded so would.
function facts() {
  scrollTo(0, 0);
  if (document.activeElement !== document.body) document.activeElement.scrollIntoViewIfNeeded();
  for (const one of document.getAnimations()) {
    try { one.finish() } catch { one.cancel() }
  }
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  return {
    title: document.title,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    clipped: [...document.querySelectorAll("body *")].filter(e => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1
      && getComputedStyle(e).overflowX === "hidden" && getComputedStyle(e).textOverflow !== "ellipsis")
      .map(e => `${e.localName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth}`),
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    h1: document.querySelectorAll("h1").length,
    lang: document.documentElement.lang,
  };
}

// Which elements are displayed, and where.
function shape() {
  return [...document.querySelectorAll("*")].map(e => {
    const { x, y, width, height } = e.getBoundingClientRect();
    const shown = e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
    return [e.localName, shown, x, y, width, height].join();
  }).join("\n");
}

function ask(tags, only) {
  const colours = !matchMedia("(forced-colors: active)").matches;
  return globalThis.axe.run(document, {
    runOnly: only?.filter(one => colours || one !== "color-contrast") ?? tags, resultTypes: ["violations"],
    preload: { assets: ["media"] }, rules: { "color-contrast": { enabled: colours } },
  }).then(found => found.violations.map(v => ({ id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.slice(0, 5).map(n => ({ target: n.target.join(" "), why: n.failureSummary })) })));
}

let bad = 0;
for (const page of pages) {
  if (options.cookie) {
    const [name, ...value] = options.cookie.split("=");
    await browser.setCookie({ name, value: value.join("="), domain: new URL(address(page)).hostname });
  }
  await wear(looks[0]);
  said.length = 0;
  await tab.goto(address(page), { waitUntil: "load" });
  const whole = new Map();   // what all rules found, by the shape they saw
  for (const look of looks) {
    if (look !== looks[0]) await wear(look);
    const seen = await inWorld(facts);
    if (options.shots) {
      const name = path.basename(page).replace(/\.html$/, "").replace(/[^\w.-]/g, "_");
      await tab.screenshot({ path: path.join(options.shots, `${name}.${look.name}.png`), fullPage: true });
    }
    let violations = [], rules = "none";
    if (options.axe !== "off") {
      const at = await inWorld(shape);
      rules = whole.has(at) ? "looks" : "all";
      violations = await inWorld(ask, tags, rules === "looks" ? looksRules : null);
      if (rules === "all") whole.set(at, violations.filter(one => !looksRules.includes(one.id)));
      else violations.push(...whole.get(at));
    }
    const console_ = said.splice(0);
    const wrong = violations.length > 0 || seen.sideways > 0 || seen.clipped.length > 0 || seen.twice.length > 0 || seen.h1 !== 1 || console_.length > 0;
    if (wrong) bad++;
    console.log(JSON.stringify({ page, look: look.name, ok: !wrong, ...seen, console: console_, rules, violations }));
  }
}
await browser.close();
server.close();
process.exit(bad ? 1 : 0);
