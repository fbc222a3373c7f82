// The search: over names, titles in both languages, what events mean, their fields and scopes.
"use strict";
(() => {
  const cjk = /[\u3400-\u9fff]/;

  // Words of letters and digits; Chinese, which has no spaces, as single characters and pairs.
  function tokenize(text) {
    const tokens = [];
    for (const part of text.toLowerCase().match(/[a-z0-9]+|[\u3400-\u9fff]+/g) ?? []) {
      if (!cjk.test(part)) {
        tokens.push(part);
        continue;
      }
      for (let at = 0; at < part.length; at += 1) {
        tokens.push(part[at]);
        if (at + 1 < part.length) tokens.push(part.slice(at, at + 2));
      }
    }
    return tokens;
  }

  // What is asked for in Chinese is found by its pairs: a single character is in too many events.
  function tokenizeQuery(text) {
    const tokens = tokenize(text);
    return tokens.filter((token) => !(cjk.test(token) && token.length === 1 && tokens.some((other) => other.length === 2 && other.includes(token))));
  }

  function words(schema) {
    const found = [];
    for (const definition of Object.values(schema.$defs ?? {})) {
      if (definition.description) found.push(definition.description);
      for (const [name, field] of Object.entries(definition.properties ?? {})) {
        found.push(name);
        if (field.description) found.push(field.description);
      }
    }
    return found.join(" ");
  }

  function scopes(event) {
    const lists = [event.schema["x-feishu-scopes"], event.schema["x-feishu-field-scopes"] ?? []];
    return lists.flat().join(" ");
  }

  const index = new MiniSearch({
    fields: ["name", "title", "doc", "scopes", "fields"],
    tokenize,
    processTerm: (term) => term,
    searchOptions: {
      tokenize: tokenizeQuery,
      combineWith: "AND",
      prefix: (term) => !cjk.test(term),
      fuzzy: (term) => (cjk.test(term) || term.length < 5 ? false : 0.2),
      boost: { name: 8, title: 6, doc: 3, scopes: 2 },
    },
  });
  // What is in every event says nothing about one.
  const common = new Set(["EventHeader", "UserId"]);
  index.addAll(
    window.feishu.events.map((event, id) => {
      const definitions = Object.entries(event.schema.$defs).filter(([name]) => !common.has(name));
      return {
        id,
        name: event.type,
        title: `${event.zh} ${event.en}`,
        doc: event.schema.description ?? "",
        scopes: scopes(event),
        fields: words({ $defs: Object.fromEntries(definitions) }),
      };
    }),
  );

  window.catalogue = {
    search: (text) => index.search(text).map((result) => window.feishu.events[result.id]),
  };
})();
