/* What a check draws over the district: the outlines of a file, what was gained and lost, and findings as numbered points.
 * Geometry comes as coordinates, words as text; nothing here is parsed as HTML. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const PANES = { areas: 645, points: 680 };

  function pane(map, name) {
    const full = `gm-over-${name}`;
    if (!map.getPane(full)) map.createPane(full).style.zIndex = PANES[name];
    return full;
  }

  /** Draw `overlay` ({key, shapes: [{look, geometry, id, name}], looks, points: [{lat, lon, number, look, name, id}], at}) or take it away (null). */
  gm.overlay = function (map, overlay, pick) {
    const box = map.getContainer();
    if (map.gmOverKey === (overlay ? overlay.key : null)) { aim(map, overlay); return; }
    if (map.gmOver) map.gmOver.remove();
    map.gmOver = null;
    map.gmOverKey = overlay ? overlay.key : null;
    box.setAttribute("data-gm-overlay", overlay ? String(overlay.shapes.length) : "0");
    box.setAttribute("data-gm-points", overlay ? String(overlay.points.length) : "0");
    box.classList.toggle("gm-over", Boolean(overlay));
    if (!overlay) return;
    const group = L.featureGroup();
    const areas = pane(map, "areas"), points = pane(map, "points");
    const renderer = L.svg({ pane: areas, padding: 0.6 });
    for (const shape of overlay.shapes) {
      const style = overlay.looks[shape.look];
      const drawn = L.geoJSON(shape.geometry, { pane: areas, renderer, interactive: Boolean(shape.name), bubblingMouseEvents: true, style: { ...style, className: `gm-drawn gm-drawn-${shape.look}` } });
      if (shape.name) drawn.bindTooltip(gm.element("span", { text: shape.name }), { sticky: true, className: "gm-tooltip" });
      group.addLayer(drawn);
    }
    for (const point of overlay.points) {
      const dot = gm.element("span", { class: `gm-dot gm-tone-${point.look}`, text: String(point.number) });
      // Told as an element, the icon is never read as HTML.
      const marker = L.marker([point.lat, point.lon], { pane: points, keyboard: true, title: "", alt: point.name, icon: L.divIcon({ html: dot, className: "gm-dot-holder", iconSize: [22, 22] }) });
      marker.bindTooltip(gm.element("span", { text: point.name }), { direction: "top", offset: [0, -8], className: "gm-tooltip" });
      marker.on("click", (event) => { L.DomEvent.stop(event); if (pick) pick(point.id); });
      marker.on("add", () => { const node = marker.getElement(); node.setAttribute("aria-label", point.name); node.setAttribute("role", "button"); node.dataset.point = point.id;
        node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); if (pick) pick(point.id); } }); });
      group.addLayer(marker);
    }
    map.gmOver = group.addTo(map);
    aim(map, overlay);
  };

  /* Go where the page points, once for each time it points. */
  function aim(map, overlay) {
    const at = overlay && overlay.at;
    const told = at ? at.join(",") : "";
    if (told === map.gmAimed) return;
    map.gmAimed = told;
    if (at) gm.look(map, at);
  }
})(window);
