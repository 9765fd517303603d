// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages do beyond plain HTML. Every behaviour hangs on a data-mb-* attribute; without this
// file the same form or link does the work. Markup is made in one place, from a part of a page that
// this server sent (swap); that is all the Trusted Types policy is for.
const policy = { createHTML: text => text };
const markup = window.trustedTypes?.createPolicy("mailboy", policy) ?? policy;

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const store = {
  get(key) { try { return localStorage.getItem(key) } catch { return null } },
  set(key, value) { try { localStorage.setItem(key, value) } catch { /* kept for this page only */ } },
};
// The words that the page has for a behaviour, in its language; English where a theme gives none.
function words(node, english) {
  const own = node?.dataset.mbWords?.split("|") ?? [];
  return english.map((word, i) => own[i] || word);
}
function element(name, text, set = {}) {
  const made = Object.assign(document.createElement(name), set);
  if (text) made.textContent = text;
  return made;
}

// A short word behind a button, said aloud too, that gives way to the old one.
function answer(button, word) {
  const label = one("span", button);
  label.dataset.was ??= label.textContent;
  label.setAttribute("role", "status");
  label.textContent = word;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { label.textContent = label.dataset.was }, 2500);
}

// Passwords ------------------------------------------------------------------------------------
// No l, I, 1, O, 0: a password is sometimes read aloud.
const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_+=.";

function random_below(n) {
  const most = Math.floor(256 / n) * n;
  for (;;) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < most) return byte % n;
  }
}

function generated(length = 20) {
  return Array.from({ length }, () => letters[random_below(letters.length)]).join("");
}

// By length and by how many different characters there are: guesses, not rules.
function strength(text) {
  if (text.length < 8) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter(kind => kind.test(text)).length;
  const size = [0, 26, 36, 62, 80][kinds];
  const different = new Set(text).size;
  const bits = Math.min(text.length, different * 1.6) * Math.log2(size);
  return bits < 45 ? 1 : bits < 60 ? 2 : bits < 80 ? 3 : 4;
}

