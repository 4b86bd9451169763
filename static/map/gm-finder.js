/* Find: search, the industry tree with counts, and the list of places that fit.
 *
 * The answer to a click is worked out here first, from the same table the server uses, so that the map changes at once;
 * the server's own answer follows and replaces it. Text reaches the page through textContent alone. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const RANK = ["named", "named by field", "named by zone", "by industry", "none"];

  function under(places, id, wanted) {
    for (let at = id; at; at = places[at] && places[at].parent) if (wanted.has(at)) return true;
    return false;
  }

  /** What fits, by the same rule as the server's: place id to its strongest basis, or null where nothing is asked. */
  gm.fitting = function (fits, places, chosen, where, mode) {
    if (!chosen.size && !where.size) return null;
    const reasons = {};
    where = new Set([...where].filter((id) => ![...where].some((other) => (places[other] || {}).parent === id)));
    for (const id of Object.keys(places)) {
      if (where.size && !under(places, id, where)) continue;
      const found = [...chosen].map((topic) => (fits[topic] || {})[id]).filter(Boolean);
      if (chosen.size && (mode === "all" ? found.length < chosen.size : !found.length)) continue;
      reasons[id] = chosen.size ? found.sort((a, b) => RANK.indexOf(a) - RANK.indexOf(b))[0] : "";
    }
    return reasons;
  };

  gm.finder = function (holder, config, handlers) {
    const w = config.words;
    const state = { chosen: new Set(), places: new Set(), mode: "any", open: config.tree[0].id, selected: null, hits: [], query: "", lit: null, reasons: {} };
    const boxes = new Map();
    const el = gm.element;

    /* -- search -- */
    const input = el("input", { type: "search", class: "gm-search", placeholder: w.search_hint, "aria-label": w.search, autocomplete: "off",
      role: "combobox", "aria-expanded": "false", "aria-controls": `${config.key}-hits`, "aria-autocomplete": "list", spellcheck: "false" });
    const hits = el("ul", { id: `${config.key}-hits`, class: "gm-hits", role: "listbox", "aria-label": w.search, hidden: true });
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      state.query = input.value;
      if (!input.value.trim()) { state.hits = []; drawHits(); return; }
      timer = setTimeout(() => handlers.query(input.value), 120);
    });
    input.addEventListener("keydown", (event) => {
      const options = [...hits.children];
      if (event.key === "ArrowDown" && options.length) { event.preventDefault(); options[0].focus(); }
      if (event.key === "Escape") { input.value = ""; state.hits = []; drawHits(); }
      if (event.key === "Enter" && state.hits.length) { event.preventDefault(); take(state.hits[0]); }
    });
    const search = el("div", { class: "gm-searchbox" }, input, hits);

    function take(hit) {
      const held = hits.contains(document.activeElement);  // the row that was pressed goes; the field has the focus then
      input.value = "";
      state.query = "";
      state.hits = [];
      drawHits();
      if (hit.topics.length) { state.chosen = new Set(hit.topics); openFor(hit.topics[0]); changed(); }
      if (hit.place) handlers.select(hit.place);
      if (hit.at) handlers.look(hit.at);
      handlers.taken(hit);
      if (held) input.focus({ preventScroll: true });
    }

    function drawHits() {
      hits.replaceChildren(...state.hits.map((hit) => {
        const item = el("li", { role: "option", tabindex: "-1", "aria-selected": "false" },
          el("span", { class: "gm-hit-name", text: hit.name }), el("span", { class: "gm-quiet", text: hit.kind }));
        item.addEventListener("click", () => take(hit));
        item.addEventListener("keydown", (event) => {
          if (event.key === "Enter") take(hit);
          if (event.key === "ArrowDown" && item.nextSibling) { event.preventDefault(); item.nextSibling.focus(); }
          if (event.key === "ArrowUp") { event.preventDefault(); (item.previousSibling || input).focus(); }
          if (event.key === "Escape") { state.hits = []; drawHits(); input.focus(); }
        });
        return item;
      }));
      if (!state.hits.length && state.query.trim() && state.answered === state.query) hits.append(el("li", { class: "gm-none", text: w.search_none }));
      hits.hidden = !hits.children.length;
      input.setAttribute("aria-expanded", String(!hits.hidden));
    }

    /* -- branches: four industries, then where -- */
    const tabs = el("div", { class: "gm-chips", role: "tablist", "aria-label": w.industries });
    const panel = el("div", { class: "gm-tree", role: "tabpanel", id: `${config.key}-tree`, tabindex: "-1" });
    const branches = [...config.tree, { id: "where", short: w.where, kids: config.where }];
    for (const branch of branches) {
      const tab = el("button", { type: "button", role: "tab", id: `${config.key}-${branch.id}`, class: "gm-chip", "aria-controls": panel.id,
        onclick: () => { state.open = branch.id; drawTree(); } });
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs.children[(branches.indexOf(branch) + step + branches.length) % branches.length];
        next.focus();
        next.click();
      });
      tabs.append(tab);
    }

    function topicsUnder(node) { return node.kids && node.kids.length ? node.kids.flatMap(topicsUnder) : [node.id]; }
    function openFor(topic) {
      const branch = config.tree.find((one) => topicsUnder(one).includes(topic));
      if (branch) state.open = branch.id;
      drawTree();
    }

    /* Rows are drawn anew; the one that had the focus has it again, so that keys go on where they were. */
    function keeping(box, name, draw) {
      const held = box.contains(document.activeElement) ? document.activeElement.dataset[name] : null;
      draw();
      if (!held) return;
      const again = [...box.querySelectorAll(`[data-${name}]`)].find((node) => node.dataset[name] === held) || box.querySelector(`[data-${name}]`);
      (again || input).focus({ preventScroll: true });
    }

    function drawTree() { keeping(panel, "node", drawBranch); }

    function drawBranch() {
      branches.forEach((branch, index) => {
        const tab = tabs.children[index];
        const open = state.open === branch.id;
        const mine = branch.id === "where" ? state.places.size : topicsUnder(branch).filter((id) => state.chosen.has(id)).length;
        const total = branch.id === "where" ? null : topicsUnder(branch).length;
        tab.replaceChildren(el("span", { text: branch.short }), el("span", { class: "gm-count", text: mine ? `${mine}/${total || branch.kids.length + 5}` : total === null ? "" : String(total) }));
        tab.setAttribute("aria-selected", String(open));
        tab.setAttribute("tabindex", open ? "0" : "-1");
        tab.classList.toggle("gm-has", mine > 0);
      });
      const branch = branches.find((one) => one.id === state.open);
      panel.setAttribute("aria-labelledby", `${config.key}-${branch.id}`);
      boxes.clear();
      panel.replaceChildren(...(branch.id === "where" ? branch.kids.flatMap((zone) => [whereRow(zone, 0), ...zone.kids.map((kid) => whereRow(kid, 1))])
        : branch.kids.flatMap((field) => field.kids.length === 1 && field.kids[0].name === field.name ? [row(field.kids[0], 0)]
          : [row(field, 0), ...field.kids.map((topic) => row(topic, 1))])));
      sync();
    }

    function row(node, depth) {
      const box = el("input", { type: "checkbox", value: node.id, "data-node": node.id });
      const topics = topicsUnder(node);
      box.addEventListener("change", () => {
        for (const id of topics) if (box.checked) state.chosen.add(id); else state.chosen.delete(id);
        changed();
      });
      boxes.set(node.id, { box, topics });
      return el("label", { class: `gm-row gm-depth-${depth}` }, box, el("span", { class: "gm-row-name", text: node.name }), el("span", { class: "gm-quiet", text: depth || node.rank === "topic" ? node.hint : "" }));
    }

    function whereRow(node, depth) {
      const box = el("input", { type: "checkbox", value: node.id, "data-node": node.id });
      box.addEventListener("change", () => { if (box.checked) state.places.add(node.id); else state.places.delete(node.id); changed(); });
      boxes.set(node.id, { box, topics: null });
      return el("label", { class: `gm-row gm-depth-${depth}` }, box, el("span", { class: "gm-row-name", text: node.name }), el("span", { class: "gm-quiet", text: node.hint }));
    }

    function sync() {
      for (const [id, { box, topics }] of boxes) {
        if (!topics) { box.checked = state.places.has(id); continue; }
        const count = topics.filter((topic) => state.chosen.has(topic)).length;
        box.checked = count === topics.length;
        box.indeterminate = count > 0 && count < topics.length;
      }
    }

    function changed() {
      const reasons = gm.fitting(config.fits, config.places, state.chosen, state.places, state.mode);
      state.reasons = reasons || {};
      state.lit = reasons === null ? null : Object.keys(reasons);
      handlers.light(state.lit);
      drawTree();
      drawList();
      handlers.filter({ topics: [...state.chosen].sort(), places: [...state.places].sort(), mode: state.mode });
    }

    /* -- the list -- */
    const summary = el("p", { class: "gm-summary", "aria-live": "polite" });
    const mode = el("button", { type: "button", class: "gm-link", onclick: () => { state.mode = state.mode === "any" ? "all" : "any"; changed(); } });
    const clear = el("button", { type: "button", class: "gm-link", text: w.clear, onclick: () => { state.chosen.clear(); state.places.clear(); changed(); input.focus({ preventScroll: true }); } });
    const bar = el("div", { class: "gm-bar" }, summary, mode, clear);
    const list = el("ul", { class: "gm-list", "aria-label": w.list });
    list.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.selected) handlers.select(null); });

    function drawList() { keeping(list, "place", drawPlaces); }

    function drawPlaces() {
      const level = (id) => config.places[id].level;
      const all = Object.keys(config.places);
      const lit = state.lit === null ? all : all.filter((id) => state.lit.includes(id));
      const count = (kind) => lit.filter((id) => level(id) === kind).length;
      summary.textContent = w.summary.replace("{units}", count("unit")).replace("{clusters}", count("cluster")).replace("{zones}", count("zone"));
      mode.textContent = state.mode === "any" ? w.mode_any : w.mode_all;
      mode.hidden = state.chosen.size < 2;
      clear.hidden = !state.chosen.size && !state.places.size;
      const rows = [];
      const units = lit.filter((id) => level(id) === "unit");
      const shown = units.length ? units : lit.filter((id) => level(id) !== "corridor");
      for (const id of shown) rows.push(listRow(id));
      if (!shown.length) rows.push(el("li", { class: "gm-none", text: w.list_none }));
      else if (!units.length) rows.unshift(el("li", { class: "gm-none", text: w.list_zones }));
      list.replaceChildren(...rows);
    }

    function listRow(id) {
      const place = config.places[id];
      const basis = state.reasons[id];
      const parent = place.parent ? config.places[place.parent] : null;
      const button = el("button", { type: "button", class: "gm-item", "data-place": id, "aria-pressed": String(state.selected === id),
        onclick: () => handlers.select(id) },
        el("span", { class: `gm-dot gm-dot-${place.cluster || place.level}`, "aria-hidden": "true" }),
        el("span", { class: "gm-item-name", text: place.short }),
        el("span", { class: "gm-quiet gm-item-parent", text: parent ? parent.short : w[`level_${place.level}`] }),
        basis ? el("span", { class: `gm-badge gm-badge-${RANK.indexOf(basis)}`, text: w[`basis_${RANK.indexOf(basis)}`] }) : null);
      return el("li", {}, button);
    }

    const fold = el("details", { class: "gm-fold", open: true }, el("summary", { text: w.filter }), tabs, panel);
    const found = el("details", { class: "gm-fold", open: true }, el("summary", { text: w.list }), list);
    holder.replaceChildren(search, fold, bar, found);
    if (root.matchMedia("(max-width: 800px)").matches) { fold.open = false; found.open = false; }
    for (const branch of config.tree) if (branch.id === state.open) drawTree();
    drawList();

    return {
      update(next) {
        const same = (set, values) => set.size === values.length && values.every((value) => set.has(value));
        let stale = false;
        if (next.topics && !same(state.chosen, next.topics)) { state.chosen = new Set(next.topics); if (next.topics.length) openFor(next.topics[0]); stale = true; }
        if (next.places && !same(state.places, next.places)) { state.places = new Set(next.places); stale = true; }
        if (next.mode && next.mode !== state.mode) { state.mode = next.mode; stale = true; }
        if ("lit" in next) { state.lit = next.lit; state.reasons = next.reasons || {}; }
        if (next.hits && next.query === state.query) { state.hits = next.hits; state.answered = next.query; drawHits(); }
        if (stale) drawTree();
        if ("selected" in next) state.selected = next.selected;
        drawList();
      },
      select(id) {
        state.selected = id;
        for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.place === id));
      },
      state,
    };
  };
})(window);
