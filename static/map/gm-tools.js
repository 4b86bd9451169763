/* The map's tools: measure, what is here, where am I, full screen; and the numeric scale.
 *
 * One tool at a time, one sheet for what it says. Everything can be done by keys: the arrows move the map, and the middle of the
 * map is the point. Text reaches the page through textContent alone. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const PIXEL_M = 0.0254 / 96;  // a CSS pixel on the screen it is defined for
  const MU_M2 = 10000 / 15;
  const PANE = "gm-tools";
  const ICONS = {
    measure: "M2.5 13.5 13.5 2.5 17.5 6.5 6.5 17.5ZM5.5 10.5 7.2 12.2M8 8 10.4 10.4M10.5 5.5 12.2 7.2",
    identify: "M10 2.5A7.5 7.5 0 1 1 9.99 2.5M10 9V14M10 6V6.3",
    locate: "M10 5.2A4.8 4.8 0 1 1 9.99 5.2M10 1.5V5M10 15V18.5M1.5 10H5M15 10H18.5",
    full: "M3 7.5V3H7.5M12.5 3H17V7.5M17 12.5V17H12.5M7.5 17H3V12.5",
    tools: "M3 5.5H17M3 10H17M3 14.5H17M7 3.5V7.5M13 8V12M8.5 12.5V16.5",
  };

  function icon(name) {
    return gm.svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" },
      gm.svg("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round", "stroke-linecap": "round" }));
  }

  /** Put the tools on a map; `told` is {words, bases}, `holder` what goes full screen. */
  gm.tools = function (map, holder, told) {
    const state = gm.state(map), box = state.box, el = gm.element, words = told.words;
    const tool = (state.tool = { name: null, points: [], done: false, drawn: null, cross: null });
    const number = (value, digits) => value.toLocaleString(state.language === "en" ? "en-GB" : "zh-CN", { maximumSignificantDigits: digits });
    const about = (metres) => (metres < 10 ? words.under_ten : metres < 1000 ? words.about_m.replace("{metres}", number(Math.round(metres / 10) * 10, 3))
      : words.about_km.replace("{km}", number(metres / 1000, 2)));
    map.createPane(PANE).style.zIndex = 686;
    const renderer = L.svg({ pane: PANE, padding: 0.6 });

    /* -- the buttons -- */
    const buttons = {};
    const button = (name, label, act) => (buttons[name] = el("button", { type: "button", class: "gm-tool", "data-tool": name, title: label, "aria-label": label, "aria-pressed": "false",
      onclick: (event) => { L.DomEvent.stop(event); fold(false); act(event); } }, icon(name)));
    const row = el("div", { class: "gm-toolrow", role: "group", "aria-label": words.tools },
      button("measure", words.measure, (event) => toggle("measure", event)), button("identify", words.identify, (event) => toggle("identify", event)), button("locate", words.locate, locate));
    if (document.fullscreenEnabled) row.append(button("full", words.full, fullscreen));
    const opener = el("button", { type: "button", class: "gm-tool gm-toolsopen", title: words.tools, "aria-label": words.tools, "aria-expanded": "false",
      onclick: (event) => { L.DomEvent.stop(event); fold(opener.getAttribute("aria-expanded") !== "true"); } }, icon("tools"));
    const bar = el("div", { class: "gm-tools leaflet-control" }, opener, row);
    L.DomEvent.disableClickPropagation(bar);
    state.groupBox.before(bar);
    function fold(open) { opener.setAttribute("aria-expanded", String(open)); bar.classList.toggle("gm-open", open); }

    /* -- the sheet -- */
    const title = el("h3", { class: "gm-sheet-title" }), body = el("div", { class: "gm-sheet-body", "aria-live": "polite" });
    const close = el("button", { type: "button", class: "gm-sheet-close", "aria-label": words.close, title: words.close, text: "×", onclick: () => stop(true) });
    const sheet = el("section", { class: "gm-sheet", "aria-label": words.tools, tabindex: "-1", hidden: true }, title, close, body);
    L.DomEvent.disableClickPropagation(sheet);
    L.DomEvent.disableScrollPropagation(sheet);
    sheet.addEventListener("click", (event) => event.stopPropagation());  // Leaflet would look for a button that is gone by then
    sheet.addEventListener("contextmenu", (event) => event.stopPropagation());
    box.append(sheet);
    function say(name, ...nodes) {
      title.textContent = words[`title_${name}`];
      const held = body.contains(document.activeElement);  // a button that goes takes the focus with it: the map has it then
      body.replaceChildren(...nodes);
      if (held) box.focus({ preventScroll: true });
      sheet.dataset.sheet = name;
      sheet.hidden = false;
    }
    const line = (text, kind) => el("p", { class: kind || null, text });
    const press = (text, act) => el("button", { type: "button", class: "gm-sheet-button", text, onclick: act });
    function copying(text, label) {
      const one = press(label, async () => {
        one.textContent = (await gm.copy(text())) ? words.copied : words.copy_failed;
        setTimeout(() => { one.textContent = label; }, 1600);
      });
      one.classList.add("gm-copy");
      return one;
    }

    /* -- one tool at a time -- */
    function toggle(name, event) {
      if (tool.name === name) { stop(false); return; }
      start(name);
      const byKey = event.detail === 0;
      if (byKey) aim(true);
      if (name === "identify" && byKey) tell(map.getCenter());
    }
    function start(name) {
      stop(false);
      Object.assign(tool, { name, points: [], done: false });
      state.taking = true;
      box.classList.add("gm-taking");
      map.doubleClickZoom.disable();
      buttons[name].setAttribute("aria-pressed", "true");
      if (state.tip) { state.tip.remove(); state.tip = null; }
      box.focus({ preventScroll: true });
      if (name === "measure") sum(); else say("identify", line(words.identify_hint, "gm-sheet-hint"));
    }
    function stop(back) {
      const { name } = tool;
      finish();
      tool.name = null;
      for (const key of ["measure", "identify"]) buttons[key].setAttribute("aria-pressed", "false");
      clear();
      aim(false);
      sheet.hidden = true;
      for (const key of ["data-gm-length", "data-gm-area", "data-gm-point"]) box.removeAttribute(key);
      if (back) (buttons[name] && buttons[name].offsetParent ? buttons[name] : box).focus({ preventScroll: true });
    }
    /* The map takes clicks for itself again; what was drawn stays until the sheet is closed. */
    function finish() {
      tool.done = true;
      state.taking = false;
      box.classList.remove("gm-taking");
      setTimeout(() => { if (!state.taking) map.doubleClickZoom.enable(); }, 0);
    }
    function clear() { if (tool.drawn) tool.drawn.remove(); tool.drawn = null; if (tool.rubber) tool.rubber.remove(); tool.rubber = null; }
    function aim(shown) {
      if (shown && !tool.cross) { tool.cross = el("span", { class: "gm-cross", "aria-hidden": "true" }); box.append(tool.cross); }
      if (!shown && tool.cross) { tool.cross.remove(); tool.cross = null; }
    }
    box.addEventListener("pointermove", () => aim(false));
    box.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const inside = event.target.closest(".gm-sheet, .leaflet-control");
      if (event.key === "Escape" && (!sheet.hidden || bar.classList.contains("gm-open")) && !event.target.closest(".gm-groups[open]")) {
        event.preventDefault();
        event.stopPropagation();
        if (bar.classList.contains("gm-open")) { fold(false); opener.focus(); } else stop(true);
        return;
      }
      if (!state.taking || inside) return;
      const acts = tool.name === "measure" ? { Enter: end, Backspace: undo, Delete: undo, " ": () => add(map.getCenter()) }
        : { Enter: () => tell(map.getCenter()), " ": () => tell(map.getCenter()) };
      if (event.key.startsWith("Arrow")) aim(true);
      if (!acts[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === " ") aim(true);
      acts[event.key]();
    }, true);
    map.on("click", (event) => { if (state.taking) { if (tool.name === "measure") add(event.latlng); else tell(event.latlng); } });
    map.on("dblclick", () => { if (state.taking && tool.name === "measure") end(); });
    map.on("contextmenu", (event) => {
      event.originalEvent.preventDefault();
      if (state.taking && tool.name === "measure") return;
      if (tool.name !== "identify") stop(false);
      tell(event.latlng);
    });

    /* -- measure -- */
    function add(latlng) {
      const last = tool.points[tool.points.length - 1];
      if (last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(latlng)) < 4) return;  // the second half of a double click
      tool.points.push(latlng);
      sum();
    }
    function undo() { tool.points.pop(); sum(); }
    function end() { finish(); if (tool.rubber) tool.rubber.remove(); sum(); }
    map.on("mousemove", (event) => {
      if (!state.taking || tool.name !== "measure" || !tool.points.length) return;
      const ends = [tool.points[tool.points.length - 1], event.latlng];
      if (tool.rubber) tool.rubber.setLatLngs(ends); else tool.rubber = L.polyline(ends, { pane: PANE, renderer, color: "#11191D", weight: 1.5, dashArray: "4 4", interactive: false }).addTo(map);
    });
    function sum() {
      clear();
      const at = tool.points.map((point) => [point.lng, point.lat]), still = { pane: PANE, renderer, interactive: false };
      const length = gm.geodesic.length(at), crossed = at.length > 3 && gm.geodesic.crossed(at), area = at.length > 2 && !crossed ? gm.geodesic.area(at) : 0;
      tool.drawn = L.featureGroup([
        ...(at.length > 2 ? [L.polygon(tool.points, { ...still, stroke: false, fillColor: "#11191D", fillOpacity: 0.14 })] : []),
        L.polyline(tool.points, { ...still, color: "#fff", weight: 5.5, opacity: 0.95 }), L.polyline(tool.points, { ...still, color: "#11191D", weight: 2.2 }),
        ...tool.points.map((point) => L.circleMarker(point, { ...still, radius: 4, color: "#11191D", weight: 2, fillColor: "#fff", fillOpacity: 1, className: "gm-measured" }))]).addTo(map);
      box.setAttribute("data-gm-length", String(length));
      box.setAttribute("data-gm-area", String(area));
      const long = `${number(length / 1000, 4)} km · ${number(length, 4)} m`;
      const wide = `${number(area / 1e6, 4)} km² · ${number(area / 1e4, 4)} ha · ${number(area / MU_M2, 4)} ${words.mu}`;
      const figures = el("dl", { class: "gm-sheet-list" });
      const figure = (name, value) => figures.append(el("div", {}, el("dt", { text: name }), el("dd", { text: value })));
      if (at.length > 1) figure(words.length, long);
      if (at.length > 2) {
        figure(words.area, crossed ? words.crossed : wide);
        if (!crossed) figure(words.round, `${number(gm.geodesic.length([...at, at[0]]) / 1000, 4)} km`);
      }
      const corners = at.map(([lon, lat]) => `${lon.toFixed(6)}, ${lat.toFixed(6)}`);
      const text = () => [`${words.length} ${long}`, ...(area ? [`${words.area} ${wide}`] : []), words.corners, ...corners].join("\n");
      say("measure", ...(at.length > 1 ? [figures] : []), ...(tool.done ? [] : [line(at.length ? words.measure_hint : words.measure_first, "gm-sheet-hint")]),
        el("div", { class: "gm-sheet-buttons" }, ...(at.length && !tool.done ? [press(words.undo, undo)] : []), ...(at.length > 1 && !tool.done ? [press(words.end, end)] : []),
          ...(tool.done ? [press(words.again, () => start("measure"))] : []), ...(at.length > 1 ? [copying(text, words.copy)] : [])),
        ...(at.length > 1 ? [line(words.measure_note, "gm-sheet-hint")] : []));
    }

    /* -- what is here -- */
    function place(latlng, accuracy) {
      clear();
      const still = { pane: PANE, renderer, interactive: false };
      tool.drawn = L.featureGroup([
        ...(accuracy ? [L.circle(latlng, { ...still, radius: accuracy, color: "#1F5F7A", weight: 1.5, fillColor: "#1F5F7A", fillOpacity: 0.12, className: "gm-accuracy" })] : []),
        L.circleMarker(latlng, { ...still, radius: 8, color: "#fff", weight: 5, fill: false }),
        L.circleMarker(latlng, { ...still, radius: 8, color: "#11191D", weight: 2.2, fillColor: "#fff", fillOpacity: 0.35, className: "gm-pointed" })]).addTo(map);
    }
    function listed(latlng) {
      const at = [latlng.lng, latlng.lat], found = gm.identify(map, at), list = el("dl", { class: "gm-sheet-list" });
      box.setAttribute("data-gm-point", `${latlng.lng.toFixed(6)},${latlng.lat.toFixed(6)}`);
      const entry = (name, ...values) => list.append(el("div", {}, el("dt", { text: name }), el("dd", {}, ...values)));
      for (const one of found.rows) {
        const kind = words[`kind_${one.kind}`];
        if (!one.name) { if (one.kind === "unit" || one.kind === "street") entry(kind, el("span", { class: "gm-sheet-hint", text: words.none })); continue; }
        const name = one.id ? el("button", { type: "button", class: "gm-link", "data-place": one.id, text: one.name, onclick: () => gm.choose(map, one.id) }) : el("span", { text: one.name });
        const facts = { "{edge}": about(one.edge_m), "{uncertainty}": about(one.uncertainty || 0) };
        const said = (!one.covered ? words.beside : one.within ? words.near_edge : words.edge).replace(/\{\w+\}/g, (key) => facts[key]);
        entry(kind, name, el("small", { class: one.within ? "gm-near" : null, text: said }));
      }
      if (found.station) entry(words.kind_station, el("span", { text: found.station.name }), el("small", { text: words.straight.replace("{distance}", about(found.station.distance_m)) }));
      const shown = `${latlng.lng.toFixed(6)}, ${latlng.lat.toFixed(6)}`;
      entry(words.coordinates, el("code", { text: shown }), el("small", { text: words.coordinates_note }));
      return [...(found.inside ? [] : [line(words.outside)]), list, el("div", { class: "gm-sheet-buttons" }, copying(() => shown, words.copy_coordinates))];
    }
    function tell(latlng) {
      place(latlng);
      say("identify", ...listed(latlng));
    }

    /* -- where am I: the browser asks the person; nothing leaves it -- */
    function locate() {
      stop(false);
      if (!root.isSecureContext || !root.navigator.geolocation) { say("locate", line(words.locate_unsafe)); return; }
      say("locate", line(words.locating, "gm-sheet-hint"));
      tool.name = "locate";
      const still = () => tool.name === "locate";
      root.navigator.geolocation.getCurrentPosition((found) => {
        if (!still()) return;
        const { latitude, longitude, accuracy } = found.coords, latlng = L.latLng(latitude, longitude), limits = map.options.maxBounds;
        const here = !limits || L.latLngBounds(limits).contains(latlng);
        const notes = [line(words.accuracy.replace("{metres}", number(accuracy, 2))), line(words.locate_note, "gm-sheet-hint")];
        if (!here) { say("locate", line(words.locate_far), ...notes); return; }
        place(latlng, accuracy);
        map.flyTo(latlng, Math.max(map.getZoom(), 14), { animate: !gm.stillness(), duration: 0.5 });
        say("locate", ...listed(latlng), ...notes);
      }, (error) => { if (still()) say("locate", line(error.code === 1 ? words.locate_refused : words.locate_failed)); }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 });
    }

    /* -- full screen -- */
    function fullscreen() {
      if (document.fullscreenElement) document.exitFullscreen(); else holder.requestFullscreen().catch(() => { /* the browser said no: the map stays as it is */ });
    }
    holder.addEventListener("fullscreenchange", () => {
      const full = document.fullscreenElement === holder, label = full ? words.full_leave : words.full;
      for (const [name, text] of [["title", label], ["aria-label", label], ["aria-pressed", String(full)]]) buttons.full.setAttribute(name, text);
    });

    /* -- 1:N beside the bar, true in the middle of the map -- */
    const ratio = el("span", { class: "gm-ratio", title: words.ratio_note });
    box.querySelector(".leaflet-control-scale").append(ratio);
    function scale() {
      const size = map.getSize(), y = size.y / 2;
      const metres = gm.geodesic.length([[0, y], [100, y]].map(([x]) => { const p = map.containerPointToLatLng([size.x / 2 - 50 + x, y]); return [p.lng, p.lat]; })) / 100;
      if (metres > 0) ratio.textContent = words.ratio.replace("{number}", number(metres / PIXEL_M, 2));
    }
    map.on("zoomend moveend resize", scale);
    map.on("unload", () => map.off("zoomend moveend resize", scale));  // a map that is gone is still told of its size
    scale();

    gm.baseChoice(map, told.bases, words);
    gm.relabel(map);
  };
})(window);
