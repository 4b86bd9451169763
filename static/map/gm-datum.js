/* WGS 84 and GCJ-02, there and back: the formula of gm_map/datum.py in the page's own script, so that tiles can be moved.
 *
 * It is the one in public use since about 2010 ("eviltransform"); against what map services answer it is good to a metre
 * or two. The way back is found by iteration. Degrees; points outside the rectangle are not shifted. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const RECTANGLE = [72.004, 0.8293, 137.8347, 55.8271];  // west, south, east, north
  const HALF_AXIS = 6378245.0, ECCENTRICITY_2 = 0.00669342162296594323;  // Krasovsky 1940
  const STEPS = 6;
  const { PI, sin, cos, sqrt, abs } = Math;

  function inside(lon, lat) {
    const [west, south, east, north] = RECTANGLE;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  }

  function forward(lon, lat) {
    const x = lon - 105, y = lat - 35, bend = sqrt(abs(x));
    const waves = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI);
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * bend + (waves + 20 * sin(y * PI) + 40 * sin(y / 3 * PI)
      + 160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * (2 / 3);
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * bend + (waves + 20 * sin(x * PI) + 40 * sin(x / 3 * PI)
      + 150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * (2 / 3);
    const phi = lat * PI / 180, magic = 1 - ECCENTRICITY_2 * sin(phi) ** 2;
    const meridian = HALF_AXIS * (1 - ECCENTRICITY_2) / (magic * sqrt(magic)), parallel = HALF_AXIS / sqrt(magic) * cos(phi);
    return [lon + east / parallel * 180 / PI, lat + north / meridian * 180 / PI];
  }

  gm.datum = {
    /** WGS 84 to GCJ-02: [longitude, latitude] in degrees. */
    toGcj: (lon, lat) => (inside(lon, lat) ? forward(lon, lat) : [lon, lat]),
    /** GCJ-02 to WGS 84: each step takes off what the last one missed by; less than 1e-12 degrees remain. */
    toWgs(lon, lat) {
      if (!inside(lon, lat)) return [lon, lat];
      let found = [lon, lat];
      for (let step = 0; step < STEPS; step += 1) {
        const reached = forward(...found);
        found = [found[0] + lon - reached[0], found[1] + lat - reached[1]];
      }
      return found;
    },
  };
})(window);
