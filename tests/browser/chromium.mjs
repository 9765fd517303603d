// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium for the checks of this folder, without what takes time and nobody looks at: helpers that optimise
// scripts which run but a moment, a new renderer for each page (which would compile the script anew), and the
// browser's own pages (what drops from its address bar is one).
import puppeteer from "puppeteer-core";

const unused = ["BackForwardCache", "SpareRendererForSitePerProcess", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
                "WebUIOmniboxFullPopup"];

export const launch = (...args) => puppeteer.launch({ executablePath: "/usr/bin/chromium", headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--js-flags=--single-threaded", `--disable-features=${unused}`, ...args] });
