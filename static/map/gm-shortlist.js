/* The shortlist: places a person keeps, with a note to each. It lives in the browser alone, so that it survives a reload;
 * the server hears of it on the page that compares. All text goes in through textContent and values. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const KEY = "gm-map-shortlist";
  const MOST = 30, LONGEST = 1000;
  const listeners = new Set();

  /* What was stored may be anything: only known ids and plain notes are taken back. */
  function stored() {
    try {
      const told = JSON.parse(root.localStorage.getItem(KEY) || "[]");
      return (Array.isArray(told) ? told : []).filter((item) => item && /^(corridor|zone|cluster|unit)-\d+$/.test(item.id)).slice(0, MOST)
        .map((item) => ({ id: item.id, note: String(item.note || "").slice(0, LONGEST) }));
    } catch (error) { return gm.keptHere || []; }
  }

  function store(items) {
    gm.keptHere = items;  // where the browser keeps nothing, until the page is left
    try { root.localStorage.setItem(KEY, JSON.stringify(items)); } catch (error) { /* private windows */ }
    for (const listener of listeners) listener();
  }

  function toggle(id) {
    const items = stored();
    store(items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : [...items, { id, note: "" }]);
  }

  /** A button that puts a place on the list, or takes it off; and how many there are. */
  gm.mountKeep = function (component) {
    const { data, parentElement } = component;
    let holder = parentElement.querySelector(".gm-keep");
    if (!holder) {
      holder = gm.element("div", { class: "gm-keep" });
      parentElement.append(holder);
      listeners.add(() => holder.isConnected && holder.gmDraw());
    }
    holder.gmDraw = () => {
      const items = stored(), kept = items.some((item) => item.id === data.id);
      const button = gm.element("button", { type: "button", class: "gm-clip", "aria-pressed": String(kept), "data-keep": data.id, text: kept ? data.words.kept : data.words.keep,
        onclick: () => { toggle(data.id); const again = holder.querySelector("button"); if (again) again.focus(); } });
      const link = (href, text) => gm.element("a", { class: "gm-keep-link", href, target: "_self", text });
      holder.replaceChildren(button, ...(data.links.dossier ? [link(data.links.dossier, data.words.dossier)] : []),
        ...(items.length ? [link(data.links.list, data.words.list.replace("{count}", items.length))] : []));
    };
    holder.gmDraw();
  };

  /** Nothing to see: the server is told once what is kept, for a page that takes it along. */
  gm.mountKept = function (component) {
    const { parentElement, setTriggerValue } = component;
    const items = stored();
    if (parentElement.gmTold || !items.length) return;
    parentElement.gmTold = true;
    setTriggerValue("told", { chosen: [], items, turn: Date.now() });
  };

  /** The list itself: what is compared is ticked, each place has a note. The server is told what is ticked and noted. */
  gm.mountShortlist = function (component) {
    const { data, parentElement, setTriggerValue } = component;
    let holder = parentElement.querySelector(".gm-shortlist");
    if (!holder) { holder = gm.element("div", { class: "gm-shortlist" }); parentElement.append(holder); }
    const send = (chosen) => setTriggerValue("told", { chosen, items: stored(), turn: Date.now() });
    const draw = () => {
      const items = stored();
      // Places that a link compares, and that are not kept yet, stand below those that are.
      const rows = [...items, ...data.chosen.filter((id) => !items.some((item) => item.id === id)).map((id) => ({ id, note: null }))];
      holder.replaceChildren(gm.element("h3", { text: data.words.title }), ...(rows.length ? rows.map((item) => {
        const name = data.names[item.id] || item.id;
        const box = gm.element("input", { type: "checkbox", "data-compare": item.id, onchange: () => {
          const chosen = box.checked ? [...data.chosen, item.id] : data.chosen.filter((id) => id !== item.id);
          send(chosen.slice(-data.most)); } });
        box.checked = data.chosen.includes(item.id);
        const note = item.note === null ? null : gm.element("textarea", { rows: 2, maxlength: LONGEST, "aria-label": `${data.words.note} · ${name}`, placeholder: data.words.note });
        if (note) {
          note.value = item.note;
          note.addEventListener("change", () => { store(stored().map((kept) => kept.id === item.id ? { ...kept, note: note.value } : kept)); send(data.chosen); });
        }
        const kept = item.note !== null;
        const button = gm.element("button", { type: "button", class: "gm-short-drop", "aria-label": `${kept ? data.words.drop : data.words.keep} · ${name}`, text: kept ? "×" : "+",
          onclick: () => { toggle(item.id); send(kept ? data.chosen.filter((id) => id !== item.id) : data.chosen); draw(); } });
        return gm.element("div", { class: "gm-short" }, gm.element("div", { class: "gm-short-head" }, gm.element("label", {}, box, gm.element("span", { text: name })), button), note);
      }) : [gm.element("p", { class: "gm-none", text: data.words.empty })]));
    };
    draw();
    if (!holder.gmTold) { holder.gmTold = true; const items = stored(); if (items.length) send(data.chosen.length ? data.chosen : items.slice(0, data.most).map((item) => item.id)); }
  };
})(window);
