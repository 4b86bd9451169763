/* Base maps by choice. Nothing is asked for before one is chosen; one that cannot be reached leaves the map as it was.
 *
 * Where a base map counts in GCJ-02 its tiles are moved, each by the shift at its own middle: within a tile the shift changes
 * by a quarter of a pixel at most, and each tile lies on a whole pixel, so that a tile is less than a pixel off. The data is
 * never moved. Texts of a base map's list reach the page as text alone. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const OWN = "own";
  const PATIENCE_MS = 6000;  // so long without a tile, and the base map counts as not reachable: a server that hangs says nothing
  const FEW = 4;  // so many tiles of a later view may be missing (beyond the edge of what a service has) before it counts

  /** How far, in pixels of a zoom, a point of the GCJ-02 picture has to move to lie over the same place in WGS 84. */
  gm.tileShift = function (map, pixel, zoom) {
    const there = map.unproject(pixel, zoom), [lon, lat] = gm.datum.toWgs(there.lng, there.lat);
    return map.project([lat, lon], zoom).subtract(pixel);
  };

  const moved = () => (gm.MovedTiles = gm.MovedTiles || root.L.TileLayer.extend({
    _getTilePos(coords) {
      const size = this.getTileSize(), middle = coords.scaleBy(size).add(size.divideBy(2));
      return root.L.TileLayer.prototype._getTilePos.call(this, coords).add(gm.tileShift(this._map, middle, coords.z).round());
    },
    _getTiledPixelBounds(centre) {
      const bounds = root.L.TileLayer.prototype._getTiledPixelBounds.call(this, centre);
      const back = gm.tileShift(this._map, bounds.getCenter(), this._tileZoom).multiplyBy(-1);
      return root.L.bounds(bounds.min.add(back).subtract([2, 2]), bounds.max.add(back).add([2, 2]));
    },
  }));

  function layersOf(base) {
    const Kind = base.datum === "gcj02" ? moved() : root.L.TileLayer;
    return base.urls.map((url) => new Kind(url, { pane: "gm-tiles", maxNativeZoom: base.max_zoom, maxZoom: 22, minZoom: 0,
      subdomains: base.subdomains.length ? base.subdomains : "abc", keepBuffer: 1, updateWhenZooming: false, className: "gm-tile" }));
  }

  /** Put a base map under the map (`id` of the list, anything else for the map's own background). */
  gm.base = function (map, id) {
    const state = gm.state(map), tiles = state.tiles;
    if (!tiles) return;
    const base = tiles.list.find((one) => one.id === id && one.usable) || null;
    const wanted = base ? base.id : OWN;
    if (wanted === tiles.chosen) return;
    clear(state);
    tiles.failed = null;
    if (base) {
      if (!map.getPane("gm-tiles")) map.createPane("gm-tiles").style.zIndex = 150;
      tiles.chosen = base.id;
      tiles.layers = layersOf(base);
      watch(state, base);
      tiles.line = gm.escapeText([base.attribution, base.datum_short].join(" · "));
      map.attributionControl.addAttribution(tiles.line);
      for (const layer of tiles.layers) layer.addTo(map);
    }
    show(state, base);
  };

  function clear(state) {
    const { tiles, map } = state;
    clearTimeout(tiles.timer);
    for (const layer of tiles.layers) { layer.off(); layer.remove(); }
    if (tiles.line) map.attributionControl.removeAttribution(tiles.line);
    Object.assign(tiles, { layers: [], line: null, chosen: OWN, pending: false });
  }

  /* The first tile that comes shows that there is a base map; a view of which none comes shows that there is none any more. */
  function watch(state, base) {
    const { tiles } = state, mine = tiles.layers;
    let ever = false, came = 0, asked = 0;
    // Later, because Leaflet is not done with a layer when it says that it has loaded.
    const giveUp = () => setTimeout(() => {
      if (tiles.layers !== mine || came) return;
      const told = !tiles.pending;
      clear(state);
      tiles.failed = base.id;
      show(state, null);
      if (told) tell(state, OWN);
    }, 0);
    const [first] = tiles.layers;
    const awaiting = () => { clearTimeout(tiles.timer); tiles.timer = setTimeout(() => { if (!ever || asked > FEW) giveUp(); }, PATIENCE_MS); };
    first.on("loading", () => { came = 0; asked = 0; awaiting(); });
    first.on("tileloadstart", () => { asked += 1; });
    first.on("tileload", () => {
      ever = true;
      came += 1;
      clearTimeout(tiles.timer);
      state.box.setAttribute("data-gm-tiles", String(came));
      if (tiles.pending) { tiles.pending = false; tell(state, base.id); }
    });
    first.on("load", () => { clearTimeout(tiles.timer); if (!came && (!ever || asked > FEW)) giveUp(); });
  }

  /* The link says a base map once a tile of it has come, so that no link leads to one that is not there. */
  function tell(state, id) {
    for (const listener of state.listeners.base || []) listener(id);
  }

  function show(state, base) {
    const { tiles, box, words } = state;
    box.classList.toggle("gm-tiled", Boolean(base));
    box.setAttribute("data-gm-base", tiles.chosen);
    box.setAttribute("data-gm-tiles", "0");
    for (const input of tiles.group.querySelectorAll("input")) input.checked = input.value === tiles.chosen;
    tiles.note.textContent = base ? [base.datum_line, base.licence].filter(Boolean).join(" · ") : "";
    tiles.note.hidden = !base;
    tiles.alarm.textContent = tiles.failed ? tiles.words.base_failed : "";
    tiles.alarm.hidden = !tiles.failed;
  }

  /** The choice of a base map, in the box of layers: `told` is {list, refused}, `words` the texts. */
  gm.baseChoice = function (map, told, words) {
    const state = gm.state(map), el = gm.element;
    const name = `${state.prefix}-base`;
    const group = el("fieldset", { class: "gm-bases" }, el("legend", { text: words.base_title }));
    const tiles = (state.tiles = { list: told.list, words, group, layers: [], chosen: OWN, pending: false, failed: null, line: null, timer: 0 });
    tiles.note = el("p", { class: "gm-basenote", hidden: true });
    tiles.alarm = el("p", { class: "gm-alarm", role: "status", hidden: true });
    const row = (id, text, usable) => {
      const input = el("input", { type: "radio", name, value: id, checked: id === OWN, disabled: !usable });
      input.addEventListener("change", () => {
        if (!input.checked) return;
        gm.base(map, id);
        tiles.pending = tiles.chosen !== OWN;
        if (!tiles.pending) tell(state, OWN);
      });
      return el("label", {}, input, el("span", { text: usable ? text : `${text} · ${words.base_token}` }));
    };
    group.append(row(OWN, words.base_own, true), ...told.list.map((base) => row(base.id, base.name, base.usable)), tiles.note);
    for (const sentence of told.refused) group.append(el("p", { class: "gm-basenote", text: sentence }));
    map.on("unload", () => { clearTimeout(tiles.timer); tiles.layers = []; });
    state.groupPanel.append(group);
    state.box.append(tiles.alarm);
    state.box.setAttribute("data-gm-base", OWN);
  };
})(window);
