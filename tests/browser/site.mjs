// Reads the documentation site in Chromium: follows its links, searches, and looks for content that does not fit.
//
// Environment variables: SITE is the folder of the built site, and ECWID_CHROMIUM the browser. SCREENSHOTS is an optional folder
// for screenshots.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { chromium } from "playwright-core";

const { SITE, SCREENSHOTS, ECWID_CHROMIUM } = process.env;
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };

// The pages whose layout is checked: one of each kind.
const PAGES = ["", "background/benchmarks/", "compare/", "start/terminal/", "guides/limits/", "reference/api/", "reference/command/", "reference/fidelity/", "reference/python/clients/"];

const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  const file = join(SITE, path.endsWith("/") ? `${path}index.html` : path);
  try {
    const body = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const steps = {
  async "has no broken link"(page) {
    const pages = new Map();
    const waiting = [`${origin}/`];
    while (waiting.length) {
      const address = waiting.pop();
      if (pages.has(address)) continue;
      const response = await fetch(address);
      assert.equal(response.status, 200, address);
      // The scripts of the page do not run, because each page is only read.
      const read = await page.evaluate(([text, base]) => {
        const document = new DOMParser().parseFromString(text, "text/html");
        const links = [...document.querySelectorAll("a[href]")].map((link) => new URL(link.getAttribute("href"), base).href);
        return { links, ids: [...document.querySelectorAll("[id]")].map((element) => element.id) };
      }, [await response.text(), address]);
      pages.set(address, read);
      for (const link of read.links) {
        const target = link.split("#")[0];
        if (target.startsWith(origin) && target.endsWith("/")) waiting.push(target);
      }
    }
    const broken = [];
    for (const [address, { links }] of pages) {
      for (const link of links.filter((it) => it.startsWith(origin))) {
        const [target, id] = link.split("#");
        const found = pages.get(target);
        const isBroken = found ? id && !found.ids.includes(decodeURIComponent(id)) : (await fetch(target)).status !== 200;
        if (isBroken) broken.push(`${address}: ${link}`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(pages.size > 30, `${pages.size} pages`);
  },

  async "finds a page by its text"(page) {
    await page.goto(origin);
    await page.keyboard.press("/");
    await page.getByPlaceholder("Search").last().fill("deduplication key");
    // The links of the results mark the words.
    await page.locator("a[href*='background/jobs']").filter({ has: page.locator("mark") }).first().click();
    await page.waitForURL(/background\/jobs/);
  },

  async "fits the window, light and dark"(page) {
    for (const [name, width] of [["phone", 390], ["desk", 1280]]) {
      for (const colorScheme of ["light", "dark"]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        for (const path of PAGES) {
          await page.goto(`${origin}/${path}`);
          const [inner, whole] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
          assert.ok(whole <= inner, `${path} at ${width}: ${whole}`);
          if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}-${path.replaceAll("/", "-")}.png` });
        }
      }
    }
  },
};

// Chromium's process sandbox needs rights that containers lack. The pages are trusted.
const browser = await chromium.launch({ executablePath: ECWID_CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => request.url().startsWith(origin) || problems.push(`requests ${request.url()}`));
  for (const [name, step] of Object.entries(steps)) {
    await step(page).catch((error) => {
      error.message = `the site ${name}: ${error.message}`;
      throw error;
    });
    assert.deepEqual(problems, [], name);
    console.log(`ok: ${name}`);
  }
} finally {
  await browser.close();
  server.close();
}
