/* What is at this point: every layer that covers it, the nearest station, and how near the edges are.
 *
 * Worked out from the shapes that the map already holds; nobody is asked. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const LEVELS = ["unit", "cluster", "zone", "corridor"];

  /* Rings of [longitude, latitude] of a polygon or several; none for lines. */
  function rings(geometry) {
    return geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
  }

  /* Even-odd over all rings, so that a hole is outside. */
  function covers(all, [x, y]) {
    let inside = false;
    for (const ring of all) for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  function areasOf(state) {
    if (state.areas) return state.areas;
    state.areas = [];
    for (const [id, shape] of state.shapes) {
      const place = state.places[id];
      for (const layer of shape.layers) {
        const all = rings(layer.feature.geometry);
        if (all.length) state.areas.push({ kind: shape.level, id, name: place.name, uncertainty: place.uncertainty, rings: all });
      }
    }
    for (const key of ["street", "district"]) {
      state.groups.get(key).group.eachLayer((layer) => {
        const { kind, name, uncertainty } = layer.feature.properties, all = rings(layer.feature.geometry);
        if (kind === key && all.length && !state.areas.some((one) => one.kind === key && one.rings === all)) state.areas.push({ kind, name, uncertainty, rings: all });
      });
    }
    return state.areas;
  }

  /** All that is known of a point ([longitude, latitude], WGS 84).
   *
   * Returns { inside (the district), rows: [{kind, id, name, edge_m, uncertainty, within (the edge is nearer than the outline is
   * known), covered}], station: {name, distance_m} }. A row that is not covered is the nearest place of its kind whose edge is
   * that near; a kind with neither has a row without a name. */
  gm.identify = function (map, at) {
    const state = gm.state(map), areas = areasOf(state);
    const told = (area) => {
      const edge = gm.geodesic.toLines(at, area.rings);
      return { kind: area.kind, id: area.id, name: area.name, edge_m: edge, uncertainty: area.uncertainty, within: edge < area.uncertainty, covered: covers(area.rings, at) };
    };
    const rows = [...LEVELS, "street"].flatMap((kind) => {
      const near = areas.filter((area) => area.kind === kind).map(told).sort((a, b) => a.edge_m - b.edge_m);
      const covered = near.filter((one) => one.covered);
      if (covered.length) return covered;
      return [near.find((one) => one.within && kind !== "street") || { kind, name: null, covered: false }];
    });
    const stations = state.labels.filter((label) => /^station/.test(label.look)).map((label) => ({ name: label.text, at: [label.at[1], label.at[0]] }));
    const measured = stations.map((one) => ({ name: one.name, distance_m: gm.geodesic.length([at, one.at]) })).sort((a, b) => a.distance_m - b.distance_m);
    return { inside: areas.some((area) => area.kind === "district" && covers(area.rings, at)), rows, station: measured[0] || null };
  };
})(window);
