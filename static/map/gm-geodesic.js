/* True lengths and areas on the ellipsoid, from longitudes and latitudes in degrees.
 *
 * A geodesic is a great circle on Bessel's auxiliary sphere, whose latitude is the reduced one: along it
 *     (1/a) ds/dσ = dλ/dω = w = √(1 − e² cos² U),   dω/dσ = sin α₀ / cos² U
 * (Bessel 1825; Karney 2013, "Algorithms for geodesics", J. Geodesy 87, eqs. 6 to 8). The integrals are taken by
 * Gauss-Legendre quadrature with eight nodes, ω by iteration until λ is met. The area of a ring is ∮ (a²/2) q(φ) dλ with the
 * q of the authalic sphere (Snyder 1987, "Map projections", eq. 3-12), counted from the first corner's latitude, so that
 * nothing large is taken from something large. Ellipsoid GRS 80, which differs from WGS 84's by 0.1 mm.
 * Against pyproj (Karney): 1e-9 of the figure or better on this district's lines and areas; tests/browser/test_tools.py
 * measures it. Not for points near each other's antipodes, nor rings round a pole. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const A = 6378137, F = 1 / 298.257222101, E2 = F * (2 - F), E = Math.sqrt(E2);
  const NODES = [0.18343464249564980, 0.52553240991632899, 0.79666647741362674, 0.96028985649753623];
  const WEIGHTS = [0.36268378337836198, 0.31370664587788729, 0.22238103445337447, 0.10122853629037626];
  const GAUSS = NODES.flatMap((x, i) => [[(1 - x) / 2, WEIGHTS[i] / 2], [(1 + x) / 2, WEIGHTS[i] / 2]]);
  const PANEL = 0.1;  // radians of arc that one set of nodes serves
  const RAD = Math.PI / 180;

  const reduced = (lat) => Math.atan((1 - F) * Math.tan(lat * RAD));

  function q(sinU) {
    const sinPhi = sinU / Math.sqrt((1 - F) ** 2 + sinU * sinU * (1 - (1 - F) ** 2));
    return (1 - E2) * (sinPhi / (1 - E2 * sinPhi * sinPhi) + Math.atanh(E * sinPhi) / E);
  }

  /* The arc between two points whose longitudes differ by `omega` on the sphere: its length σ, and along it ∫ w dσ,
   * ∫ dλ and ∫ (q − q₀) dλ. */
  function arc(U1, U2, omega, q0) {
    const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
    const chord = Math.hypot(c2 * Math.cos(omega) - c1, c2 * Math.sin(omega), s2 - s1);
    const sigma = 2 * Math.asin(Math.min(1, chord / 2)), whole = Math.sin(sigma);
    const found = { length: 0, lambda: 0, area: 0 };
    if (!sigma) return found;
    const turn = c1 * c2 * Math.sin(omega) / whole;  // sin α₀
    const panels = Math.ceil(sigma / PANEL);
    for (let panel = 0; panel < panels; panel += 1) for (const [node, weight] of GAUSS) {
      const t = (panel + node) / panels, step = weight * sigma / panels;
      const sinU = (Math.sin((1 - t) * sigma) * s1 + Math.sin(t * sigma) * s2) / whole;
      const cos2 = 1 - sinU * sinU, w = Math.sqrt(1 - E2 * cos2), lambda = w * turn / cos2 * step;
      found.length += w * step;
      found.lambda += lambda;
      found.area += (q(sinU) - q0) * lambda;
    }
    return found;
  }

  function edge([lon1, lat1], [lon2, lat2], q0) {
    const U1 = reduced(lat1), U2 = reduced(lat2);
    let lambda = (lon2 - lon1) * RAD;
    lambda -= 2 * Math.PI * Math.round(lambda / (2 * Math.PI));
    let omega = lambda, found = arc(U1, U2, omega, q0);
    for (let step = 0; step < 12 && lambda && Math.abs(found.lambda - lambda) > 1e-16 + 1e-14 * Math.abs(lambda); step += 1) {
      omega *= lambda / found.lambda;
      found = arc(U1, U2, omega, q0);
    }
    return found;
  }

  gm.geodesic = {
    /** Length in metres of a line of [longitude, latitude]. */
    length(points) {
      let total = 0;
      for (let i = 1; i < points.length; i += 1) total += edge(points[i - 1], points[i], 0).length;
      return A * total;
    },
    /** Area in square metres within a ring of [longitude, latitude], whichever way it turns; the last corner need not be the first. */
    area(points) {
      if (points.length < 3) return 0;
      const q0 = q(Math.sin(reduced(points[0][1])));
      let total = 0;
      points.forEach((point, i) => { total += edge(point, points[(i + 1) % points.length], q0).area; });
      return Math.abs(A * A * total / 2);
    },
    /** Whether a ring runs over itself, so that it has no area to speak of. */
    crossed(points) {
      const side = (p, r, s) => (r[0] - p[0]) * (s[1] - p[1]) - (r[1] - p[1]) * (s[0] - p[0]);
      const n = points.length;
      for (let i = 0; i < n; i += 1) for (let j = i + 2; j < n; j += 1) {
        if (i === 0 && j === n - 1) continue;
        const [p, r, s, t] = [points[i], points[i + 1], points[j], points[(j + 1) % n]];
        if (side(p, r, s) * side(p, r, t) < 0 && side(s, t, p) * side(s, t, r) < 0) return true;
      }
      return false;
    },
    /** Distance in metres from a point to the nearest piece of some lines, in the plane that touches the ellipsoid there: good to
     * a thousandth over ten kilometres. `lines` are lists of [longitude, latitude]. */
    toLines([lon, lat], lines) {
      const w = 1 - E2 * Math.sin(lat * RAD) ** 2;
      const kx = A / Math.sqrt(w) * Math.cos(lat * RAD) * RAD, ky = A * (1 - E2) / (w * Math.sqrt(w)) * RAD;
      let least = Infinity;
      for (const line of lines) for (let i = 1; i < line.length; i += 1) {
        const ax = (line[i - 1][0] - lon) * kx, ay = (line[i - 1][1] - lat) * ky;
        const dx = (line[i][0] - line[i - 1][0]) * kx, dy = (line[i][1] - line[i - 1][1]) * ky, square = dx * dx + dy * dy;
        const t = square ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / square)) : 0;
        least = Math.min(least, Math.hypot(ax + t * dx, ay + t * dy));
      }
      return least;
    },
  };
})(window);
