// The catalogue in Chromium, opened from its folder: search, pages of events, scopes, copying,
// accessibility, and that nothing is requested from elsewhere.
// Arguments: the site's folder, the file of manifests, the file to write samples to, Chromium, and
// optionally a folder for screenshots.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [site, manifests, samplesFile, executablePath, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const home = pathToFileURL(path.join(site, "index.html")).href;
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launch({ executablePath, headless: true, args });
const problems = [];

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${error}`));
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(pathToFileURL(site).href) || request.url().startsWith("data:");
    if (!isOwn) problems.push(`request: ${request.url()}`);
  });
  await page.goto(home);
  return page;
}

async function checkAccessibility(page, what) {
  // With `preload` it would request the style sheet again, which a page from a folder must not.
  if (!(await page.evaluate("typeof axe !== 'undefined'"))) await page.evaluate(axe);
  const { violations } = await page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })");
  for (const violation of violations) {
    problems.push(`axe, ${what}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
  }
}

const picture = async (page, name) => {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
};
const go = (page, hash) => page.evaluate((hash) => { location.hash = hash; }, hash);

const page = await open();
await page.waitForFunction("window.catalogue?.pick !== undefined");
await checkAccessibility(page, "all events");
await picture(page, "events");

// The search: words of both languages, names, fields, scopes.
const box = page.getByRole("searchbox", { name: /Search names/ });
async function find(text) {
  await box.fill(text);
  return page.locator("#results a").allTextContents();
}
for (const [text, expected] of [
  ["message receive", "im.message.receive_v1"],
  ["im.message.receive_v1", "im.message.receive_v1"],
  ["接收消息", "im.message.receive_v1"],
  ["部门信息变化", "contact.department.updated_v3"],
  ["bot received", "im.message.receive_v1"],
  ["department changed", "contact.department.updated_v3"],
  ["chat_type", "im.message.receive_v1"],
  ["contact:contact.base:readonly", "contact.department.updated_v3"],
  ["mesage receiv", "im.message.receive_v1"],
]) {
  const found = await find(text);
  assert.ok(found.slice(0, 10).includes(expected), `${text}: ${found.slice(0, 10)}`);
}
assert.deepEqual(await find("zzzzzz"), []);
assert.equal(await page.locator("#status").textContent(), "0 events found");
await find("部门");
await checkAccessibility(page, "results");
await picture(page, "results");