for (const box of all("[data-mb-password]")) {
  const input = one("input", box), show = one("[data-mb-show]", box);
  const generate = one("[data-mb-generate]", box), meter = one("[data-mb-strength]", box);
  const strengths = words(meter, ["Too short", "Weak", "Fair", "Good", "Strong"]);
  for (const button of all("button", box)) button.hidden = false;
  const shown = on => {
    input.type = on ? "text" : "password";
    show.setAttribute("aria-pressed", on);
  };
  const judge = () => {
    if (!meter) return;
    meter.hidden = input.value === "";
    const found = strength(input.value), word = one("[role=status]", meter);
    one("meter", meter).value = found;
    if (word.textContent !== strengths[found]) word.textContent = strengths[found];
  };
  show.addEventListener("click", () => { shown(input.type === "password"); input.focus() });
  generate?.addEventListener("click", () => {
    input.value = generated();
    shown(true);
    input.focus();
    input.select();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.addEventListener("input", judge);
  input.form?.addEventListener("submit", () => shown(false));   // so that browsers offer to keep it
}

for (const button of all("[data-mb-copy]")) {
  if (!navigator.clipboard) continue;   // plain http
  button.hidden = false;
  button.addEventListener("click", async () => {
    const input = document.getElementById(button.dataset.mbCopy);
    const [copied, press] = words(button, ["Copied", "Press Ctrl+C"]);
    try { await navigator.clipboard.writeText(input.value); answer(button, copied) }
    catch { input.focus(); input.select(); answer(button, press) }
  });
}
for (const button of all("[data-mb-password] [data-mb-copy]")) if (!navigator.clipboard) button.hidden = true;

// The button of a deletion answers only to the typed name. --------------------------------------
for (const box of all("[data-mb-arm]")) {
  const names = box.dataset.mbArm.toLowerCase().split(" ");
  const input = one("input:not([type=hidden], [type=password])", box), button = one(".danger", box);
  if (!input || !button) continue;
  const arm = () => { button.disabled = !names.includes(input.value.trim().toLowerCase()) };
  input.addEventListener("input", arm);
  arm();
}

// "ada" becomes "ada@example.org" under the field. ----------------------------------------------
for (const input of all("[data-mb-preview]")) {
  const line = input.closest(".field")?.querySelector("[data-mb-previewed]");
  if (!line || !input.dataset.mbPreview.startsWith("@")) continue;
  const preview = () => {
    const typed = input.value.trim().toLowerCase();
    line.hidden = typed === "";
    one("b", line).textContent = typed + input.dataset.mbPreview;
  };
  input.addEventListener("input", preview);
  preview();
}

// Typed and not sent: the browser asks before the page is left. ----------------------------------
let dirty = false;
for (const box of all("[data-mb-guard]")) {
  if (one("form", box)?.method !== "post" || document.body.querySelector(".plain")) continue;
  box.addEventListener("input", () => { dirty = true });
  box.addEventListener("submit", () => { dirty = false });
  for (const link of all("a.quiet", box)) link.addEventListener("click", () => { dirty = false });
}
addEventListener("beforeunload", event => { if (dirty) event.preventDefault() });

// What went wrong is read first. ------------------------------------------------------------------
one("[data-mb-focus]")?.focus();

// Rows that are selected for the form below the list: counted, from one to the next with Shift, all of them.
const pick = "input[form=bulk]", bar = one("[data-mb-bulk]"), every = one("[data-mb-all]");
let last;

function count() {
  if (!bar) return;
  const boxes = all(pick), n = boxes.filter(box => box.checked).length;
  one("[role=status]", bar).textContent = bar.dataset.mbBulk.replace("{n}", n).replace("{all}", boxes.length);
  one("[role=group]", bar).hidden = n === 0;
}
addEventListener("click", event => {
  if (!event.target.matches?.(pick)) return;
  const boxes = all(pick), at = boxes.indexOf(event.target), from = boxes.findIndex(box => box.value === last);
  if (event.shiftKey && from >= 0)
    for (const box of boxes.slice(Math.min(at, from), Math.max(at, from) + 1)) box.checked = event.target.checked;
  last = event.target.value;
  count();
});
if (bar && every) {
  every.hidden = false;
  every.addEventListener("click", () => {
    const boxes = all(pick), on = boxes.some(box => !box.checked);
    for (const box of boxes) box.checked = on;
    count();
  });
  addEventListener("pageshow", count);   // going back, a browser ticks again what was ticked
}

// A button in a row changes that row alone: the same form is sent, asking for these parts of the page
// that follows. Whatever else comes back (a conflict, a sign-in, no answer), the form goes its plain way.
function swap(row, text) {
  const parts = document.createElement("template"), said = document.getElementById("said");
  parts.innerHTML = markup.createHTML(text);
  const fresh = parts.content.getElementById(row.id), news = parts.content.getElementById("said");
  const stops = "a[href], button, input:not([type=hidden])";
  const at = all(stops, row).indexOf(document.activeElement);
  const picked = one(pick, row), again = fresh && one(pick, fresh);
  if (picked && again) again.checked = picked.checked;
  if (fresh) row.replaceWith(fresh); else row.remove();   // a filter may hide it now
  if (fresh && at >= 0) all(stops, fresh)[at]?.focus();
  said.replaceChildren(...news.childNodes);
  count();
}

addEventListener("submit", async event => {
  const form = event.target, button = event.submitter, row = form.closest("tr[id]");
  if (!row || form.method !== "post" || event.defaultPrevented || !document.getElementById("said")) return;
  event.preventDefault();
  if (row.ariaBusy === "true") return;
  row.ariaBusy = "true";
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Fragment: `${row.id} said` } });
    const text = await answer.text();
    if (!answer.ok || !answer.redirected || /^\s*<!doctype/i.test(text)) throw new Error(answer.status);
    swap(row, text);
  } catch {
    if (button?.name) form.append(element("input", "", { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  }
});

// Keys: single letters, never in fields, and they can be turned off. ------------------------------
const keys = ["/", "n", "e", "j", "k", "x", "?"];
let dialog;

function help() {
  if (!dialog) {
    const said = words(one("[data-mb-keys]"), ["Keys", "Go to the filter", "Add a new one", "Edit this one", "Next row",
                                               "Previous row", "Select this row", "This help", "Single keys are on", "Close"]);
    dialog = element("dialog");
    dialog.setAttribute("aria-labelledby", "keys-head");
    const list = element("dl"), actions = element("form", "", { className: "actions", method: "dialog" });
    for (const [i, key] of keys.entries()) {
      const term = element("dt");
      term.append(element("kbd", key));
      list.append(term, element("dd", said[i + 1]));
    }
    const tick = element("input", "", { type: "checkbox", id: "keys-on", checked: store.get("mb-keys") !== "off" });
    tick.addEventListener("change", () => store.set("mb-keys", tick.checked ? "on" : "off"));
    const field = element("div", "", { className: "field tick" });
    field.append(tick, element("label", said[8], { htmlFor: "keys-on" }));
    actions.append(field, element("button", said[9], { className: "btn" }));
    dialog.append(element("h2", said[0], { id: "keys-head" }), list, actions);
    document.body.append(dialog);
  }
  dialog.showModal();
}

function row(step) {
  const links = all(".list tbody th a");
  const at = links.findIndex(link => link.closest("tr").contains(document.activeElement));
  links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}

const acts = {
  "?": help,
  "/": () => { const input = one('input[data-mb-key="/"]'); input?.focus(); input?.select() },
  j: () => row(1), k: () => row(-1), x: () => { const at = document.activeElement.closest("tr"); if (at) one(pick, at)?.click() },
  n: () => one('a[data-mb-key="n"]')?.click(), e: () => one('a[data-mb-key="e"]')?.click(),
};

addEventListener("keydown", event => {
  const { target, key } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (target.closest?.("input, select, textarea, dialog, [contenteditable]")) return;
  if (!acts[key] || store.get("mb-keys") === "off") return;
  event.preventDefault();
  acts[key]();
});

for (const button of all("[data-mb-keys]")) {
  button.hidden = false;
  button.addEventListener("click", help);
}
