// The documents are valid for the tools of their own formats. Argument: the folder of the exports.
import fs from "node:fs";
import path from "node:path";
import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";

const [out] = process.argv.slice(2);
const text = (name) => fs.readFileSync(path.join(out, name, "feishu-events.json"), "utf8");

const validator = new Validator();
const result = await validator.validate(JSON.parse(text("openapi")));
if (!result.valid || validator.version !== "3.1") {
  console.error("OpenAPI", validator.version, JSON.stringify(result.errors, null, 2));
  process.exit(1);
}
console.log("openapi-schema-validator: valid OpenAPI 3.1");

const { document, diagnostics } = await new Parser().parse(text("asyncapi"));
if (!document || diagnostics.length > 0) {
  console.error("AsyncAPI", JSON.stringify(diagnostics.slice(0, 20), null, 2));
  process.exit(1);
}
const channels = document.channels().all().map((channel) => `${channel.id()} with ${channel.messages().all().length}`);
console.log(`@asyncapi/parser: valid AsyncAPI ${document.version()}, messages of channels: ${channels.join(", ")}`);
