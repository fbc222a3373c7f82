// The page of one event: its facts, its fields, a sample, a handler, the JSON Schema.
"use strict";
(() => {
  const { samples } = window.feishu;

  // Makes an element; text is always text, never HTML.
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value === true) element.setAttribute(key, "");
      else if (value !== undefined && value !== false) element.setAttribute(key, value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
    return element;
  }
  const code = (text) => make("code", {}, text);

  // Words with `code` in them.
  const words = (text) => text.split("`").map((part, index) => (index % 2 === 1 ? code(part) : part));

  const nameIn = (reference) => reference.slice(reference.lastIndexOf("/") + 1);

  // What a field holds: the words for its type, its listed values, the definition inside it.
  function shape(field, definitions) {
    if (field.$ref) {
      const name = nameIn(field.$ref);
      const definition = definitions[name];
      if (definition.properties) return { type: name, inner: name };
      return { ...shape(definition, definitions), named: name };
    }
    if (field.anyOf) {
      const forms = field.anyOf.map((form) => shape(form, definitions));
      const listed = field.anyOf.find((form) => form.enum);
      if (listed) return { type: forms[0].type, values: listed };
      return { type: forms.map((form) => form.type).join(" or "), inner: forms.find((form) => form.inner)?.inner };
    }
    if (field.type === "array") {
      const item = shape(field.items ?? {}, definitions);
      return { ...item, type: `list of ${item.type}` };
    }
    if (field.additionalProperties) return { type: `map of ${shape(field.additionalProperties, definitions).type}` };
    if (field.const !== undefined) return { type: JSON.stringify(field.const) };
    return { type: field.type ?? "any JSON" };
  }

  // The fields of a definition with those inside them; a type within itself is not opened again.
  function rows(name, definitions, level, path, outer) {
    const found = [];
    for (const [field, schema] of Object.entries(definitions[name]?.properties ?? {})) {
      const shown = shape(schema, definitions);
      const at = `${path}/${field}`;
      found.push({ field, schema, level, path: at, ...shown });
      if (shown.inner && shown.inner !== "UserId" && !outer.includes(shown.inner)) {
        found.push(...rows(shown.inner, definitions, level + 1, at, [...outer, shown.inner]));
      }
    }
    return found;
  }

  function payloadOf(event) {
    const member = event.schema.properties?.event ?? event.schema;
    return nameIn(member.$ref);
  }

  function values(listed) {
    const labels = listed["x-enum-descriptions"] ?? [];
    const items = listed.enum.map((value, index) => make("li", {}, code(String(value)), labels[index] ? [" ", labels[index]] : []));
    return make("details", {}, make("summary", {}, `${listed.enum.length} values`), make("ul", {}, items));
  }

  // What an empty entry of the last column means.
  function since(event) {
    const { before } = window.feishu;
    const updated = event.schema["x-feishu-updated"];
    if (before) return make("p", { class: "note" }, `Fields without an entry in the last column were known in the documentation of ${before}.`);
    return updated ? make("p", { class: "note" }, `As documented on ${updated}.`) : undefined;
  }

  function fieldTable(event) {
    const definitions = event.schema.$defs;
    const payload = payloadOf(event);
    const all = rows(payload, definitions, 0, "", [payload]);
    if (all.length === 0) return make("p", {}, "The payload has no documented fields.");
    const added = new Set(event.added ?? []);
    const body = all.map((row) => {
      const scopes = row.schema["x-feishu-field-scopes"] ?? [];
      const known = row.schema["x-feishu-known-to"] ?? [];
      const since = added.has(row.path) ? `new since ${window.feishu.before}` : known.length > 0 ? `not documented; in SDKs: ${known.join(", ")}` : "";
      return make(
        "tr",
        {},
        make("th", { scope: "row", class: `level-${Math.min(row.level, 8)}` }, code(row.field)),
        make("td", { "data-label": "Type" }, row.type),
        make("td", { "data-label": "Meaning" }, row.schema.description ? words(row.schema.description) : [], row.values ? [" ", values(row.values)] : []),
        make("td", { "data-label": "Scopes" }, scopes.length > 0 ? make("ul", { class: "plain" }, scopes.map((scope) => make("li", {}, code(scope)))) : []),
        make("td", { "data-label": "Since" }, since),
      );
    });
    const head = ["Field", "Type", "Meaning", "Any one of these scopes", "Since"].map((title) => make("th", { scope: "col" }, title));
    return make("div", { class: "scroll", role: "region", "aria-label": "Fields", tabindex: "0" }, make("table", { class: "fields" }, make("thead", {}, make("tr", {}, head)), make("tbody", {}, body)));
  }

  // A value that could be real, by the name of its field, as the library's own samples have them.
  function plausible(name, type) {
    if (type === "integer") return /(time|_at|timestamp)$/.test(name) ? 1699430400 : 1;
    if (type === "number") return 1.5;
    if (type === "boolean") return true;
    const entry = samples.find(([end]) => name.endsWith(end));
    return entry ? entry[1] : `sample_${name}`;
  }

  function sampleOf(schema, name, definitions, outer) {
    if (schema.const !== undefined) return schema.const;
    if (schema.$ref) {
      const inner = nameIn(schema.$ref);
      if (outer.filter((other) => other === inner).length > 1) return undefined;
      return sampleOf(definitions[inner], name, definitions, [...outer, inner]);
    }
    if (schema.anyOf) return sampleOf(schema.anyOf[0], name, definitions, outer);
    if (schema.enum) {
      const value = plausible(name, schema.type);
      return schema.enum.includes(value) ? value : schema.enum[0];
    }
    if (schema.type === "array") {
      const item = sampleOf(schema.items ?? {}, name, definitions, outer);
      return item === undefined ? [] : [item];
    }
    if (schema.additionalProperties) return { key: sampleOf(schema.additionalProperties, name, definitions, outer) };
    if (schema.properties) {
      const members = Object.entries(schema.properties).map(([field, inner]) => [field, sampleOf(inner, field, definitions, outer)]);
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    if (schema.type === undefined || schema.type === "object") return { key: "value" };
    const value = plausible(name, schema.type);
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return Math.max(value, schema.minimum ?? value);
    return value.padEnd(schema.minLength ?? 0, "x").slice(0, schema.maxLength);
  }

  function sample(event) {
    const body = sampleOf(event.schema, "", event.schema.$defs, []);
    // Only events of cloud documents have these.
    if (body.header && !event.type.startsWith("drive.")) {
      delete body.header.resource_id;
      delete body.header.user_list;
    }
    return body;
  }

  function handler(event) {
    const rest = event.type.replace(/_v\d+$/i, "").split(".").slice(event.schema["x-feishu-protocol"] === "2.0" ? 1 : 0).join("_");
    const name = `on_${rest.replace(/([a-z])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_").toLowerCase()}`;
    const parameter = event.response ? "request" : "event";
    const result = event.response ? ` -> ${event.response}` : "";
    const lines = [
      `use feishu_events::{${event.module}, feishu_handler};`,
      ...(event.use ?? []).map((path) => `use ${path};`),
      "",
      `#[feishu_handler("${event.type}")]`,
      `async fn ${name}(${parameter}: ${event.module}::${event.payload})${result} {`,
      `    println!("{${parameter}:?}");`,
      ...(event.response ? [`    ${event.answer}`] : []),
      "}",
    ];
    return lines.join("\n");
  }

  let blocks = 0;
  function block(title, text) {
    blocks += 1;
    const id = `block-${blocks}`;
    const button = make("button", { type: "button", class: "copy", "data-copy": id, "aria-label": `Copy: ${title}` }, "Copy");
    const pre = make("pre", { id, tabindex: "0", "aria-label": title }, make("code", {}, text));
    return make("section", {}, make("div", { class: "block-head" }, make("h2", {}, title), button), pre);
  }

  function facts(event) {
    const schema = event.schema;
    const page = schema["x-feishu-document"];
    const scopes = schema["x-feishu-scopes"];
    const history = new Set(schema["x-feishu-history-scopes"] ?? []);
    const apps = schema["x-feishu-app-types"];
    const known = schema["x-feishu-known-to"] ?? [];
    const pairs = [
      ["Service", [event.service]],
      ["Kind", [schema["x-feishu-kind"] === "callback" ? "callback: it is answered while the user waits" : "event"]],
      ["Protocol", [schema["x-feishu-protocol"]]],
      ["Documented", page ? [make("a", { href: page }, "page of the platform"), schema["x-feishu-updated"] ? `, last changed on ${schema["x-feishu-updated"]}` : ""] : event.larkPage ? [make("a", { href: event.larkPage }, "page of Lark's portal")] : [known.length > 0 ? `not documented; known from SDKs: ${known.join(", ")}` : "not documented"]],
      ["Apps", [apps.length === 0 ? "not known" : apps.map((app) => (app === "isv" ? "store apps (isv)" : "custom apps")).join(", ")]],
      ["Any one of these scopes", scopes.length > 0 ? [make("ul", { class: "plain" }, scopes.map((scope) => make("li", {}, code(scope), history.has(scope) ? " (can no longer be applied for)" : "")))] : [page ? "none is needed" : "not known"]],
    ];
    if (event.subscribe) {
      const { method, path, per } = event.subscribe;
      pairs.push(["Second step", [code(`${method} ${path}`), `, once for each ${per}`]]);
    }
    return make("dl", { class: "facts" }, pairs.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))));
  }

  function page(event) {
    const titles = [
      event.zh ? make("span", { lang: "zh-CN" }, event.zh) : undefined,
      event.en ? make("span", {}, event.en) : undefined,
    ].filter(Boolean);
    return [
      make("h1", { id: "event-title", tabindex: "-1" }, code(event.type)),
      make("p", { class: "titles" }, titles.flatMap((title, index) => (index > 0 ? [" · ", title] : [title]))),
      event.schema.description ? make("p", { class: "lead" }, words(event.schema.description)) : undefined,
      make("p", {}, make("a", { class: "button", href: `#/scopes?${encodeURIComponent(event.type)}` }, "Which scopes does it need?")),
      facts(event),
      make("section", {}, make("h2", {}, "Fields"), since(event), fieldTable(event)),
      block("Handler", handler(event)),
      block("Sample", JSON.stringify(sample(event), null, 2)),
      block("JSON Schema", JSON.stringify(event.schema, null, 2)),
    ].filter(Boolean);
  }

  Object.assign(window.catalogue, { make, code, words, page, block, sample, handler });
})();
