/* The two components of the page and what passes between them: the finder lights the map without asking the server,
 * then the server is told. Loaded once; mounted again and again with new data. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  // `turn` counts what the person has done; an answer to an earlier turn is late and changes nothing.
  const shared = (gm.shared = gm.shared || { map: null, finder: null, mounts: 0, turn: 0 });
  const late = (data) => data.turn < shared.turn;

  /* A scene is the script that Folium wrote, with the finder's table; the loader began to fetch it before this file was here. */
  const scene = (url) => root.gmScenes[url];

  /** What every page has, map or no map: the style sheets (which the loader brings), the language, texts of Streamlit's own. */
  gm.mountFrame = function (component) {
    const { data } = component;
    document.documentElement.lang = data.language === "en" ? "en" : "zh-Hans";
    // An address that says something bears the version of the data; put in place, it makes no step of its own.
    const address = new URL(root.location.href);
    const told = [...address.searchParams.keys()].filter((name) => name !== "lang");
    if (told.length && !told.includes("v")) { address.searchParams.set("v", data.stamp); root.history.replaceState(root.history.state, "", address); }
    for (const [name, text] of Object.entries(data.labels)) document.documentElement.style.setProperty(name, JSON.stringify(text));
    gm.access(data.words);
  };

  gm.mountMap = async function (component) {
    const { data, parentElement, setTriggerValue } = component;
    const told = await scene(data.scene);
    let holder = parentElement.querySelector(".gm-holder");
    if (!holder || holder.dataset.scene !== data.scene) {
      if (holder) { holder.gmMap.remove(); holder.remove(); }
      holder = gm.element("div", { class: "gm-holder", "data-scene": data.scene });
      const frame = gm.element("div", { class: "gm-map", id: told.element });
      holder.append(frame);
      parentElement.append(holder);
      if (!frame.isConnected) return;  // the page was drawn anew while the scene was on its way; it mounts again
      document.documentElement.lang = data.language === "en" ? "en" : "zh-Hans";
      new Function("L", "gm", told.script)(root.L, gm);
      holder.gmMap = gm.latest;
      shared.mounts += 1;
      frame.setAttribute("data-gm-remounts", String(shared.mounts - 1));
      gm.tools(holder.gmMap, holder, told.tools);
      gm.legend(holder, told.legend, told.style, told.element);
      new ResizeObserver(() => { holder.gmMap.invalidateSize({ pan: false }); if (!holder.gmSeen) { holder.gmSeen = true; gm.whole(holder.gmMap, false); } }).observe(frame);
      if (document.fonts) document.fonts.ready.then(() => gm.relabel(holder.gmMap));
    }
    // Texts of Streamlit's own that have no parameter are drawn over by the style sheet.
    for (const [name, text] of Object.entries(data.labels || {})) document.documentElement.style.setProperty(name, JSON.stringify(text));
    shared.map = holder.gmMap;
    gm.off(shared.map, "select");
    gm.on(shared.map, "select", (id) => { if (shared.finder) shared.finder.select(id); setTriggerValue("pick", { place: id, turn: ++shared.turn }); });
    gm.overlay(shared.map, data.overlay || null, (id) => setTriggerValue("point", { id, turn: Date.now() }));
    // A page whose link keeps the base map is told of a choice; on the others it lasts as long as the visit.
    const kept = "base" in data;
    gm.off(shared.map, "base");
    gm.on(shared.map, "base", (id) => { shared.base = id; if (kept) setTriggerValue("base", { id, turn: ++shared.turn }); });
    if (!gm.state(shared.map).tiles.pending) {
      if (kept && !late(data)) shared.base = data.base;
      gm.base(shared.map, shared.base);
    }
    if (!late(data)) gm.apply(shared.map, { lit: data.lit, selected: data.selected, counts: data.counts || null });
  };

  gm.mountFinder = async function (component) {
    const { data, parentElement, setTriggerValue } = component;
    const told = await scene(data.scene);
    let holder = parentElement.querySelector(".gm-finder");
    if (!holder || holder.dataset.scene !== data.scene) {
      if (holder) holder.remove();
      holder = gm.element("div", { class: "gm-finder", "data-scene": data.scene });
      parentElement.append(holder);
      holder.gmFinder = gm.finder(holder, { ...told.finder, key: told.element }, {
        light: (lit) => { if (shared.map) gm.apply(shared.map, { lit }); },
        filter: (filter) => holder.gmSend("filter", { ...filter, turn: ++shared.turn }),
        query: (text) => holder.gmSend("query", text),
        select: (id) => {
          holder.gmFinder.select(id);
          if (shared.map) { gm.apply(shared.map, { selected: id }); gm.show(shared.map, id); }
          holder.gmSend("pick", { place: id, turn: ++shared.turn });
        },
        look: (at) => { if (shared.map) gm.look(shared.map, at); },
        taken: (hit) => holder.gmSend("taken", hit.key),
      });
    }
    holder.gmSend = setTriggerValue;
    shared.finder = holder.gmFinder;
    shared.finder.update(late(data) ? { query: data.query, hits: data.hits } : data);
  };
})(window);
