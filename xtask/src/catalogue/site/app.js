// Which page is shown, the search box, the scopes, and the copy buttons.
"use strict";
(() => {
  const { events } = window.feishu;
  const { make, code, page, block, pick, search } = window.catalogue;
  const byType = new Map(events.map((event) => [event.type, event]));
  const element = (id) => document.getElementById(id);
  const pages = ["results", "events", "event", "scopes", "changes"];
  const box = element("search");
  const say = (text) => { element("status").textContent = text; };

  function show(name, title) {
    for (const other of pages) element(`${other}-page`).hidden = other !== name;
    for (const link of document.querySelectorAll("nav [data-page]")) {
      if (link.dataset.page === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = title ? `${title} · Events of Feishu and Lark` : "Events of Feishu and Lark";
  }

  function route(isFirst) {
    const place = decodeURIComponent(location.hash.replace(/^#/, ""));
    const [path, query] = place.split("?");
    const event = path.startsWith("/event/") ? byType.get(path.slice("/event/".length)) : undefined;
    if (!path.startsWith("/") && path !== "") {
      // A place on the page of all events.
      show("events");
      element(path)?.focus();
      element(path)?.scrollIntoView();
      return;
    }
    if (path.startsWith("/event/")) {
      const content = event ? page(event) : [make("h1", { id: "event-title", tabindex: "-1" }, "There is no such event"), make("p", {}, code(path.slice("/event/".length)))];
      element("event-page").replaceChildren(...content);
      show("event", event?.type ?? "No such event");
    } else if (path === "/scopes") {
      choose((query ?? "").split(",").filter((type) => byType.has(type)));
      show("scopes", "Scopes");
    } else if (path === "/changes") {
      show("changes", "Changes");
    } else {
      show("events");
    }
    if (!isFirst) {
      box.value = "";
      window.scrollTo(0, 0);
      document.querySelector("main section:not([hidden]) h1").focus({ preventScroll: true });
    }
  }

  // The search.
  const most = 50;
  function find() {
    const text = box.value.trim();
    if (text === "") {
      say("");
      route(true);
      return;
    }
    const found = search(text);
    const shown = found.slice(0, most).map((event) => {
      const titles = [event.zh && make("span", { lang: "zh-CN", class: "title" }, event.zh), event.en && make("span", { class: "title" }, event.en)];
      const parts = titles.filter(Boolean).flatMap((title) => [" ", title]);
      const doc = event.schema.description;
      return make("li", {}, make("a", { href: `#/event/${event.type}` }, code(event.type)), parts, doc ? [" ", make("span", { class: "doc" }, doc)] : []);
    });
    element("results").replaceChildren(...shown);
    const count = found.length === 1 ? "1 event" : `${found.length} events`;
    element("results-title").textContent = found.length > most ? `${count}, the first ${most}` : count;
    say(`${count} found`);
    show("results", `Search: ${text}`);
  }
  box.addEventListener("input", find);
  element("search-form").addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    document.querySelector("#results a")?.click();
  });
  document.addEventListener("keydown", (key) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (key.key === "/" && !isTyping && !key.ctrlKey && !key.metaKey && !key.altKey) {
      key.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const links = [...document.querySelectorAll("#results a")];
    const at = links.indexOf(document.activeElement);
    const isInSearch = document.activeElement === box || at >= 0;
    if (element("results-page").hidden || !isInSearch) return;
    if (key.key === "ArrowDown") {
      key.preventDefault();
      (links[at + 1] ?? links[at])?.focus();
    } else if (key.key === "ArrowUp" && at >= 0) {
      key.preventDefault();
      (links[at - 1] ?? box).focus();
    } else if (key.key === "Escape") {
      box.value = "";
      box.focus();
      find();
    }
  });

  // The scopes.
  const boxes = new Map();
  function addChoices() {
    const services = new Map();
    for (const event of events) {
      if (!services.has(event.service)) services.set(event.service, []);
      services.get(event.service).push(event);
    }
    for (const [service, all] of [...services].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const items = all.map((event) => {
        const input = make("input", { type: "checkbox", value: event.type, id: `pick-${event.type}` });
        input.addEventListener("change", () => {
          const chosen = [...boxes.values()].filter((other) => other.checked).map((other) => other.value);
          // The address can be shared, without a page of its own in the history for each tick.
          history.replaceState(null, "", `#/scopes${chosen.length > 0 ? `?${chosen.map(encodeURIComponent).join(",")}` : ""}`);
          showPicked(chosen);
          const { scopes } = pick(chosen);
          say(`${chosen.length} selected, scopes: ${scopes.join(", ") || "none"}`);
        });
        boxes.set(event.type, input);
        return make("li", { "data-type": event.type }, make("label", { for: input.id }, input, " ", code(event.type)));
      });
      element("pick-list").append(make("details", { "data-service": service }, make("summary", {}, `${service} (${all.length})`), make("ul", { class: "plain" }, items)));
    }
  }
  function choose(types) {
    if (boxes.size === 0) addChoices();
    for (const [type, input] of boxes) {
      input.checked = types.includes(type);
      if (input.checked) input.closest("details").open = true;
    }
    showPicked(types);
  }
  function list(title, items) {
    return items.length === 0 ? [] : [make("h2", {}, title), make("ul", { class: "plain" }, items.map((item) => make("li", {}, item)))];
  }
  function showPicked(types) {
    if (types.length === 0) {
      element("picked").replaceChildren(make("p", { class: "note" }, "No event is selected."));
      return;
    }
    const answer = pick(types);
    const history = new Set(answer.history);
    const count = answer.events.length === 1 ? "1 event" : `${answer.events.length} events`;
    element("picked").replaceChildren(
      make("p", {}, `${count} selected.`),
      ...(answer.scopes.length > 0 ? [] : [make("p", {}, "No scope is needed.")]),
      ...list("Scopes to apply for", answer.scopes.map((scope) => [code(scope), history.has(scope) ? " (can no longer be applied for)" : ""])),
      ...list("What single scopes bring", answer.brings.map(({ event, what, anyOf }) => [code(event), `: ${what}, by any one of `, anyOf.flatMap((scope, index) => (index > 0 ? [", ", code(scope)] : [code(scope)]))])),
      ...list("Second step: arrives only after this call", answer.subscriptions.map(({ event, method, path, per }) => [code(event), ": ", code(`${method} ${path}`), `, once for each ${per}`])),
      ...list("Only one kind of app can receive", answer.limits.map(([event, app]) => [code(event), app === "isv" ? ": store apps (isv)" : ": custom apps"])),
      ...list("Which scopes are needed is not known", answer.undocumented.map((event) => code(event))),
      block("For the console", answer.console),
      ...(answer.optional.length === 0
        ? []
        : [make("h2", {}, "Stays empty (None) without a further scope"), ...answer.optional.map(({ scope, fields }) => make("details", {}, make("summary", {}, code(scope), ` ${fields.length}`), make("ul", { class: "plain" }, fields.map(([event, path]) => make("li", {}, code(event), " ", code(path))))))]),
    );
  }
  element("pick-filter").addEventListener("input", (typed) => {
    const text = typed.target.value.trim().toLowerCase();
    for (const group of document.querySelectorAll("#pick-list details")) {
      let any = false;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !item.dataset.type.toLowerCase().includes(text);
        any ||= !item.hidden;
      }
      group.hidden = !any;
      if (text !== "") group.open = any;
    }
  });

  // The copy buttons.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed here, for example in a page from a file: the older way.
      const area = make("textarea", { readonly: true, class: "hidden-text" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("the browser does not allow copying");
    }
  }
  document.addEventListener("click", async (click) => {
    const button = click.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await copy(element(button.dataset.copy).textContent);
      button.textContent = "Copied";
      say("Copied");
    } catch {
      button.textContent = "Select and copy it by hand";
      say("Copying is not allowed here");
    }
    button.focus();
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  window.addEventListener("hashchange", () => route(false));
  route(true);
})();
