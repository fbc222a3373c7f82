#!/usr/bin/env bash
# node-html-markdown 2.0.0: whatever separates words inside a table cell is dropped without a blank:
# `<br>`, paragraphs, `div`s and list items. "1: open<br>2: shut" becomes "1: open2: shut", so a
# reader of the Markdown can no longer tell where one listed value ends. Outside of tables the same
# elements give line breaks. It matters for tables of enum values that were saved in this way.
#
# Seen on 2026-11-27 with Node.js and node-html-markdown 2.0.0:
#   br: "| 1: open2: shut |"
#   p: "| 1: open2: shut |"
#   div: "| 1: open2: shut |"
#   li: "| 1: open2: shut |"
#   br outside of a table: "1: open  \n2: shut"
#
# Exits with 1 if it behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent node-html-markdown@2.0.0
cat >look.cjs <<'JS'
const { NodeHtmlMarkdown } = require("node-html-markdown");
const cells = {
  br: "1: open<br>2: shut",
  p: "<p>1: open</p><p>2: shut</p>",
  div: "<div>1: open</div><div>2: shut</div>",
  li: "<ul><li>1: open</li><li>2: shut</li></ul>",
};
let same = true;
const show = (name, found, expected) => {
  console.log(`${name}: ${JSON.stringify(found)}`);
  same &&= found === expected;
};
for (const [name, cell] of Object.entries(cells)) {
  const html = `<table><tr><th>state</th></tr><tr><td>${cell}</td></tr></table>`;
  const row = NodeHtmlMarkdown.translate(html).trim().split("\n").pop();
  show(name, row, "| 1: open2: shut |");
}
show("br outside of a table", NodeHtmlMarkdown.translate(cells.br).trim(), "1: open  \n2: shut");
process.exit(same ? 0 : 1);
JS
node look.cjs
