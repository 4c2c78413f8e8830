// The map of the net of grids: looked at by day, changed by hand. Without WebGL the picture and the list stay.
//   <main data-use="net" data-net='{…}'> … <div data-map>picture</div> …
import { colors, hasWebGL, library } from "./map-library.js";
import { names } from "./map-names.js";
import { style } from "./net-layers.js";
import draft from "./net-draft.js";
import ways from "./net-ways.js";
import side from "./net-side.js";

export default async function net(box) {
  const told = JSON.parse(box.dataset.net);
  const plain = () => { box.querySelector("[data-plain]").hidden = false; };
  if (!told.library || !told.worker || !hasWebGL()) { plain(); return; }
  const maplibre = await library(told);
  const color = colors();
  const frame = box.querySelector("[data-map]");
  const stage = document.createElement("div");
  stage.className = "net-canvas";
  frame.append(stage);
  const map = new maplibre.Map({
    container: stage, bounds: told.bounds, fitBoundsOptions: { padding: 36 }, attributionControl: false, fadeDuration: 0,
    minZoom: told.least, maxZoom: 20, dragRotate: false, pitchWithRotate: false, style: style(told, color),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");

  const said = box.querySelector("[data-said]");
  let hush = 0, unname = () => {}, grades = null;
  const work = {
    box, told, map, data: null, net: { type: "FeatureCollection", features: [] }, chosen: "", isReading: false,
    feature: (id) => work.net.features.find((one) => one.properties.id === id),

    // A refusal stays until something else is done; what is only told goes by itself.
    say(text, isCalm = false) {
      clearTimeout(hush);
      said.textContent = text ?? "";
      said.hidden = !text;
      said.classList.toggle("bad", !isCalm);
      said.classList.toggle("act", isCalm);
      if (text && isCalm) hush = setTimeout(() => { said.hidden = true; }, 8000);
    },

    // Draws the grids as they are, or as the hand is just moving them.
    draw(net) { map.getSource("net").setData(net); },

    show(data) {
      work.data = data;
      work.net = data.net;
      if (grades) grade(work.net);
      if (!work.feature(work.chosen)) work.chosen = "";
      work.draw(data.net);
      map.getSource("findings").setData({ ...data.findings, features: data.findings.features.filter((one) => one.geometry) });
      unname();
      const labels = data.net.features.filter((one) => one.properties.depth === 1 && one.properties.lon !== undefined).map((one) => one.properties);
      unname = names(maplibre, map, labels.map((one) => ({ name: one.name, who: grades?.[one.id]?.words ?? "", lon: one.lon, lat: one.lat, small: labels.length > 40 })));
      box.dispatchEvent(new CustomEvent("net:shown"));
    },

    pick(id) {
      if (work.chosen === id) return;
      work.chosen = id;
      map.setFilter("chosen", ["==", ["get", "id"], id]);
      box.dispatchEvent(new CustomEvent("net:picked"));
    },

    // What is to fill as a layer: grades by grid, or nothing.
    cover(found) {
      grades = found;
      map.setLayoutProperty("lacking", "visibility", found ? "visible" : "none");
      work.show(work.data);
    },
  };
  function grade(net) {
    for (const one of net.features) one.properties.grade = grades[one.properties.id]?.grade ?? 0;
  }
  work.draft = draft(told, work.show, work.say);
  map.on("load", () => {
    frame.querySelector(".drawn").hidden = true;
    side(work);
    ways(work);
    work.draft.start().then(() => {
      // The tools have taken their room only now.
      map.resize();
      map.fitBounds(told.bounds, { padding: 36, duration: 0 });
      box.dataset.map = "ready";
    });
  });
}
