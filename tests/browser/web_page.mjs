// Uses the sandbox's web page in Chromium like a person: reads, types, clicks, and reads the result.
//
// Environment variables: SANDBOX is the address of the sandbox, TOKEN its token, STORE_ID its store id, and ECWID_CHROMIUM the
// browser. SCREENSHOTS is an optional folder for screenshots.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

import { chromium } from "playwright-core";

const { SANDBOX, TOKEN, STORE_ID, SCREENSHOTS, ECWID_CHROMIUM } = process.env;
const COUPONS = `${SANDBOX}/api/v3/${STORE_ID}/discount_coupons`;

async function call(method, url, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

const control = async (path) => (await call("GET", `${SANDBOX}/_sandbox/${path}`)).body;
const section = (page, name) => page.getByRole("region", { name, exact: true });

const steps = {
  async "shows coupons and escapes their content"(page) {
    for (let number = 1; number <= 25; number += 1) {
      await call("POST", COUPONS, { name: `Summer sale ${number}`, code: `SUMMER${number}`, discountType: "PERCENT", discount: number });
    }
    const code = `<img src=x onerror="document.title='broken in'">`;
    await call("POST", COUPONS, { name: "<script>document.title = 'broken in'</script>", code, discount: 5 });
    await page.goto(SANDBOX);
    assert.equal(await page.title(), "Ecwid sandbox");
    assert.equal(await page.locator("tbody tr").count(), 20);
    await page.getByRole("link", { name: "Next" }).click();
    const row = page.getByRole("row").filter({ hasText: "<script>" });
    assert.equal(await row.getByRole("rowheader").innerText(), code);
    await row.getByRole("link").click();
    assert.match(await page.locator(".whole pre").innerText(), /"discountType": "ABS"/);
    assert.equal(await page.title(), "Ecwid sandbox");
    assert.equal(await page.locator("script, img").count(), 0);
  },

  async "is styled"(page) {
    const color = await page.locator("header nav a").first().evaluate((link) => getComputedStyle(link).backgroundColor);
    assert.notEqual(color, "rgba(0, 0, 0, 0)");
  },

  async "finds a coupon by its code"(page) {
    await page.goto(SANDBOX);
    await page.getByLabel("Code", { exact: true }).fill("summer7");
    await page.getByRole("button", { name: "Search" }).click();
    assert.deepEqual(await page.getByRole("rowheader").allInnerTexts(), ["SUMMER7"]);
    await page.getByRole("link", { name: "Show all" }).click();
    assert.equal(await page.locator("tbody tr").count(), 20);
  },

  async "shows the last requests and no token"(page) {
    await call("GET", `${COUPONS}/NOTHING`);
    await page.getByRole("link", { name: "Reload" }).click();
    const request = page.locator("details.request").first();
    assert.match(await request.locator("summary").innerText(), /\d\d:\d\d:\d\d\s+[\d.]+ ms/);
    assert.equal(await request.locator("pre").first().isVisible(), false);
    await request.locator("summary").click();
    assert.match(await request.innerText(), /404[^]*NOTHING[^]*DISCOUNT_COUPON_NOT_FOUND/);
    assert.ok(!(await page.content()).includes(TOKEN));
  },

  async "moves the clock"(page) {
    const clock = section(page, "Clock");
    await clock.getByLabel("Stop at (UTC)").fill("2030-01-31T08:00:00");
    await clock.getByRole("button", { name: "Stop" }).click();
    assert.match(await clock.innerText(), /2030-01-31 08:00:00 \+0000 stopped/);
    await clock.getByLabel("Move by").fill("8");
    await clock.getByLabel("Unit").selectOption("days");
    await clock.getByRole("button", { name: "Move" }).click();
    assert.deepEqual(await control("clock"), { now: "2030-02-08 08:00:00 +0000", isStopped: true });
    await clock.getByRole("button", { name: "Return to the system time" }).click();
    assert.match(await clock.innerText(), / running/);
  },

  async "reports a failed action"(page) {
    const clock = section(page, "Clock");
    await clock.getByLabel("Move by").fill("99999999");
    await clock.getByRole("button", { name: "Move" }).click();
    assert.match(await page.getByRole("alert").innerText(), /9999/);
    await page.getByRole("link", { name: "Ecwid sandbox" }).click();
    assert.equal(await page.getByRole("alert").count(), 0);
  },

  async "adds and removes a fault"(page) {
    const faults = section(page, "Faults");
    await faults.getByLabel("Effect").selectOption("latency");
    assert.equal(await faults.getByLabel("Error code", { exact: true }).isVisible(), false, "only the fields of the selected effect are visible");
    await faults.getByLabel("Effect").selectOption("status");
    await faults.locator('[name="status.status"]').fill("418");
    await faults.getByLabel("Error code", { exact: true }).fill("TEAPOT");
    await faults.getByText("Requests", { exact: true }).click();
    await faults.getByLabel("Operations").selectOption(["get_discount_coupon"]);
    await faults.getByRole("button", { name: "Add fault" }).click();
    const response = await call("GET", `${COUPONS}/SUMMER1`);
    assert.deepEqual([response.status, response.body.errorCode], [418, "TEAPOT"]);
    assert.equal((await call("GET", COUPONS)).status, 200);
    await page.reload();
    assert.match(await faults.innerText(), /The response is an error\. HTTP status: 418\. Error code: "TEAPOT"\. On get discount coupon[^]*fired for 1 of 1 requests/);
    await picture(page, "page");
    await faults.getByRole("button", { name: 'Remove the fault: The response is an error. HTTP status: 418. Error code: "TEAPOT".' }).click();
    assert.equal((await call("GET", `${COUPONS}/SUMMER1`)).status, 200);
    assert.deepEqual(await control("faults"), []);
  },

  async "sets the limits with the keyboard"(page) {
    const limits = section(page, "Limits");
    await limits.getByLabel("Requests per minute and token").focus();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("5");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    assert.equal((await control("limits")).requestsPerMinute, 5);
    await limits.getByLabel("Requests per minute and token").fill("");
    await limits.getByRole("button").click();
    assert.equal((await control("limits")).requestsPerMinute, null);
  },

  async "places an order and explains why a coupon is not applied"(page) {
    const order = section(page, "Order");
    await order.getByLabel("Coupon code").fill("summer10");
    await order.getByLabel("Price").fill("12.50");
    await order.getByLabel("Quantity").fill("2");
    await order.getByText("Customer, product and shipping").click();
    await order.getByLabel("Customer's email").fill("ann@example.com");
    await order.getByRole("button", { name: "Place the order" }).click();
    assert.match(await page.getByRole("status").innerText(), /total is 22\.5\. Items: 25\.0, discount 2\.5\..*SUMMER10 was applied/);
    assert.equal((await call("GET", `${COUPONS}/SUMMER10`)).body.orderCount, 1);
    await order.getByLabel("Coupon code").fill("WINTER");
    await order.getByRole("button", { name: "Place the order" }).click();
    assert.match(await page.getByRole("status").innerText(), /WINTER was not applied \(COUPON_NOT_FOUND\)/);
  },

  async "sends events to a URL and shows their deliveries"(page) {
    const received = [];
    const hook = createServer((request, response) => {
      received.push(request.headers["x-ecwid-webhook-signature"]);
      response.end();
    });
    await new Promise((listening) => hook.listen(0, "127.0.0.1", listening));
    try {
      const webhook = section(page, "Webhook");
      const url = webhook.getByLabel("URL", { exact: true });
      await url.fill("https://127.0.0.1/hook");
      await webhook.getByRole("button", { name: "Send events" }).click();
      assert.equal(await url.evaluate((input) => input.validity.patternMismatch), true, "the browser rejects the input");
      await url.fill(`http://127.0.0.1:${hook.address().port}/hook`);
      await webhook.getByRole("button", { name: "Send events" }).click();
      await call("PUT", `${COUPONS}/SUMMER2`, { name: "Other" });
      const isSettled = async () => (await control("webhook")).deliveries.every(({ state }) => state !== "PENDING");
      while (!(await isSettled()));
      await page.reload();
      assert.match(await webhook.getByRole("listitem").first().innerText(), /updated\s+delivered with status 200/);
      assert.equal(received.length, 1);
      await webhook.getByRole("button", { name: "Stop sending" }).click();
      assert.match(await webhook.innerText(), /No events are sent/);
    } finally {
      hook.close();
      hook.closeAllConnections();
    }
  },

  async "clears the requests"(page) {
    const requests = section(page, "Last requests");
    await requests.getByRole("button", { name: "Clear" }).click();
    assert.match(await requests.innerText(), /No requests yet/);
    assert.deepEqual(await control("requests"), []);
  },

  async "downloads a dump, resets the sandbox, and loads the dump"(page) {
    const contents = section(page, "Contents");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      contents.getByRole("link", { name: "Download a dump" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "ecwid-sandbox.json");
    const file = await download.path();
    const entries = JSON.parse(await readFile(file, "utf8"));
    assert.equal(entries.filter(({ coupon }) => coupon).length, 26);

    const reset = contents.getByRole("button", { name: "Reset" });
    assert.equal(await reset.isVisible(), false, "the button is hidden at first");
    await contents.getByText("Reset the sandbox").click();
    await reset.click();
    const sure = contents.getByLabel("Delete all of this");
    assert.equal(await sure.evaluate((box) => box.validity.valueMissing), true, "the browser rejects the input");
    assert.equal((await call("GET", COUPONS)).body.total, 26);
    await picture(page, "reset");
    await sure.check();
    await reset.click();
    assert.match(await page.getByRole("status").innerText(), /has been reset/);
    assert.match(await section(page, "Coupons").innerText(), /No coupons/);
    assert.equal((await call("GET", COUPONS)).body.total, 0);
    await picture(page, "empty");

    await contents.getByLabel("Dump, or coupons as JSON").setInputFiles(file);
    await contents.getByRole("button", { name: "Load the file" }).click();
    assert.match(await page.getByRole("status").innerText(), /file has been loaded/);
    assert.equal((await call("GET", COUPONS)).body.total, 26);
    assert.equal((await call("GET", `${COUPONS}/SUMMER10`)).body.orderCount, 1);
  },

  async "refuses forms of other sites"(page) {
    const form = `<form method="post" action="${SANDBOX}/page/clock"><input name="do" value="advance">
      <input name="by" value="1"><input name="unit" value="days"><button>Win</button></form>`;
    const frame = `<iframe src="${SANDBOX}"></iframe>`;
    const other = createServer((_, response) => response.setHeader("content-type", "text/html").end(form + frame));
    await new Promise((listening) => other.listen(0, "127.0.0.1", listening));
    try {
      const before = Date.parse((await control("clock")).now.replace(" +0000", "Z"));
      // The same machine with another port, and with another name.
      for (const host of ["127.0.0.1", "localhost"]) {
        await page.goto(`http://${host}:${other.address().port}/`);
        const framed = page.frames().find((frame) => frame !== page.mainFrame());
        assert.equal(await framed.locator("main").count(), 0, "no other site can frame the page");
        const [response] = await Promise.all([page.waitForResponse(`${SANDBOX}/page/clock`), page.getByRole("button").click()]);
        assert.equal(response.status(), 403);
      }
      const after = Date.parse((await control("clock")).now.replace(" +0000", "Z"));
      assert.ok(after - before < 3_600_000);
    } finally {
      other.close();
      other.closeAllConnections();
    }
  },

  async "fits a narrow window"(page) {
    const long = "LONG".repeat(30);
    await call("POST", COUPONS, { name: "W".repeat(200), code: long, discountType: "PERCENT_AND_SHIPPING", discount: 12.345 });
    await call("POST", `${SANDBOX}/_sandbox/faults`, { effect: { kind: "status", status: 503, code: long }, times: 0 });
    await call("PUT", `${SANDBOX}/_sandbox/webhook`, { url: `http://127.0.0.1:9/${long}` });
    await call("GET", `${COUPONS}/${long}${long}`);
    await call("PUT", `${COUPONS}/SUMMER1`, { launchDate: "2030-01-01 00:00:00 +0000", expirationDate: "2030-12-31 00:00:00 +0000", usesLimit: "ONCEPERCUSTOMER" });
    for (const [name, width] of [["narrow", 400], ["smallest", 320], ["tablet", 800], ["wide", 1280], ["widest", 1920]]) {
      await page.setViewportSize({ width, height: 800 });
      for (const address of [SANDBOX, `${SANDBOX}/?code=${long}&coupon=${long}`, `${SANDBOX}/?store=${"9".repeat(18)}`]) {
        await page.goto(address);
        const closed = page.locator("details:not([open]) > summary");
        while (await closed.count()) await closed.first().click();
        assert.deepEqual(await page.evaluate(overflowing), [], `${address} at ${width}`);
      }
      await page.goto(`${SANDBOX}/?code=${long}&coupon=${long}`);
      await picture(page, `${name}-long`);
      await page.goto(SANDBOX);
      await picture(page, name);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await page.reload();
    await picture(page, "dark");
  },
};

// Returns the elements that are wider than the window, or whose content is wider than they are. Fields of forms scroll.
function overflowing() {
  const isCut = (element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== "visible";
  const isOutside = (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5;
  const elements = [...document.querySelectorAll("html, body, body *:not(input, select, option)")];
  return elements.filter((element) => isCut(element) || isOutside(element)).map((element) => element.outerHTML.slice(0, 200));
}

async function picture(page, name) {
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

// Chromium's process sandbox needs rights that containers lack. The page is trusted.
const browser = await chromium.launch({ executablePath: ECWID_CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  const refused = [];
  page.on("pageerror", (error) => refused.push(String(error)));
  page.on("console", (message) => message.text().includes("Content Security Policy") && refused.push(message.text()));
  for (const [name, step] of Object.entries(steps)) {
    await step(page).catch((error) => {
      error.message = `the page ${name}: ${error.message}`;
      throw error;
    });
    // The test sends requests of another site, which are refused.
    if (!name.startsWith("refuses forms")) assert.deepEqual(refused, [], name);
    refused.length = 0;
    console.log(`ok: ${name}`);
  }
} finally {
  await browser.close();
}
