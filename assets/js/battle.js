// The battle map: grids in base colours, marks as they change. Without WebGL the picture that is there stays.
//   <main data-use="live battle"> … <div data-map='{…}'><img …></div>
// "live" tells of each changed matter on this element; it is drawn at once, and the tiles are asked for anew a moment later.
import { icons, cluster } from "./battle-icons.js";
import { layers } from "./battle-layers.js";
import { names } from "./battle-names.js";

export default async function battle(box) {
  const frame = box.querySelector("[data-map]");
  if (!frame) return;
  const told = JSON.parse(frame.dataset.map);
  if (!told.library || !told.worker || !hasWebGL()) return;
  const maplibre = await library(told);
  maplibre.setWorkerUrl(told.worker);
  const stage = document.createElement("div");
  stage.style.cssText = "position:absolute;inset:0";
  frame.append(stage);
  const look = getComputedStyle(document.documentElement);
  const color = (name) => look.getPropertyValue(name).trim();
  const tiles = (name, more = "") => [location.origin + told.tiles[name] + more];
  const source = (name, least, most) =>
    ({ type: "vector", tiles: tiles(name, "?land=" + told.revision), minzoom: least, maxzoom: most });
  let turn = 0;
  const map = new maplibre.Map({
    container: stage, bounds: told.bounds, fitBoundsOptions: { padding: 24 }, attributionControl: false, fadeDuration: 0,
    minZoom: told.least, maxZoom: 19, dragRotate: false, pitchWithRotate: false,
    style: {
      version: 8,
      sources: {
        grids: source("grids", told.least, 16), streets: source("streets", 13, 16), buildings: source("buildings", 15, 16),
        matters: { type: "vector", tiles: tiles("matters", "?turn=0"), minzoom: told.least, maxzoom: 18 },
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
  open(map, told);

  // What changed since the tiles were made lies over them until they have come anew.
  const moved = new Map();
  let pending;
  box.addEventListener("live:matter", (event) => change(event.detail));
  box.addEventListener("live:gone", (event) => change({ ...event.detail, state: "void" }));
  box.addEventListener("live:reload", () => anew());

  function change(matter) {
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

  function anew() {
    const told = new Set(moved.keys());
    turn += 1;
    map.getSource("matters")?.setTiles(tiles("matters", "?turn=" + turn));
    map.once("idle", () => {
      for (const id of told) moved.delete(id);
      draw();
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

function hasWebGL() {
  try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
}

function library(told) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = told.style;
  document.head.append(style);
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = told.library;
    script.onload = () => done(window.maplibregl);
    script.onerror = fail;
    document.head.append(script);
  });
}

function pulse(maplibre, map, matter) {
  const element = document.createElement("div");
  const ring = document.createElement("div");
  ring.className = "pulse";
  element.append(ring);
  const marker = new maplibre.Marker({ element }).setLngLat([matter.lon, matter.lat]).addTo(map);
  setTimeout(() => marker.remove(), 1000);
}

// A mark opens its matter, a cluster comes nearer, a grid below the one shown is gone down to.
function open(map, told) {
  map.on("click", (event) => {
    const near = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
    const marks = map.queryRenderedFeatures(near, { layers: ["marks", "moved", "clusters"].filter((name) => map.getLayer(name)) });
    const mark = marks.find((one) => one.properties.id);
    if (mark) { if (told.matter) location.href = told.matter + mark.properties.id; return; }
    if (marks.length) { map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2, duration: 220 }); return; }
    const grids = map.queryRenderedFeatures(event.point, { layers: ["held"] }).map((one) => one.properties);
    const next = grids.filter((one) => one.rank > told.rank).sort((a, b) => a.rank - b.rank)[0];
    const other = next ?? grids.filter((one) => one.id !== told.grid).sort((a, b) => b.rank - a.rank)[0];
    if (other) location.href = told.page + (told.page.includes("?") ? "&" : "?") + "grid=" + other.id;
  });
  map.on("mousemove", (event) => {
    const hit = map.queryRenderedFeatures(event.point, { layers: ["marks", "clusters", "held"].filter((name) => map.getLayer(name)) });
    map.getCanvas().style.cursor = hit.length ? "pointer" : "";
  });
}
