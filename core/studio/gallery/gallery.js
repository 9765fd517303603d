// SPDX-License-Identifier: GPL-3.0-or-later
// The gallery of `mailboy theme dev`. What is chosen stands behind the # of the address; the program tells by an
// event stream when a file was saved. Nothing here writes markup: text is set as text.
"use strict";

const $ = (id) => document.getElementById(id);
const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

let state = { pages: [], locales: [], findings: [] };
let choice = { page: "", case: "", role: "", locale: "en", scheme: "auto", width: "1280", all: "" };
let pending = null;

// --- what is chosen ---

const readChoice = () => Object.assign(choice, Object.fromEntries(new URLSearchParams(location.hash.slice(1))));

const pageNow = () => state.pages.find((page) => page.name === choice.page) ?? state.pages[0];

const settle = () => {
  const page = pageNow();
  if (!page) return;
  choice.page = page.name;
  if (!page.cases.includes(choice.case)) choice.case = page.cases[0];
  const roles = page.roles.split(" ").filter(Boolean);
  if (!roles.includes(choice.role)) choice.role = roles[0] ?? "";
  if (!state.locales.some((one) => one.tag === choice.locale)) choice.locale = "en";
  if (!["auto", "light", "dark"].includes(choice.scheme)) choice.scheme = "auto";
  if (!["390", "768", "1280", "fit"].includes(choice.width)) choice.width = "1280";
};

const choose = (change) => {
  Object.assign(choice, change);
  settle();
  history.replaceState(null, "", "#" + new URLSearchParams(choice));
  drawControls();
  drawFrames();
};

// --- controls ---

const fill = (select, rows, chosen) => {
  select.replaceChildren(...rows.map(([value, text]) => make("option", { value }, text)));
  select.value = chosen;
  select.disabled = rows.length === 0;
};

const drawControls = () => {
  fill($("role"), pageNow().roles.split(" ").filter(Boolean).map((role) => [role, role]), choice.role);
  fill($("locale"), state.locales.map((one) => [one.tag, `${one.name} (${one.tag})`]), choice.locale);
  $("scheme").value = choice.scheme;
  $("all").checked = choice.all === "1";
  for (const radio of document.querySelectorAll("[name=width]")) radio.checked = radio.value === choice.width;
  drawPages();
};

const link = (change, text, current) => {
  const node = make("a", { href: "#" + new URLSearchParams({ ...choice, ...change }), "aria-current": current ? "true" : undefined }, text);
  node.addEventListener("click", (event) => {
    event.preventDefault();
    choose(change);
  });
  return node;
};

const drawPages = () => {
  const wanted = $("filter").value.trim().toLowerCase();
  $("pages").replaceChildren(...state.pages.filter((page) => page.name.includes(wanted)).map((page) => {
    const here = page.name === choice.page;
    const item = make("li", {}, link({ page: page.name, case: "" }, page.name, here));
    if (here) item.append(make("ul", {}, ...page.cases.map((one) => make("li", {}, link({ case: one, all: "" }, one, !choice.all && one === choice.case)))));
    return item;
  }));
};

// --- frames ---

const address = (one) => {
  const { page, role, locale, scheme } = choice;
  return "/page?" + new URLSearchParams({ page, case: one, role, locale, scheme });
};

const fit = (frame) => {
  const room = $("stage").clientWidth - 2 * parseFloat(getComputedStyle($("stage")).paddingInlineStart);
  const width = choice.width === "fit" ? Math.max(320, room) : Number(choice.width);
  frame.style.inlineSize = width + "px";
  frame.style.zoom = String(Math.min(1, room / width));
};

const grow = (frame) => {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  frame.style.blockSize = "640px";
  frame.style.blockSize = Math.min(6000, Math.max(420, root.scrollHeight + 8)) + "px";
};

// In the gallery nothing lies behind a page's links and forms.
const hold = (frame) => {
  const page = frame.contentDocument;
  if (!page) return;
  page.addEventListener("submit", (event) => event.preventDefault(), true);
  page.addEventListener("click", (event) => {
    const to = event.target.closest?.("a[href]");
    if (!to || to.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    say("This link leads to " + to.getAttribute("href"));
  }, true);
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape") key(event);
  });
};

// A page may put the focus somewhere when it opens; here many open at once, and the keys are the gallery's.
// It does so before its load or after it, so until the reader comes to it, by Tab or by a pointer, it is taken back.
let kept = 0, tabbed = false;
const keep = () => { kept = $("stage").scrollTop; };
document.addEventListener("keydown", (event) => { tabbed = event.key === "Tab"; }, true);
const leave = (frame) => {
  if (document.activeElement?.tagName !== "IFRAME") return;
  frame.contentDocument?.activeElement?.blur();
  document.activeElement.blur();
  $("stage").scrollTop = kept;
};
const calm = (frame) => {
  let touched = false;
  for (const name of ["pointerdown", "keydown"]) {
    frame.contentDocument?.addEventListener(name, () => { touched = true; }, true);
  }
  frame.contentDocument?.addEventListener("focusin", () => { if (!touched && !tabbed) leave(frame); });
  leave(frame);
};

