// The official Node SDK (npm @larksuiteoapi/node-sdk), for src/bin/compare/sdk.rs.
//
// Its types are those of TypeScript: they are counted in its declarations, and nothing of them is
// left when it runs. It is given a handler for each event that has one.

const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

let lark, folder, version;
try {
  lark = require("@larksuiteoapi/node-sdk");
  const main = require.resolve("@larksuiteoapi/node-sdk");
  folder = path.dirname(path.dirname(main));
  ({ version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")));
} catch (error) {
  console.error(`@larksuiteoapi/node-sdk is not installed: ${error.message.split("\n")[0]}`);
  process.exit(77);
}

// The names in the interfaces of the handlers.
function typedEvents() {
  const declarations = fs.readFileSync(path.join(folder, "types", "index.d.ts"), "utf8");
  const names = new Set();
  for (const part of ["IHandles", "IOtherEventHandles"]) {
    const begin = declarations.search(new RegExp(`^interface ${part}\\b`, "m"));
    const end = declarations.indexOf("\n}", begin);
    const members = declarations.slice(begin, end).matchAll(/^ {4}"?([\w.]+)"?\?: \(/gm);
    for (const [, name] of members) names.add(name);
  }
  for (const callback of ["card.action.trigger", "url.preview.get"]) names.delete(callback);
  return names;
}

let calls = 0;
const handle = () => {
  calls += 1;
};

async function main() {
  const names = typedEvents();
  const silent = () => {};
  const logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };
  const handlers = Object.fromEntries([...names].map((name) => [name, handle]));
  const dispatcher = new lark.EventDispatcher({ logger }).register(handlers);
  // As its adapters for servers do: bytes, text, JSON, then the dispatcher.
  const dispatch = (body) => dispatcher.invoke(JSON.parse(body.toString()), { needCheck: false });
  const isHandled = async (body) => {
    const before = calls;
    await dispatch(body);
    return calls > before;
  };

  const name = `@larksuiteoapi/node-sdk ${version} (Node)`;
  console.log(JSON.stringify({ name, events: names.size }));
  let bodies = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim() !== "run") {
      bodies = JSON.parse(line).map((sample) => Buffer.from(sample.json));
      const handled = [];
      for (const body of bodies) handled.push(await isHandled(body));
      console.log(JSON.stringify(handled));
    } else {
      const begun = process.hrtime.bigint();
      for (const body of bodies) await dispatch(body);
      console.log(String(process.hrtime.bigint() - begun));
    }
  }
}

main();
