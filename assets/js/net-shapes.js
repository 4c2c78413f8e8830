// Outlines as the hand sees them: rings, points that several grids have in common, the nearest place to snap to.
export const key = (at) => at[0] + "," + at[1];
const round = (value) => Math.round(value * 1e9) / 1e9;
export const rounded = (at) => [round(at[0]), round(at[1])];

export function rings(geometry) {
  if (!geometry) return [];
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

// The points of a grid's border, and one between each two.
export function handles(feature) {
  const found = [], seen = new Set();
  for (const ring of rings(feature?.geometry)) {
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [a, b] = [ring[i], ring[i + 1]];
      if (!seen.has(key(a))) found.push({ kind: "point", at: a });
      seen.add(key(a));
      found.push({ kind: "mid", at: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], a, b });
    }
  }
  return found;
}

// The net with a point of all grids that have it elsewhere, or with a new one in all that have a side.
export function moved(net, handle, to) {
  const same = (a, b) => a[0] === b[0] && a[1] === b[1];
  const change = (ring) => {
    if (handle.kind === "point") return ring.map((at) => same(at, handle.at) ? to : at);
    const result = [];
    for (let i = 0; i < ring.length; i += 1) {
      result.push(ring[i]);
      const [a, b] = [ring[i], ring[i + 1]];
      if (b && ((same(a, handle.a) && same(b, handle.b)) || (same(a, handle.b) && same(b, handle.a)))) result.push(to);
    }
    return result;
  };
  const geometry = (shape) => shape && (shape.type === "Polygon"
    ? { type: "Polygon", coordinates: shape.coordinates.map(change) }
    : { type: "MultiPolygon", coordinates: shape.coordinates.map((polygon) => polygon.map(change)) });
  return { ...net, features: net.features.map((one) => ({ ...one, geometry: geometry(one.geometry) })) };
}

// The nearest point of any border within so many pixels, else the nearest place on a side; points and sides that are being moved are left out.
export function snapped(map, net, lngLat, pixels, but = []) {
  const here = map.project(lngLat), spared = new Set(but.map(key));
  const low = map.unproject([here.x - pixels, here.y + pixels]), high = map.unproject([here.x + pixels, here.y - pixels]);
  let corner = null, side = null;
  for (const one of net.features) {
    for (const ring of rings(one.geometry)) {
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [a, b] = [ring[i], ring[i + 1]];
        if (Math.max(a[0], b[0]) < low.lng || Math.min(a[0], b[0]) > high.lng || Math.max(a[1], b[1]) < low.lat || Math.min(a[1], b[1]) > high.lat) continue;
        const p = map.project(a), q = map.project(b);
        if (!spared.has(key(a))) {
          const away = Math.hypot(p.x - here.x, p.y - here.y);
          if (away <= pixels && away < (corner?.away ?? Infinity)) corner = { away, at: a };
        }
        if (spared.has(key(a)) || spared.has(key(b))) continue;
        const [dx, dy] = [q.x - p.x, q.y - p.y], length = dx * dx + dy * dy;
        if (!length) continue;
        const part = Math.max(0, Math.min(1, ((here.x - p.x) * dx + (here.y - p.y) * dy) / length));
        const away = Math.hypot(p.x + part * dx - here.x, p.y + part * dy - here.y);
        if (away <= pixels && away < (side?.away ?? Infinity)) side = { away, at: rounded([a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]) };
      }
    }
  }
  return corner?.at ?? side?.at ?? null;
}

// The grid of the upper level that holds a place.
export function holding(net, at) {
  return net.features.find((one) => one.properties.depth === 1 && rings(one.geometry).reduce((inside, ring) => {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [a, b] = [ring[i], ring[j]];
      if ((a[1] > at[1]) !== (b[1] > at[1]) && at[0] < (b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
    return inside;
  }, false));
}