const drawFrames = () => {
  const cases = choice.all === "1" ? pageNow().cases : [choice.case];
  const wanted = cases.map(address);
  const frames = [...document.querySelectorAll("#stage iframe")];
  if (frames.map((frame) => frame.dataset.address).join() === wanted.join()) {
    frames.forEach((frame) => { fit(frame); grow(frame); });
    return;
  }
  kept = $("stage").scrollTop = 0;
  $("stage").replaceChildren(...cases.map((one, i) => {
    const frame = make("iframe", { src: wanted[i], title: `${choice.page}, ${one}`, "data-address": wanted[i], loading: i > 1 ? "lazy" : "eager" });
    frame.addEventListener("load", () => { hold(frame); grow(frame); calm(frame); });
    fit(frame);
    return make("figure", {}, make("figcaption", {}, make("b", {}, choice.page), one, make("a", { href: wanted[i], target: "_blank" }, "by itself")), frame);
  }));
};

// The old page stays until the new one is there; the reader stays where he was.
const reload = (frame) => {
  const there = frame.contentWindow?.scrollY ?? 0;
  const put = () => {
    frame.removeEventListener("load", put);
    frame.contentWindow.scrollTo(0, there);
  };
  frame.addEventListener("load", put);
  frame.contentWindow.location.replace(frame.dataset.address);
};

const sheet = /<link rel="stylesheet" href="([^"]+)">/g;

// New stylesheets beside the old ones, which go when the new ones are there: no flash, and forms keep what was typed.
const restyle = async (frame) => {
  const page = frame.contentDocument;
  const text = await (await fetch(frame.dataset.address)).text();
  const wanted = [...text.matchAll(sheet)].map((found) => found[1]);
  const before = [...page.querySelectorAll("link[rel=stylesheet]")];
  if (before.length === 0 || wanted.length === 0) return reload(frame);
  const fresh = wanted.map((href) => {
    const node = page.createElement("link");
    node.rel = "stylesheet";
    node.href = href;
    return node;
  });
  await Promise.all(fresh.map((node, i) => new Promise((done) => {
    node.addEventListener("load", done);
    node.addEventListener("error", done);
    (fresh[i - 1] ?? before.at(-1)).after(node);
  })));
  before.forEach((node) => node.remove());
  grow(frame);
};

const refresh = (kind) => {
  $("stage").classList.remove("fresh");
  for (const frame of document.querySelectorAll("#stage iframe")) kind === "styles" ? restyle(frame) : reload(frame);
  requestAnimationFrame(() => $("stage").classList.add("fresh"));
};

// --- mistakes ---

const isBad = (finding) => finding.level === "fatal" || finding.level === "error";

const excerpt = (finding) => {
  const lines = finding.lines.flatMap((text, i) => {
    const number = finding.first + i;
    const row = make("span", { class: number === finding.line ? "at" : undefined }, make("span", { class: "number" }, String(number).padStart(4) + "  "), text);
    if (number !== finding.line || !finding.column) return [row, "\n"];
    const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, finding.column - 1));
    return [row, "\n", make("span", { class: "point", "aria-hidden": "true" }, " ".repeat(6) + before.replace(/[^\t]/g, " ") + "^"), "\n"];
  });
  return make("pre", {}, ...lines);
};

const drawFinding = (finding) => {
  const place = [finding.theme, finding.path].filter(Boolean).join("/") + (finding.line ? `:${finding.line}:${finding.column}` : "");
  const item = make("li", {}, make("span", { class: "level", "data-level": finding.level }, `${finding.level} ${finding.code}`.trim()),
    make("span", { class: "place" }, place), make("p", { class: "message" }, finding.message));
  if (finding.mend) item.append(make("p", { class: "mend" }, finding.mend));
  if (finding.lines?.length) item.append(excerpt(finding));
  return item;
};

const showMistakes = (show) => {
  $("mistakes").hidden = !show;
  $("show-mistakes").setAttribute("aria-expanded", String(show));
};

