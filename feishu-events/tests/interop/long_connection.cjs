// The official Node client (npm @larksuiteoapi/node-sdk) for long connections.
//
// Takes a domain, an app's id and its secret. Reads the events to handle from the first line of its
// input, connects, and prints the id of each event that a handler got, a line each; with `--quiet`
// it prints nothing.

let lark;
try {
  lark = require("@larksuiteoapi/node-sdk");
} catch (error) {
  console.error(`@larksuiteoapi/node-sdk is not installed: ${error.message.split("\n")[0]}`);
  process.exit(77);
}
const { AsyncLocalStorage } = require("node:async_hooks");
const readline = require("node:readline");

const [domain, appId, appSecret] = process.argv.slice(2);
const eventId = new AsyncLocalStorage();
const quiet = process.argv.includes("--quiet");

readline.createInterface({ input: process.stdin }).once("line", (line) => {
  const handlers = {};
  for (const event of JSON.parse(line)) {
    handlers[event.type] = async () => {
      if (!quiet) process.stdout.write(`${eventId.getStore()}\n`);
    };
  }
  const silent = () => {};
  const logger = { error: console.error, warn: silent, info: silent, debug: silent, trace: silent };
  const eventDispatcher = new lark.EventDispatcher({ logger }).register(handlers);
  // Handlers get envelope and event in one object, in which an event's own `event_id` hides the
  // envelope's.
  const invoke = eventDispatcher.invoke.bind(eventDispatcher);
  eventDispatcher.invoke = (data, ...rest) =>
    eventId.run(data.header?.event_id ?? data.uuid, () => invoke(data, ...rest));
  const client = new lark.WSClient({ appId, appSecret, domain, logger });
  client.start({ eventDispatcher });
});
