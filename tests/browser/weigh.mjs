// SPDX-License-Identifier: GPL-3.0-or-later
// Weighs pages as a browser gets them: node weigh.mjs [--cookie NAME=VALUE] URL...
// One line of JSON each: bytes over the wire (bodies as sent, and headers) and requests but for the
// tab's icon, with an empty cache and again, at once, with a full one.
import { launch } from "./chromium.mjs";

let cookie = "";
const pages = process.argv.slice(2);
if (pages[0] === "--cookie") [, cookie] = pages.splice(0, 2);

const browser = await launch();
const tab = await browser.newPage();
if (cookie) {
  const [name, ...value] = cookie.split("=");
  await browser.setCookie({ name, value: value.join("="), domain: new URL(pages[0]).hostname, path: "/" });
}
const client = await tab.createCDPSession();
await client.send("Network.enable");
let bytes = 0, requests = 0;
const cached = new Set(), icons = new Set(), open = new Set();
client.on("Network.requestWillBeSent", ({ requestId, request }) => {
  open.add(requestId);
  if (/favicon/.test(request.url)) icons.add(requestId);
});
client.on("Network.requestServedFromCache", ({ requestId }) => cached.add(requestId));
client.on("Network.responseReceived", ({ requestId, response }) => { if (response.fromDiskCache) cached.add(requestId) });
client.on("Network.loadingFailed", ({ requestId }) => open.delete(requestId));
client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
  open.delete(requestId);
  if (cached.has(requestId)) return;
  bytes += encodedDataLength;
  if (!icons.has(requestId)) requests++;
});
const settled = condition => new Promise(done => {
  const most = Date.now() + 3000;
  const look = () => condition() || Date.now() > most ? done() : setTimeout(look, 5);
  look();
});
async function weigh(page, full) {
  bytes = requests = 0;
  open.clear();
  icons.clear();
  const answer = await tab.goto(page, { waitUntil: "load" });
  await tab.evaluate(() => new Promise(done => requestIdleCallback(done)));   // what its script asks for
  if (!full) await settled(() => icons.size > 0);   // the icon comes after the page
  await settled(() => open.size === 0);
  return { status: answer.status(), bytes, requests };
}
// From one page of the site to the next the same process draws them: also what it holds in memory is to go.
async function forget() {
  await client.send("Network.clearBrowserCache");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  await client.send("Network.setCacheDisabled", { cacheDisabled: false });
}
for (const page of pages) {
  await forget();
  const cold = await weigh(page, false), warm = await weigh(page, true);
  console.log(JSON.stringify({ page, status: cold.status, cold, warm }));
}
await browser.close();