const drawMistakes = () => {
  const bad = state.findings.filter(isBad).length;
  const level = bad > 0 ? "bad" : state.findings.length > 0 ? "warn" : "ok";
  const words = bad > 0 ? `${bad} mistake${bad > 1 ? "s" : ""}` : state.findings.length > 0 ? `${state.findings.length} remarks` : state.checked ? "all is well" : "0 mistakes";
  $("show-mistakes").textContent = words;
  $("show-mistakes").dataset.level = $("mistakes").dataset.level = level;
  $("mistakes-title").textContent = state.findings.length > 0 ? `${state.title}: ${words}` : "Nothing is wrong";
  $("beneath").hidden = !state.beneath;
  $("findings").replaceChildren(...state.findings.map(drawFinding));
  return bad;
};

// --- the program ---

const say = (text) => { $("polite").textContent = text; $("live-text").textContent = text; };

const take = (fresh) => {
  state = fresh;
  document.title = `${state.title} – theme gallery`;
  $("title").textContent = state.title;
  $("version").textContent = state.version;
  return drawMistakes();
};

const load = async (from = "/state.json") => take(await (await fetch(from)).json());

const changed = async (event) => {
  const news = JSON.parse(event.data);
  if (news.generation === state.generation) return;
  refresh(news.kind);
  const bad = await load();
  settle();
  drawControls();
  drawFrames();
  showMistakes(bad > 0);
  say(bad > 0 ? `saved, with ${bad} mistake${bad > 1 ? "s" : ""}` : `saved, ${Math.round(state.load_us / 1000)} ms`);
};

const listen = () => {
  const stream = new EventSource("/events");
  stream.addEventListener("open", () => { $("live").dataset.on = "yes"; say("follows your files"); });
  stream.addEventListener("error", () => { $("live").dataset.on = "no"; say("the program has ended"); });
  stream.addEventListener("change", (event) => { pending = (pending ?? Promise.resolve()).then(() => changed(event)).catch(() => {}); });
};

const check = async () => {
  say("checking …");
  await load("/check.json");
  showMistakes(state.findings.length > 0);
  say(state.findings.length > 0 ? "checked" : "checked, all is well");
};

// --- keys ---

const next = (list, now, step) => list[(list.indexOf(now) + step + list.length) % list.length];
const names = () => state.pages.map((page) => page.name);
const toggle = (id, button) => {
  $(id).hidden = !$(id).hidden;
  $(button).setAttribute("aria-expanded", String(!$(id).hidden));
};
const keys = {
  j: () => choose({ case: next(pageNow().cases, choice.case, 1), all: "" }),
  k: () => choose({ case: next(pageNow().cases, choice.case, -1), all: "" }),
  n: () => choose({ page: next(names(), choice.page, 1), case: "" }),
  p: () => choose({ page: next(names(), choice.page, -1), case: "" }),
  w: () => choose({ width: next(["390", "768", "1280", "fit"], choice.width, 1) }),
  s: () => choose({ scheme: next(["auto", "light", "dark"], choice.scheme, 1) }),
  r: () => choose({ role: next(pageNow().roles.split(" ").filter(Boolean), choice.role, 1) }),
  l: () => choose({ locale: next(state.locales.map((one) => one.tag), choice.locale, 1) }),
  a: () => choose({ all: choice.all ? "" : "1" }),
  e: () => showMistakes($("mistakes").hidden),
  c: check,
  o: () => open(address(choice.case), "_blank"),
  "/": () => $("filter").focus(),
  "?": () => toggle("keys", "show-keys"),
  Escape: () => { showMistakes(false); $("keys").hidden = true; $("show-keys").setAttribute("aria-expanded", "false"); },
};
const key = (event) => {
  const typing = event.target.matches?.("input[type=search], select, textarea, [contenteditable]");
  if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key) || (typing && event.key !== "Escape")) return;
  event.preventDefault();
  keys[event.key]();
};

for (const name of ["role", "locale", "scheme"]) $(name).addEventListener("change", (event) => choose({ [name]: event.target.value }));
$("widths").addEventListener("change", (event) => choose({ width: event.target.value }));
$("all").addEventListener("change", (event) => choose({ all: event.target.checked ? "1" : "" }));
$("filter").addEventListener("input", drawPages);
$("check").addEventListener("click", check);
$("show-mistakes").addEventListener("click", () => showMistakes($("mistakes").hidden));
$("hide-mistakes").addEventListener("click", () => showMistakes(false));
$("show-keys").addEventListener("click", () => toggle("keys", "show-keys"));
document.addEventListener("keydown", key);
for (const name of ["wheel", "touchmove", "keyup", "pointerup"]) $("stage").addEventListener(name, () => requestAnimationFrame(keep), { passive: true });
addEventListener("hashchange", () => { readChoice(); choose({}); });
addEventListener("resize", drawFrames);

load().then((bad) => {
  readChoice();
  choose({});
  showMistakes(bad > 0);
  listen();
});
