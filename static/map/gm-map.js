/* The district on a Leaflet map: layers, labels, choice and light.
 *
 * Folium writes the calls (gm.start, gm.layer, gm.ready) once; after that only ids travel (gm.apply).
 * Text reaches the page through textContent and attributes alone: nothing here parses HTML. */
(function (root) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const states = new WeakMap();
  const gm = (root.gm = root.gm || {});

  /** An element with attributes and children; strings become text nodes, never markup. */
  gm.element = function (tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "text") node.textContent = value;
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
    return node;
  };

  const svg = gm.svg = function (tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, String(value));
    node.append(...children);
    return node;
  };

  /* ---- the second channel: a pattern for each cluster, so that colour never speaks alone ---- */
  const HATCH = {
    none: () => [],
    diagonal: (ink) => [svg("path", { d: "M-2 10 10 -2M-2 2 2 -2M6 10 10 6", stroke: ink, "stroke-width": 1.1 })],
    horizontal: (ink) => [svg("path", { d: "M0 2H8M0 6H8", stroke: ink, "stroke-width": 1 })],
    dots: (ink) => [svg("circle", { cx: 2, cy: 2, r: 0.95, fill: ink }), svg("circle", { cx: 6, cy: 6, r: 0.95, fill: ink })],
    cross: (ink) => [svg("path", { d: "M-2 10 10 -2M-2 2 2 -2M6 10 10 6M-2 -2 10 10M-2 6 2 10M6 -2 10 2", stroke: ink, "stroke-width": 0.8 })],
  };

  function pattern(id, fill, hatch, ink) {
    return svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      svg("rect", { width: 8, height: 8, fill }), ...HATCH[hatch](ink));
  }

  function definePatterns(state) {
    const defs = svg("defs", {});
    for (const [id, c] of Object.entries(state.style.clusters)) {
      defs.append(pattern(`${state.prefix}-${id}`, c.fill, c.hatch, c.ink));
      defs.append(pattern(`${state.prefix}-${id}-pale`, state.style.pale.fill, c.hatch, state.style.pale.ink));
    }
    const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "gm-defs" }, defs);
    state.map.getContainer().append(holder);
  }

  /** What moves by itself does not where the person asked for stillness: options for a map. */
  gm.motion = function () {
    const moves = !gm.stillness();
    return { zoomAnimation: moves, fadeAnimation: moves, markerZoomAnimation: moves, inertia: moves };
  };

  /* ---- start: one map, its panes, its furniture ---- */
  gm.start = function (map, config) {
    const box = map.getContainer();
    const state = {
      map, box, style: config.style, words: config.words, places: config.places, language: config.language,
      prefix: `gm-${box.id}`, groups: new Map(), shapes: new Map(), labels: [], listeners: {},
      lit: null, selected: null, taking: false, level: "unit", bounds: L.latLngBounds(config.bounds), hovered: null,
    };
    states.set(map, state);
    if (stillness()) map.panBy = (by, how) => L.Map.prototype.panBy.call(map, by, { ...how, animate: false });
    box.setAttribute("data-gm-map", "");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", state.words.map);
    map.attributionControl.setPrefix(false);
    for (const line of config.attribution) map.attributionControl.addAttribution(gm.escapeText(line));
    config.panes.forEach((name, index) => {
      map.createPane(name).style.zIndex = 400 + index * 10;
      map.getPane(name).classList.add(`gm-pane-${name}`);
    });
    map.createPane("gm-labels").style.zIndex = 690;
    map.getPane("gm-labels").setAttribute("aria-hidden", "true");
    definePatterns(state);
    furnish(state);
    map.on("zoomstart", () => box.classList.add("gm-zooming"));
    map.on("zoomend viewreset", () => { box.classList.remove("gm-zooming"); placeLabels(state); });
    map.on("resize", () => placeLabels(state));
    map.on("click", (event) => { if (!event.originalEvent.gmTaken && !state.taking) choose(state, null); });
    gm.latest = map;
    return state;
  };

  /* Leaflet takes an attribution as HTML: only entities of what is text reach it. */
  gm.escapeText = (text) => text.replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);

  function furnish(state) {
    const { map, words } = state;
    L.control.zoom({ position: "topright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out,
      zoomInText: "+", zoomOutText: "−" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 110 }).addTo(map);
    const north = L.control({ position: "topright" });
    north.onAdd = () => {
      const arrow = svg("svg", { viewBox: "0 0 24 30", width: 20, height: 25, "aria-hidden": "true" },
        svg("path", { d: "M12 1 19 20 12 16 5 20Z", fill: "#1F2A30" }), svg("path", { d: "M12 1 12 16 5 20Z", fill: "#9AA7AC" }));
      const letter = gm.element("span", { text: "N", "aria-hidden": "true" });
      const home = gm.element("button", { type: "button", class: "gm-north", title: words.whole, "aria-label": words.whole,
        onclick: (event) => { L.DomEvent.stop(event); gm.whole(map); } });
      home.append(arrow, letter);
      return home;
    };
    north.addTo(map);
    const mark = L.control({ position: "topleft" });
    mark.onAdd = () => gm.element("div", { class: "gm-mark", title: words.indicative_long, text: words.indicative });
    mark.addTo(map);
    const levels = L.control({ position: "topleft" });
    levels.onAdd = () => levelSwitch(state);
    levels.addTo(map);
    const groups = L.control({ position: "topright" });
    groups.onAdd = () => (state.groupBox = gm.element("details", { class: "gm-groups" },
      gm.element("summary", { title: words.layers, "aria-label": words.layers },
        svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" },
          svg("path", { d: "M10 2 18 7 10 12 2 7ZM3.5 10.5 10 14.6 16.5 10.5M3.5 13.5 10 17.6 16.5 13.5", fill: "none", stroke: "#1F2A30", "stroke-width": 1.4, "stroke-linejoin": "round" }))),
      (state.groupPanel = gm.element("div", { class: "gm-grouppanel" }))));
    groups.addTo(map);
    L.DomEvent.disableClickPropagation(state.groupBox);
    L.DomEvent.disableScrollPropagation(state.groupPanel);
    // The panel opens to the left of its button, as high as the map allows.
    state.groupBox.addEventListener("toggle", () => {
      if (!state.groupBox.open) return;
      const at = state.groupBox.getBoundingClientRect().top - state.box.getBoundingClientRect().top, from = state.box.clientWidth < 480 ? 54 : 8;
      const room = state.box.clientHeight - from - 8;
      state.groupPanel.style.maxHeight = `${room}px`;
      state.groupPanel.style.top = `${Math.max(from - at, Math.min(0, from + room - at - state.groupPanel.offsetHeight))}px`;
    });
    state.groupBox.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !state.groupBox.open) return;
      event.stopPropagation();
      state.groupBox.open = false;
      state.groupBox.querySelector("summary").focus();
    });
  }

  function levelSwitch(state) {
    const holder = gm.element("div", { class: "gm-levels", role: "group", "aria-label": state.words.level });
    for (const level of ["unit", "cluster", "zone"]) {
      holder.append(gm.element("button", { type: "button", "data-level": level, "aria-pressed": String(level === state.level),
        text: state.words[`level_${level}`],
        onclick: (event) => { L.DomEvent.stop(event); setLevel(state, level); } }));
    }
    L.DomEvent.disableClickPropagation(holder);
    state.levelBox = holder;
    return holder;
  }

  function setLevel(state, level) {
    state.level = level;
    for (const button of state.levelBox.children) button.setAttribute("aria-pressed", String(button.dataset.level === level));
    paint(state);
    placeLabels(state);
  }

  /* ---- layers ---- */
  gm.layer = function (map, spec) {
    const state = states.get(map);
    const renderer = L.svg({ pane: spec.pane, padding: 0.6 });
    const group = L.featureGroup([], { pane: spec.pane });
    for (const piece of spec.strokes || [{}]) {
      L.geoJSON(spec.features, {
        pane: spec.pane, renderer, interactive: Boolean(spec.places) && piece.touch !== false, bubblingMouseEvents: true,
        filter: (feature) => !piece.kinds || piece.kinds.includes(feature.properties.kind),
        style: () => ({ ...spec.style, ...piece.style, className: `gm-${spec.key} ${piece.name ? `gm-${piece.name}` : ""}` }),
        pointToLayer: (feature, at) => L.circleMarker(at, { pane: spec.pane, renderer, ...spec.style, ...(spec.by_kind || {})[feature.properties.kind] }),
        onEachFeature: (feature, layer) => { if (spec.places && piece.touch !== false) adopt(state, spec, feature, layer); },
      }).eachLayer((layer) => group.addLayer(layer));
    }
    for (const label of spec.labels || []) state.labels.push({ ...label, group: spec.key });
    state.groups.set(spec.key, { group, spec, shown: true });
    return group;
  };

  function adopt(state, spec, feature, layer) {
    const id = feature.properties.id;
    if (!state.shapes.has(id)) state.shapes.set(id, { level: feature.properties.level, layers: [] });
    state.shapes.get(id).layers.push(layer);
    layer.on("add", () => {
      const path = layer.getElement();
      if (!path || path.dataset.id) return;
      path.dataset.id = id;
      path.dataset.level = feature.properties.level;
      path.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(state, id); }
        if (event.key === "Escape") choose(state, null);
      });
      path.addEventListener("focus", () => {
        if (path.matches(":focus-visible")) bring(state, layer);
        hover(state, id, layer);
      });
      path.addEventListener("blur", () => hover(state, null));
    });
    layer.on("click", (event) => { if (!state.taking) { event.originalEvent.gmTaken = true; choose(state, id); } });
    layer.on("mouseover", (event) => hover(state, id, layer, event.latlng));
    layer.on("mousemove", (event) => { if (state.tip) state.tip.setLatLng(event.latlng); });
    layer.on("mouseout", () => hover(state, null));
  }

  /* What the keys reach is on the screen: a place beyond the edge comes in. */
  function bring(state, layer) {
    const middle = layer.getBounds().getCenter();
    if (!state.map.getBounds().pad(-0.08).contains(middle)) state.map.panTo(middle, { animate: !stillness() });
  }

  gm.ready = function (map) {
    const state = states.get(map);
    const list = gm.element("div", { class: "gm-grouplist" });
    for (const [key, entry] of state.groups) {
      if (!entry.spec.name) continue;
      const input = gm.element("input", { type: "checkbox", checked: true, "data-group": key });
      input.addEventListener("change", () => toggleGroup(state, key, input.checked));
      list.append(gm.element("label", {}, input, gm.element("span", { text: entry.spec.name })));
    }
    const all = gm.element("button", { type: "button", class: "gm-alloff", text: state.words.all_off });
    all.addEventListener("click", () => {
      const boxes = [...list.querySelectorAll("input")];
      const show = boxes.every((box) => !box.checked);
      for (const box of boxes) if (box.checked !== show) { box.checked = show; box.dispatchEvent(new Event("change")); }
      all.textContent = show ? state.words.all_off : state.words.all_on;
    });
    state.groupPanel.append(list, all);
    gm.whole(map, false);
    paint(state);
    placeLabels(state);
    state.box.setAttribute("data-gm-ready", "");
    return map;
  };

  function toggleGroup(state, key, shown) {
    const entry = state.groups.get(key);
    entry.shown = shown;
    if (shown) state.map.addLayer(entry.group); else state.map.removeLayer(entry.group);
    paint(state);
    placeLabels(state);
  }

  gm.whole = function (map, animate) {
    const state = states.get(map);
    const small = state.box.clientWidth < 480;
    map.fitBounds(state.bounds, { padding: small ? [4, 10] : [14, 14], animate: animate !== false && !stillness() });
  };

  const stillness = gm.stillness = () => root.matchMedia && root.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* ---- choice and light ---- */
  function choose(state, id) {
    if (state.selected === id) return;
    state.selected = id;
    paint(state);
    placeLabels(state);
    for (const listener of state.listeners.select || []) listener(id);
  }

  gm.choose = (map, id) => choose(states.get(map), id);

  gm.on = function (map, name, listener) {
    const state = states.get(map);
    (state.listeners[name] = state.listeners[name] || []).push(listener);
  };

  gm.off = function (map, name) { states.get(map).listeners[name] = []; };

  /** Change what is lit and what is chosen. `lit` is null (no filter) or a list of place ids of any level;
   * `counts` are numbers by place id that stand after the names. */
  gm.apply = function (map, change) {
    const state = states.get(map);
    if ("lit" in change) state.lit = change.lit === null ? null : new Set(change.lit);
    if ("counts" in change) state.counts = change.counts;
    if ("selected" in change) {
      const before = state.selected;
      state.selected = state.shapes.has(change.selected) ? change.selected : null;
      const place = state.selected && state.places[state.selected];
      if (place && place.level !== state.level && state.selected !== before && place.level !== "corridor") setLevel(state, place.level);
    }
    paint(state);
    placeLabels(state);
  };

  gm.show = function (map, id) {
    const state = states.get(map);
    const shape = state.shapes.get(id);
    if (!shape) return;
    const bounds = shape.layers[0].getBounds();
    if (!map.getBounds().contains(bounds)) map.flyToBounds(bounds.pad(0.8), { animate: !stillness(), duration: 0.5 });
  };

  /** Go to a point and mark it for a while. */
  gm.look = function (map, at) {
    const state = states.get(map);
    if (state.spot) state.spot.remove();
    state.spot = L.circleMarker(at, { pane: "stations", radius: 11, color: "#11191D", weight: 2.5, fill: false, interactive: false, className: "gm-spot" }).addTo(map);
    map.flyTo(at, Math.max(map.getZoom(), 13.5), { animate: !stillness(), duration: 0.5 });
  };

  function isLit(state, id) {
    return state.lit === null || state.lit.has(id);
  }

  function paint(state) {
    const look = state.style;
    for (const [id, shape] of state.shapes) {
      const place = state.places[id];
      const lit = isLit(state, id);
      const active = shape.level === state.level || shape.level === "corridor";
      for (const layer of shape.layers) {
        const path = layer.getElement();
        if (shape.level === "unit") {
          layer.setStyle({ fillColor: `url(#${state.prefix}-${place.parent}${lit ? "" : "-pale"})` });
        }
        if (!path) continue;
        path.classList.toggle("gm-dim", !lit);
        path.classList.toggle("gm-idle", !active);
        const first = layer === shape.layers[0];
        path.setAttribute("tabindex", active && first ? "0" : "-1");
        if (!first) { path.setAttribute("aria-hidden", "true"); continue; }
        path.setAttribute("role", "button");
        path.setAttribute("aria-pressed", String(state.selected === id));
        path.setAttribute("aria-label", spoken(state, id, lit));
      }
    }
    ring(state, look);
    const lit = state.lit === null ? [...state.shapes.keys()] : [...state.lit];
    state.box.setAttribute("data-gm-lit", lit.filter((id) => id.startsWith("unit-")).sort().join(" "));
    state.box.setAttribute("data-gm-selected", state.selected || "");
    state.box.setAttribute("data-gm-level", state.level);
  }

  function spoken(state, id, lit) {
    const place = state.places[id];
    const parts = [place.name, state.words[`level_${place.level}`]];
    if (place.parent) parts.push(state.places[place.parent].name);
    if (state.lit !== null) parts.push(lit ? state.words.fits : state.words.fits_not);
    return parts.join(" · ");
  }

  /* The chosen place gets a white casing and a near-black line, drawn above everything that is land. */
  function ring(state, look) {
    if (state.rings) state.rings.forEach((layer) => layer.remove());
    state.rings = [];
    const shape = state.selected && state.shapes.get(state.selected);
    if (!shape) return;
    for (const style of look.chosen) {
      const copy = L.geoJSON(shape.layers[0].toGeoJSON(), { pane: "chosen", interactive: false, style: { ...style, fill: false, className: "gm-ring" } });
      state.rings.push(copy.addTo(state.map));
    }
  }

  function hover(state, id, layer, at) {
    if (state.tip) { state.tip.remove(); state.tip = null; }
    if (!id || state.taking) return;
    const place = state.places[id];
    const body = gm.element("div", { class: "gm-tip" },
      gm.element("strong", { text: place.name }), ...place.lines.map((line) => gm.element("span", { text: line })));
    state.tip = L.tooltip({ direction: "top", offset: [0, -8], opacity: 1, className: "gm-tooltip" })
      .setLatLng(at || layer.getCenter()).setContent(body).addTo(state.map);
  }

  /* ---- labels: by zoom, most important first, none over another ---- */
  const SHIFTS = {
    land: [[0, 0], [0, -9], [0, 9], [14, 0], [-14, 0], [0, -18], [0, 18], [24, -8], [-24, -8], [24, 8], [-24, 8]],
    point: [["right", 8, 0], ["left", -8, 0], ["top", 0, -11], ["bottom", 0, 11]],
  };

  function wanted(state, label) {
    const zoom = state.map.getZoom();
    const entry = state.groups.get(label.group);
    if (entry && !entry.shown) return 0;
    if (label.id && label.id === state.selected) return 1000;
    if (label.level && label.level !== "corridor" && label.level !== state.level) {
      return label.level === "zone" && state.level === "unit" && zoom < state.style.zoom.units ? 500 : 0;
    }
    if (zoom < (label.from || 0) || zoom >= (label.to || 99)) return 0;
    let priority = label.priority;
    if (label.id && state.lit !== null) {
      if (!state.lit.has(label.id) && state.box.clientWidth < 480) return 0;  // on a phone the room belongs to what fits
      priority += state.lit.has(label.id) ? 200 : -40;
    }
    return priority;
  }

  function placeLabels(state) {
    if (!state.box.clientWidth) return;
    const pane = state.map.getPane("gm-labels");
    const ranked = state.labels.map((label) => [wanted(state, label), label]).filter(([p]) => p > 0).sort((a, b) => b[0] - a[0]);
    const drawn = new Set();
    const from = state.map.containerPointToLayerPoint([4, 2]), to = state.map.containerPointToLayerPoint(state.map.getSize().subtract([4, 20]));
    // No name is written under the buttons: those of the right, and the mark and switch of the left.
    const [left, right] = ["left", "right"].map((side) => state.box.querySelector(`.leaflet-top.leaflet-${side}`));
    const taken = [[to.x - right.offsetWidth, from.y, to.x + 4, from.y + right.offsetHeight], [from.x - 4, from.y, from.x + left.offsetWidth, from.y + left.offsetHeight]];
    for (const [, label] of ranked) {
      if (!label.node) {
        label.node = gm.element("span", { class: `gm-label gm-label-${label.look}`, text: label.text });
        pane.append(label.node);
        const size = label.node.getBoundingClientRect();
        label.size = [size.width + 2, size.height];
      }
      const text = state.counts && state.counts[label.id] ? `${label.text} ${state.counts[label.id]}` : label.text;
      if (label.node.textContent !== text) { label.node.textContent = text; label.size = [0, 0]; }
      if (!label.size[0] || label.size[0] < 3) { const s = label.node.getBoundingClientRect(); label.size = [s.width + 2, s.height]; }
      const at = state.map.latLngToLayerPoint(label.at);
      if (label.look === "neighbour") {  // names what lies beyond the edge, so it keeps inside the frame
        at.x = Math.min(Math.max(at.x, from.x + label.size[0] / 2), to.x - label.size[0] / 2);
        at.y = Math.min(Math.max(at.y, from.y + label.size[1] / 2), to.y - label.size[1] / 2);
      }
      const spot = fit(label, at, taken);
      if (!spot) continue;
      taken.push(spot.box);
      drawn.add(label);
      label.node.style.transform = `translate(${Math.round(spot.x)}px, ${Math.round(spot.y)}px)`;
      label.node.classList.toggle("gm-dim", Boolean(label.id && state.lit !== null && !state.lit.has(label.id)));
      label.node.classList.toggle("gm-chosen", label.id === state.selected);
    }
    for (const label of state.labels) if (label.node) label.node.hidden = !drawn.has(label);
  }

  function fit(label, at, taken) {
    const [width, height] = label.size;
    const shifts = label.look === "neighbour" ? [[0, 0]] : label.shape === "point" ? SHIFTS.point.map(([side, dx, dy]) => [
      side === "right" ? dx + width / 2 : side === "left" ? dx - width / 2 : 0, dy]) : SHIFTS.land;
    for (const [dx, dy] of shifts) {
      const x = at.x + dx - width / 2, y = at.y + dy - height / 2;
      const box = [x - 1, y, x + width + 1, y + height];
      if (!taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return { x, y, box };
    }
    return null;
  }

  gm.relabel = function (map) {
    const state = states.get(map);
    for (const label of state.labels) if (label.node) { const s = label.node.getBoundingClientRect(); if (s.width > 2) label.size = [s.width + 2, s.height]; }
    placeLabels(state);
  };

  gm.state = (map) => states.get(map);

  /* ---- legend: a strip beside the map, so that it covers no land ---- */
  gm.legend = function (holder, legend, style, prefix) {
    const list = gm.element("ul", { class: "gm-legend", "aria-label": legend.title });
    for (const item of legend.items) {
      const swatch = svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true" });
      if (item.cluster) {
        const c = style.clusters[item.cluster];
        const id = `${prefix}-legend-${item.cluster}`;
        swatch.append(svg("defs", {}, pattern(id, c.fill, c.hatch, c.ink)));
        swatch.append(svg("rect", { x: 1, y: 1, width: 24, height: 12, rx: 2, fill: `url(#${id})` }));
      } else for (const stroke of item.strokes) {
        swatch.append(stroke.ring ? svg("circle", { cx: 13, cy: 7, r: 3.6, fill: "#fff", stroke: stroke.color, "stroke-width": stroke.weight })
          : stroke.box ? svg("rect", { x: 2, y: 2, width: 22, height: 10, fill: stroke.fill || "none", stroke: stroke.color, "stroke-width": stroke.weight })
            : svg("path", { d: "M1 7H25", stroke: stroke.color, "stroke-width": stroke.weight, "stroke-dasharray": stroke.dash || "none", opacity: stroke.opacity || 1 }));
      }
      list.append(gm.element("li", {}, swatch, gm.element("span", { text: item.text })));
    }
    holder.append(list);
    return list;
  };
})(window);
