// The official Node client (npm @larksuiteoapi/node-sdk) in the place of `feishu-events tail`: its
// handler writes each event to stdout as a line of JSON, or, with --exec CMD, runs a command and throws
// if that fails. Run by the tests in lossless.rs, if FEISHU_CLI_PEER names it.

const { spawn } = require("node:child_process");
const lark = require("@larksuiteoapi/node-sdk");

const at = process.argv.indexOf("--exec");
const command = at > 0 ? process.argv[at + 1] : undefined;
const logger = { error() {}, warn() {}, info: noteReady, debug: noteReady, trace() {} };

function noteReady(...words) {
  if (words.flat().join(" ").includes("ws client ready")) console.error("ready");
}

function run(line, id) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, FEISHU_EVENT_ID: id };
    const child = spawn("sh", ["-c", command], { env, stdio: ["pipe", "inherit", "inherit"] });
    child.stdin.on("error", () => {});
    child.stdin.end(line);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`exited with ${code}`))));
  });
}

const eventDispatcher = new lark.EventDispatcher({ logger }).register({
  "contact.user.created_v3": async (data) => {
    const line = JSON.stringify({ header: { event_id: data.event_id }, event: data }) + "\n";
    if (command) return run(line, data.event_id);
    await new Promise((resolve) => process.stdout.write(line, resolve));
  },
});
const { FEISHU_APP_ID: appId, FEISHU_APP_SECRET: appSecret, FEISHU_DOMAIN: domain } = process.env;
new lark.WSClient({ appId, appSecret, domain, logger, loggerLevel: lark.LoggerLevel.debug }).start({ eventDispatcher });
