// SPDX-License-Identifier: GPL-3.0-or-later
// Weighs pages as a browser gets them: node weigh.mjs [--cookie NAME=VALUE] URL...
// One line of JSON each: bytes over the wire (bodies as sent, and headers) and requests but for the
// tab's icon, with an empty cache and again with a full one.
import puppeteer from "puppeteer-core";

let cookie = "";
const pages = process.argv.slice(2);
if (pages[0] === "--cookie") [, cookie] = pages.splice(0, 2);

const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", headless: true,
  args: ["--no-sandbox", "--disable-gpu"] });
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
async function weigh(page) {
  await tab.goto("about:blank");
  bytes = requests = 0;
  open.clear();
  const answer = await tab.goto(page, { waitUntil: "load" });
  const most = Date.now() + 3000;   // the icon comes after the page
  do await new Promise(done => setTimeout(done, 60)); while (open.size > 0 && Date.now() < most);
  return { status: answer.status(), bytes, requests };
}
for (const page of pages) {
  await client.send("Network.clearBrowserCache");
  const cold = await weigh(page), warm = await weigh(page);
  console.log(JSON.stringify({ page, status: cold.status, cold, warm }));
}
await browser.close();