// From the key press to the first result on the screen, as the page itself sees it.
await box.fill("");
const times = await page.evaluate(async () => {
  const box = document.getElementById("search");
  const times = [];
  for (const text of ["m", "me", "mes", "message", "message r", "部", "部门", "部门信", "contact:user", "approval st", "e"]) {
    const start = performance.now();
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.querySelector("#results a").getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times;
});
const slowest = Math.max(...times);
const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
console.log(`first result after a key press: median ${median.toFixed(1)} ms, slowest of ${times.length} ${slowest.toFixed(1)} ms`);
assert.ok(median <= 50, `a search takes ${median} ms`);

// The keyboard alone.
await box.fill("");
await page.locator("h1:visible").first().focus();
await page.keyboard.press("/");
await page.keyboard.type("department updated_v3");
await page.keyboard.press("ArrowDown");
await page.keyboard.press("ArrowDown");
await page.keyboard.press("ArrowUp");
assert.equal(await page.evaluate("document.activeElement.getAttribute('href')"), "#/event/contact.department.updated_v3");
await page.keyboard.press("Enter");
await page.locator("#event-title").waitFor();
assert.equal(await page.evaluate("document.activeElement.id"), "event-title");

// The page of an event.
const shown = await page.locator("#event-page").innerText();
for (const part of ["部门信息变化", "Handler", "Sample", "JSON Schema", "leaderType", "contact:department.base:readonly"]) {
  assert.ok(shown.includes(part), `${part} is not on the page of an event`);
}
assert.equal(await page.locator("#event-page [lang=zh-CN]").first().textContent(), "部门信息变化");
await checkAccessibility(page, "an event");
await picture(page, "event");
await page.locator("h2", { hasText: "Handler" }).scrollIntoViewIfNeeded();
await picture(page, "event-below");

// The copy button, with what it put into the clipboard pasted again.
await page.getByRole("button", { name: "Copy: Handler" }).click();
await page.getByRole("button", { name: "Copy: Handler" }).getByText("Copied").waitFor();
await box.fill("");
await go(page, "/scopes");
await page.locator("#pick-filter").focus();
await page.keyboard.press("Control+V");
const pasted = await page.locator("#pick-filter").inputValue();
assert.ok(pasted.includes('#[feishu_handler("contact.department.updated_v3")]'), pasted);
await page.locator("#pick-filter").fill("");

// The scopes: by hand for one, then each set as the library answers it.
await page.locator("#pick-filter").fill("drive.file.edit");
await page.getByRole("checkbox", { name: "drive.file.edit_v1" }).check();
const picked = page.locator("#picked");
await picked.getByText("/open-apis/drive/v1/files/:file_token/subscribe").waitFor();
await page.locator("#pick-filter").fill("department.updated_v3");
await page.getByRole("checkbox", { name: "contact.department.updated_v3" }).check();
await picked.getByText("Stays empty (None) without a further scope").waitFor();
assert.ok(page.url().endsWith("#/scopes?contact.department.updated_v3,drive.file.edit_v1"), page.url());
await page.locator("#pick-filter").fill("");
await checkAccessibility(page, "scopes");
await picture(page, "scopes");
const expected = JSON.parse(fs.readFileSync(manifests, "utf8"));
const answers = await page.evaluate((sets) => sets.map((set) => window.catalogue.pick(set)), expected.map((manifest) => manifest.asked));
for (const [index, manifest] of expected.entries()) {
  const { console: json, ...answer } = answers[index];
  for (const key of ["scopes", "optional", "subscriptions", "brings", "undocumented", "limits"]) {
    assert.deepEqual(answer[key], manifest[key], `${key} of ${manifest.asked}`);
  }
  assert.deepEqual(JSON.parse(json), manifest.console);
}
console.log(`the scopes of ${expected.length} sets of events are as Manifest has them`);

// What changed.
await go(page, "/changes");
await page.locator("#changes-title").waitFor();
await checkAccessibility(page, "changes");
await picture(page, "changes");

// Every event has a page, a sample and a handler.
const types = await page.evaluate("window.feishu.events.map((event) => event.type)");
for (const type of types) {
  await go(page, `/event/${type}`);
  await page.waitForFunction((type) => document.getElementById("event-title")?.textContent === type, type);
}
const samples = await page.evaluate(() => Object.fromEntries(window.feishu.events.map((event) => [event.type, window.catalogue.sample(event)])));
fs.writeFileSync(samplesFile, JSON.stringify(samples));
console.log(`${types.length} pages of events open`);

// Dark, and narrow.
const dark = await open({ colorScheme: "dark" });
await go(dark, "/event/im.message.receive_v1");
await dark.locator("#event-title").waitFor();
await checkAccessibility(dark, "an event, dark");
await picture(dark, "dark-event");
await go(dark, "/scopes?im.message.receive_v1");
await dark.locator("#picked h2").first().waitFor();
const brings = await dark.locator("#picked").innerText();
assert.ok(brings.includes("messages in chats with the bot, by any one of im:message.p2p_msg:readonly"), brings);
await checkAccessibility(dark, "scopes, dark");
await picture(dark, "dark-scopes");
const narrow = await open({ viewport: { width: 360, height: 760 } });
for (const [hash, name] of [["/", "events"], ["/event/contact.department.updated_v3", "event"], ["/scopes?im.message.receive_v1", "scopes"], ["/changes", "changes"]]) {
  await go(narrow, hash);
  await narrow.waitForTimeout(100);
  const [content, screen] = await narrow.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
  if (content > screen) problems.push(`narrow ${name}: ${content} pixels wide on a screen of ${screen}`);
  await checkAccessibility(narrow, `${name}, narrow`);
  await picture(narrow, `narrow-${name}`);
}
await narrow.evaluate("window.scrollTo(0, 700)");
await go(narrow, "/event/contact.department.updated_v3");
await narrow.locator(".fields").scrollIntoViewIfNeeded();
await picture(narrow, "narrow-fields");

await browser.close();
if (problems.length > 0) {
  console.error([...new Set(problems)].join("\n"));
  process.exit(1);
}
console.log("no error of a script, no request to elsewhere, no violation that axe-core finds");
