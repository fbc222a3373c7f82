// The JSON Schemas in ajv, in its strict mode: all compile; each body that the reader of
// feishu-events takes is valid as received, each that it refuses is not; and the samples of the
// documentation, where they are at hand, are valid in both profiles but for those that are listed.
// Arguments: the folder of the exports, the file of cases, then files of samples.
import fs from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";

const [out, cases, ...samples] = process.argv.slice(2);
// Strict mode refuses keywords that it does not know: these are ours.
const keywords = [
  "event-type", "protocol", "kind", "document", "updated", "known-to", "app-types", "scopes",
  "field-scopes", "history-scopes",
].map((name) => `x-feishu-${name}`);
const ajv = new Ajv2020.default({ allowUnionTypes: true });
formats.default(ajv);
ajv.addVocabulary([...keywords, "x-enum-varnames", "x-enum-descriptions"]);

const problems = [];
const lines = (file) => fs.readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
const validators = { documented: {}, received: {} };
let compiled = 0;
for (const profile of Object.keys(validators)) {
  const folder = path.join(out, profile);
  for (const file of fs.readdirSync(folder, { recursive: true }).sort()) {
    if (!file.endsWith(".json")) continue;
    const schema = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
    validators[profile][schema["x-feishu-event-type"]] = ajv.compile(schema);
    compiled += 1;
  }
}
console.log(`ajv: ${compiled} schemas compile`);

function put(body, pointer, value) {
  const names = pointer.split("/").slice(1);
  const last = names.pop();
  names.reduce((place, name) => place[name], body)[last] = value;
}

let bodies = 0;
for (const line of lines(cases)) {
  const { type, body, cases } = JSON.parse(line);
  const validate = validators.received[type];
  if (!validate(body)) problems.push(`${type}: its sample is refused: ${ajv.errorsText(validate.errors)}`);
  for (const [pointer, value, isTaken] of cases) {
    const changed = structuredClone(body);
    put(changed, pointer, value);
    bodies += 1;
    if (validate(changed) !== isTaken) {
      const reader = isTaken ? "takes" : "refuses";
      problems.push(`${type} ${pointer}: the reader ${reader} ${JSON.stringify(value)}, the schema does not`);
    }
  }
}
console.log(`ajv: the schemas agree with the reader about ${bodies} bodies`);

// Where a sample is not as its own page documents it: page, pointer, cause.
const listed = lines(new URL("documented_exceptions.txt", import.meta.url)).filter((line) => !line.startsWith("#"));
const seen = new Set();
for (const file of samples) {
  const valid = { documented: 0, received: 0 };
  const all = lines(file).map((line) => JSON.parse(line));
  for (const { type, page, body } of all) {
    for (const profile of Object.keys(valid)) {
      const validate = validators[profile][type];
      if (validate(body)) {
        valid[profile] += 1;
        continue;
      }
      // A list of several forms has an error for each; the place is what counts.
      const places = new Map(validate.errors.map((error) => [error.instancePath, error.message]));
      for (const [place, message] of places) {
        const exception = `${page} ${place}: ${message}`;
        seen.add(exception);
        if (profile === "received" || !listed.includes(exception)) problems.push(`${profile}: ${exception}`);
      }
    }
  }
  console.log(`ajv: of ${all.length} samples ${valid.received} are valid as received, ${valid.documented} as documented`);
  if (all.length === 0) problems.push(`${file} has no samples`);
}
if (samples.length > 0) {
  problems.push(...listed.filter((line) => !seen.has(line)).map((line) => `strike off, it is right now: ${line}`));
}

if (problems.length > 0) {
  console.error(problems.slice(0, 50).join("\n"));
  console.error(`${problems.length} problems`);
  process.exit(1);
}
