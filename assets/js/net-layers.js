// The layers of the map of the net: ground, grids inside in their base colours, what is changed and unsound, and what the hand works on.
const none = { type: "FeatureCollection", features: [] };

export function style(told, color) {
  const wide = (near, far) => ["interpolate", ["exponential", 1.6], ["zoom"], 10, far, 16, near];
  const tiles = (path, least) => ({ type: "vector", tiles: [location.origin + path + "?land=" + told.revision], minzoom: least, maxzoom: 16 });
  const depth = (n) => ["==", ["get", "depth"], n];
  const base = ["match", ["get", "tint"], ...[0, 1, 2, 3, 4, 5, 6].flatMap((n) => [n, color("--g" + (n + 1))]), color("--paper")];
  const line = (id, source, filter, paint) => ({ id, type: "line", source, filter, paint, layout: { "line-join": "round", "line-cap": "round" } });
  const dots = (id, kind, radius, stroke) => ({
    id, type: "circle", source: "hand", filter: ["==", ["get", "kind"], kind],
    paint: { "circle-radius": radius, "circle-color": color("--paper"), "circle-stroke-color": color("--act"), "circle-stroke-width": stroke },
  });
  return {
    version: 8,
    sources: {
      streets: tiles(told.streets, 13), buildings: tiles(told.houses, 15),
      net: { type: "geojson", data: none }, findings: { type: "geojson", data: none }, hand: { type: "geojson", data: none },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": color("--sunk") } },
      { id: "near", type: "fill", source: "net", filter: depth(0), paint: { "fill-color": color("--paper"), "fill-opacity": 0.55 } },
      { id: "own", type: "fill", source: "net", filter: depth(1), paint: { "fill-color": base, "fill-opacity": 0.9 } },
      { id: "lacking", type: "fill", source: "net", filter: depth(1), layout: { visibility: "none" }, paint: {
        "fill-color": ["match", ["coalesce", ["get", "grade"], 0], 2, color("--red"), 1, color("--yellow"), color("--paper")],
        "fill-opacity": ["match", ["coalesce", ["get", "grade"], 0], 2, 0.45, 1, 0.4, 0.75] } },
      { id: "streets", type: "line", source: "streets", "source-layer": "streets", paint: { "line-color": color("--sunk"), "line-width": wide(5, 0.4), "line-opacity": 0.8 } },
      { id: "buildings", type: "fill", source: "buildings", "source-layer": "buildings", paint: { "fill-color": color("--ink"), "fill-opacity": 0.13 } },
      line("inner", "net", depth(2), { "line-color": color("--edge"), "line-width": wide(1.2, 0.4), "line-opacity": 0.8 }),
      line("beside", "net", depth(0), { "line-color": color("--edge"), "line-width": wide(1.2, 0.6) }),
      line("borders", "net", depth(1), { "line-color": color("--ink-2"), "line-width": wide(2.4, 1) }),
      line("changed", "net", ["all", depth(1), ["!=", ["get", "state"], "same"]], { "line-color": color("--act"), "line-width": 2.5, "line-dasharray": [2, 1.5] }),
      line("chosen", "net", ["==", ["get", "id"], ""], { "line-color": color("--act"), "line-width": 4 }),
      { id: "unsound", type: "fill", source: "findings", paint: { "fill-color": color("--red"), "fill-opacity": 0.7 } },
      line("unsound-rim", "findings", ["has", "words"], { "line-color": color("--red"), "line-width": 3 }),
      line("sketch", "hand", ["==", ["get", "kind"], "sketch"], { "line-color": color("--act"), "line-width": 3, "line-dasharray": [2, 1.2] }),
      dots("mids", "mid", 4, 1.5), dots("points", "point", 7, 2.5), dots("drawn", "drawn", 6, 3),
      { ...dots("snap", "snap", 12, 3), paint: { "circle-radius": 12, "circle-color": color("--act"), "circle-opacity": 0.2, "circle-stroke-color": color("--act"), "circle-stroke-width": 2 } },
      { ...dots("held", "held", 10, 3), paint: { "circle-radius": 10, "circle-color": color("--act"), "circle-stroke-color": color("--paper"), "circle-stroke-width": 3 } },
    ],
  };
}

const feature = (kind, geometry) => ({ type: "Feature", properties: { kind }, geometry });
const dot = (kind, at) => feature(kind, { type: "Point", coordinates: at });

// What the hand works on: handles of the chosen grid, the line being drawn, where it would snap, the point that is held.
export function hand(handles, { drawn = [], closed = false, snap = null, held = null }) {
  const features = handles.map((one) => dot(one.kind, one.at));
  if (drawn.length > 1) features.push(feature("sketch", { type: "LineString", coordinates: closed ? [...drawn, drawn[0]] : drawn }));
  for (const at of drawn) features.push(dot("drawn", at));
  if (snap) features.push(dot("snap", snap));
  if (held) features.push(dot("held", held));
  return { type: "FeatureCollection", features };
}
