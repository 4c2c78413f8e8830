// An uploaded set on the map: its outlines over our streets, buildings and grids, and three points as each coordinate system has them.
//   <div data-use="preview" data-preview='{…}'> … <button data-point="1"> …
import { colors, hasWebGL, library } from "./map-library.js";

export default async function preview(box) {
  const told = JSON.parse(box.dataset.preview);
  if (!told.library || !told.worker || !hasWebGL()) return;
  const maplibre = await library(told);
  const color = colors();
  const stage = box.querySelector("[data-stage]");
  stage.hidden = false;
  const tiles = (name, least) => ({ type: "vector", tiles: [location.origin + told.tiles[name] + "?land=" + told.revision], minzoom: least, maxzoom: 16 });
  const wide = (near, far) => ["interpolate", ["exponential", 1.6], ["zoom"], 10, far, 16, near];
  const map = new maplibre.Map({
    container: stage, bounds: told.bounds, fitBoundsOptions: { padding: 40 }, attributionControl: false, fadeDuration: 0,
    minZoom: told.least, maxZoom: 20, dragRotate: false, pitchWithRotate: false,
    style: {
      version: 8,
      sources: {
        land: tiles("grids", told.least), streets: tiles("streets", 13), houses: tiles("buildings", 15),
        grids: { type: "geojson", data: told.grids }, findings: { type: "geojson", data: told.findings },
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": color("--sunk") } },
        { id: "land", type: "fill", source: "land", "source-layer": "grids", paint: { "fill-color": color("--paper"), "fill-opacity": 0.5 } },
        { id: "streets", type: "line", source: "streets", "source-layer": "streets", paint: { "line-color": color("--mute"), "line-width": wide(5, 0.5), "line-opacity": 0.7 } },
        { id: "houses", type: "fill", source: "houses", "source-layer": "buildings", paint: { "fill-color": color("--ink"), "fill-opacity": 0.2 } },
        { id: "borders", type: "line", source: "land", "source-layer": "grids", paint: { "line-color": color("--edge"), "line-width": 1 } },
        { id: "new", type: "line", source: "grids", paint: { "line-color": color("--act"), "line-width": 2.5 } },
        { id: "unsound", type: "fill", source: "findings", paint: { "fill-color": color("--red"), "fill-opacity": 0.4 } },
      ],
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  for (const point of told.points) {
    const element = document.createElement("div");
    element.className = point.chosen ? "datum chosen" : "datum";
    element.append(Object.assign(document.createElement("b"), { textContent: point.number }), ` ${point.system}`);
    new maplibre.Marker({ element, anchor: "left", offset: [-9, 0] }).setLngLat([point.lon, point.lat]).addTo(map);
  }
  box.addEventListener("click", (event) => {
    const number = Number(event.target.closest("[data-point]")?.dataset.point);
    if (!number) return;
    const bounds = new maplibre.LngLatBounds();
    for (const point of told.points.filter((one) => one.number === number)) bounds.extend([point.lon, point.lat]);
    map.fitBounds(bounds, { padding: 110, maxZoom: 17, duration: 220 });
    stage.scrollIntoView({ block: "nearest" });
  });
  map.on("load", () => { box.dataset.map = "ready"; });
}
