// The layers of the battle map from the ground up. Roads are the ground showing through: wide between third-level grids, narrow between micro-grids.
// On a wall of 4K everything is larger by `scale`.
export function scale() {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return window.innerWidth < 640 ? 0.8 : Math.max(1, size / 20);
}

export function layers(color, told) {
  const large = Math.max(1, scale());
  const base = ["match", ["get", "color"], ...[0, 1, 2, 3, 4, 5, 6].flatMap((n) => [n, color("--g" + (n + 1))]), color("--paper")];
  const leaf = ["get", "leaf"];
  const above = ["!", leaf];
  const wide = (near, far) => ["interpolate", ["exponential", 1.6], ["zoom"], 10, far * large, 16, near * large];
  // Land outside the one that is shown stands back.
  const own = ["==", ["slice", ["get", "path"], 0, told.path.length], told.path];
  const grids = (id, type, filter, paint, layout = {}) => ({ id, type, source: "grids", "source-layer": "grids", filter, paint, layout });
  return [
    { id: "ground", type: "background", paint: { "background-color": color("--sunk") } },
    grids("bases", "fill", above, { "fill-color": base, "fill-opacity": ["case", own, 1, 0.28] }, { "fill-sort-key": ["get", "rank"] }),
    grids("held", "fill", ["has", "id"], { "fill-color": "#000", "fill-opacity": 0 }, { "fill-sort-key": ["get", "rank"] }),
    { id: "streets", type: "line", source: "streets", "source-layer": "streets", paint: { "line-color": color("--sunk"), "line-width": wide(5, 0.4), "line-opacity": 0.8 }, layout: {} },
    { id: "buildings", type: "fill", source: "buildings", "source-layer": "buildings", paint: { "fill-color": color("--ink"), "fill-opacity": 0.11 }, layout: {} },
    grids("leaf-lines", "line", leaf, { "line-color": color("--sunk"), "line-width": wide(4, 0.5) }, { "line-join": "round" }),
    grids("lines", "line", above, { "line-color": color("--sunk"), "line-width": wide(11, 1.2) }, { "line-join": "round" }),
    grids("middles", "line", above, { "line-color": color("--edge"), "line-width": wide(1.5, 0.6) }, { "line-join": "round" }),
    grids("dedicated", "line", ["all", ["has", "nature"], own], { "line-color": color("--ink"), "line-width": wide(2, 0.9), "line-dasharray": [3, 2], "line-opacity": 0.85 }),
    grids("chosen", "line", ["==", ["get", "id"], told.grid], { "line-color": color("--act"), "line-width": 3 * large }, { "line-join": "round" }),
  ];
}

// The marks, once their pictures are there: red last and largest.
export function marks(color) {
  const order = ["match", ["get", "mark"], "red", 3, "none", 2, "yellow", 1, 0];
  const large = scale();
  const layout = {
    "icon-image": ["concat", "mark-", ["get", "mark"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": order,
    "icon-size": ["*", large, ["match", ["get", "mark"], "red", 0.95, "none", 0.85, "yellow", 0.78, 0.62]],
  };
  const ring = { "circle-radius": 15 * large, "circle-color": "#000", "circle-opacity": 0, "circle-stroke-color": color("--red"), "circle-stroke-width": 3 * large };
  const tile = (id, type, filter, more) => ({ id, type, source: "matters", "source-layer": "matters", filter, ...more });
  const parts = ["none", "red", "yellow", "green", "late"].flatMap((name) => ["-", ["to-string", ["get", name]]]);
  return [
    { id: "duty", type: "circle", source: "duty", "source-layer": "duty", minzoom: 11.5, paint: {
      "circle-radius": 5 * large, "circle-color": "#fff", "circle-stroke-color": color("--act-fill"), "circle-stroke-width": 3 * large,
      "circle-translate": [0, 32 * large],
    } },
    tile("rings", "circle", ["all", ["has", "mark"], ["get", "late"]], { paint: ring }),
    tile("marks", "symbol", ["has", "mark"], { layout }),
    tile("clusters", "symbol", ["has", "count"], {
      layout: { "icon-image": ["concat", "many", ...parts], "icon-size": large, "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "count"] },
    }),
    { id: "moved-rings", type: "circle", source: "moved", filter: ["get", "late"], paint: ring },
    { id: "moved", type: "symbol", source: "moved", layout },
  ];
}
