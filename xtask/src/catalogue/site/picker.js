// The scopes that a set of events needs: the same rules as `Manifest` of feishu-events has, and a
// test compares the two.
"use strict";
(() => {
  const { events, lists } = window.feishu;
  const positions = new Map(events.map((event, index) => [event.type, index]));

  // A scope as it can be compared: one that can no longer be applied for is another one.
  const past = "\u0001";
  const keyOf = (event) => {
    const history = new Set(event.schema["x-feishu-history-scopes"] ?? []);
    return (scope) => (history.has(scope) ? scope + past : scope);
  };
  const nameOf = (key) => key.replace(past, "");
  const isPast = (key) => key.endsWith(past);
  const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  // Repeatedly the scope that meets most of the remaining needs; of equals, the first by name.
  function hittingSet(needs) {
    let open = needs.map((need) => {
      const current = need.filter((key) => !isPast(key));
      return current.length > 0 ? current : need;
    });
    const chosen = [];
    while (open.length > 0) {
      const meets = new Map();
      for (const need of open) for (const key of new Set(need)) meets.set(key, (meets.get(key) ?? 0) + 1);
      if (meets.size === 0) break;
      const [best] = [...meets].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && nameOf(b[0]) < nameOf(a[0])) ? b : a));
      open = open.filter((need) => !need.includes(best));
      chosen.push(best);
    }
    return chosen.sort(byText);
  }

  function pick(types) {
    const indices = [...new Set(types)].map((type) => positions.get(type)).filter((index) => index !== undefined);
    const chosen = indices.sort((a, b) => a - b).map((index) => events[index]);
    const needs = [];
    const brings = [];
    for (const event of chosen) {
      const key = keyOf(event);
      const groups = event.brings ?? [];
      if (groups.length === 0) needs.push(event.schema["x-feishu-scopes"].map(key));
    }
    for (const event of chosen) {
      const key = keyOf(event);
      for (const [what, anyOf] of event.brings ?? []) {
        needs.push(anyOf.map(key));
        brings.push({ event: event.type, what, anyOf });
      }
    }
    const keys = hittingSet(needs.filter((need) => need.length > 0));
    const optional = new Map();
    for (const event of chosen) {
      const key = keyOf(event);
      for (const [path, list] of event.fieldScopes ?? []) {
        const anyOf = lists[list].map(key);
        if (anyOf.some((scope) => keys.includes(scope))) continue;
        const scope = anyOf.find((scope) => !isPast(scope)) ?? anyOf[0];
        if (scope === undefined) continue;
        if (!optional.has(scope)) optional.set(scope, []);
        optional.get(scope).push([event.type, path]);
      }
    }
    const scopes = keys.map(nameOf);
    return {
      events: chosen.map((event) => event.type),
      scopes,
      history: keys.filter(isPast).map(nameOf),
      console: JSON.stringify({ scopes: { tenant: scopes, user: [] } }),
      brings,
      optional: [...optional].sort((a, b) => byText(a[0], b[0])).map(([key, fields]) => ({ scope: nameOf(key), fields })),
      subscriptions: chosen.filter((event) => event.subscribe).map((event) => ({ event: event.type, ...event.subscribe })),
      undocumented: chosen
        .filter((event) => !event.schema["x-feishu-document"] && !event.larkPage && event.schema["x-feishu-scopes"].length === 0)
        .map((event) => event.type),
      limits: chosen
        .filter((event) => event.schema["x-feishu-app-types"].length === 1)
        .map((event) => [event.type, event.schema["x-feishu-app-types"][0]]),
    };
  }

  window.catalogue.pick = pick;
})();
