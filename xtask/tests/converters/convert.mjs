// Turns the HTML in a folder into Markdown with each converter for Node.

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, tools] = process.argv.slice(2);
const require = createRequire(path.join(tools, "package.json"));
const TurndownService = require("turndown");
const { gfm } = require("turndown-plugin-gfm");
const { NodeHtmlMarkdown } = require("node-html-markdown");
const modules = ["unified", "rehype-parse", "rehype-remark", "remark-gfm", "remark-stringify"];
const [{ unified }, parse, toRemark, remarkGfm, stringify] = await Promise.all(
  modules.map((name) => import(pathToFileURL(path.join(tools, "node_modules", name, "index.js")).href)),
);

const turndown = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced" });
turndown.use(gfm);
const plain = new TurndownService();
plain.use(gfm);
const remark = unified()
  .use(parse.default)
  .use(toRemark.default)
  .use(remarkGfm.default)
  .use(stringify.default);

const converters = {
  "turndown-gfm": (html) => turndown.turndown(html),
  "turndown-gfm-default": (html) => plain.turndown(html),
  "node-html-markdown": (html) => NodeHtmlMarkdown.translate(html),
  "rehype-remark": (html) => String(remark.processSync(html)),
};

const pages = fs.readdirSync(path.join(folder, "html")).sort();
for (const page of pages) {
  const html = fs.readFileSync(path.join(folder, "html", page), "utf8");
  for (const [name, convert] of Object.entries(converters)) {
    const out = path.join(folder, name);
    fs.mkdirSync(out, { recursive: true });
    fs.writeFileSync(path.join(out, page.replace(/\.html$/, ".md")), convert(html));
  }
}
