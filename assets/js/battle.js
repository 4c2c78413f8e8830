// The battle map: grids in base colours, marks as they change. Without WebGL the picture that is there stays.
//   <main data-use="live battle"> … <div data-map='{…}'><img …></div>
// "live" tells of each changed matter on this element; it is drawn at once, and the tiles are asked for anew a moment later.
import { icons, cluster } from "./battle-icons.js";
import { layers } from "./battle-layers.js";
import { names } from "./map-names.js";
import { ways } from "./battle-ways.js";
import { colors, hasWebGL, library } from "./map-library.js";

export default async function battle(box) {
  const frame = box.querySelector("[data-map]");
  if (!frame) return;
  const told = JSON.parse(frame.dataset.map);
  if (!told.library || !told.worker || !hasWebGL()) return;
  const maplibre = await library(told);
  const stage = document.createElement("div");
  stage.style.cssText = "position:absolute;inset:0";
  frame.append(stage);
  const color = colors();
  const tiles = (name, more = "") => [location.origin + told.tiles[name] + more];
  const source = (name, least, most) =>
    ({ type: "vector", tiles: tiles(name, "?land=" + told.revision), minzoom: least, maxzoom: most });
  let turn = 0;
  // A moment of the past, or nothing for now.
  let at = told.at;
  const asked = () => "?" + (at ? "at=" + encodeURIComponent(at) : "turn=" + turn);
  const map = new maplibre.Map({
    container: stage, bounds: told.bounds, fitBoundsOptions: { padding: 24 }, attributionControl: false, fadeDuration: 0,
    minZoom: told.least, maxZoom: 19, dragRotate: false, pitchWithRotate: false,
    style: {
      version: 8,
      sources: {
        grids: source("grids", told.least, 16), streets: source("streets", 13, 16), buildings: source("buildings", 15, 16),
        matters: { type: "vector", tiles: tiles("matters", asked()), minzoom: told.least, maxzoom: 18 },
        duty: { type: "vector", tiles: tiles("duty", asked()), minzoom: told.least, maxzoom: 14 },
        moved: { type: "geojson", data: none() },
      },
      layers: layers(color, told),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.on("styleimagemissing", (event) => cluster(map, event.id, color));
  map.on("load", async () => {
    await icons(map, told.sprite, color);
    frame.querySelector("img")?.setAttribute("hidden", "");
    names(maplibre, map, told.names);
    box.dataset.map = "ready";
  });
  if (told.page) ways(map, told, () => at);

  // What changed since the tiles were made lies over them until they have come anew. A moment of the past does not change.
  const moved = new Map();
  let pending;
  box.addEventListener("live:matter", (event) => change(event.detail));
  box.addEventListener("live:gone", (event) => change({ ...event.detail, state: "void" }));
  box.addEventListener("live:reload", () => anew());
  setInterval(() => { if (!at && !document.hidden) anew(); }, 300_000);
  box.addEventListener("replay:at", (event) => {
    at = event.detail.at;
    moved.clear();
    draw();
    anew(event.detail.done);
  });

  function change(matter) {
    if (at) return;
    const seen = matter.lon !== undefined && matter.lon !== null && matter.state !== "merged" && matter.state !== "void";
    moved.set(matter.id, seen ? feature(matter) : undefined);
    draw();
    if (seen) pulse(maplibre, map, matter);
    clearTimeout(pending);
    pending = setTimeout(anew, 1500);
  }

  function draw() {
    map.getSource("moved")?.setData({ type: "FeatureCollection", features: [...moved.values()].filter(Boolean) });
    const others = ["!", ["in", ["get", "id"], ["literal", [...moved.keys()]]]];
    for (const layer of ["marks", "rings"]) {
      if (map.getLayer(layer)) map.setFilter(layer, ["all", ["has", "mark"], ...(layer === "rings" ? [["get", "late"]] : []), others]);
    }
  }

  function anew(done) {
    const told = new Set(moved.keys());
    turn += 1;
    for (const name of ["matters", "duty"]) map.getSource(name)?.setTiles(tiles(name, asked()));
    map.once("idle", () => {
      for (const id of told) moved.delete(id);
      if (told.size) draw();
      if (typeof done === "function") done();
    });
  }
}

function feature(matter) {
  return {
    type: "Feature", geometry: { type: "Point", coordinates: [matter.lon, matter.lat] },
    properties: { id: matter.id, mark: matter.mark, late: matter.late === true },
  };
}

function none() { return { type: "FeatureCollection", features: [] }; }

function pulse(maplibre, map, matter) {
  const element = document.createElement("div");
  const ring = document.createElement("div");
  ring.className = "pulse";
  element.append(ring);
  const marker = new maplibre.Marker({ element }).setLngLat([matter.lon, matter.lat]).addTo(map);
  setTimeout(() => marker.remove(), 1000);
}
