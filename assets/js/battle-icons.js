// Pictures of the marks, taken from the sprite in the colours of the page, and of clusters as they are asked for.
import { marks } from "./battle-layers.js";

const names = { none: "m-outline", red: "m-red", yellow: "m-yellow", green: "m-green" };

export async function icons(map, sprite, color) {
  const text = await (await fetch(sprite)).text();
  const shapes = new DOMParser().parseFromString(text, "image/svg+xml");
  const inside = (id) => shapes.getElementById(id)?.innerHTML ?? "";
  for (const [mark, id] of Object.entries(names)) map.addImage("mark-" + mark, await picture(inside(id), color), { pixelRatio: 2 });
  for (const layer of marks(color)) map.addLayer(layer);
}

function picture(body, color) {
  const drawn = body.replace(/var\((--[a-z-]+)\)/g, (_, name) => color(name));
  return new Promise((done, fail) => {
    const image = new Image(64, 64);
    image.onload = () => done(image);
    image.onerror = fail;
    image.src = "data:image/svg+xml," + encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="-1 -1 22 22">${drawn}</svg>`);
  });
}

// many-<none>-<red>-<yellow>-<green>-<late>: a disc with the number, its rim in the shares of the colours, a ring when one is late.
export function cluster(map, id, color) {
  if (!id.startsWith("many-") || map.hasImage(id)) return;
  const [none, red, yellow, green, late] = id.split("-").slice(1).map(Number);
  const all = none + red + yellow + green;
  const size = Math.round(2 * (15 + Math.min(14, Math.log2(all) * 2.4)));
  const side = 2 * (size + 16);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  const middle = side / 2;
  pen.beginPath();
  pen.arc(middle, middle, size, 0, 2 * Math.PI);
  pen.fillStyle = color("--paper");
  pen.fill();
  let from = -Math.PI / 2;
  pen.lineWidth = 7;
  for (const [count, name] of [[red + none, "--red"], [yellow, "--yellow"], [green, "--green"]]) {
    if (!count) continue;
    const to = from + 2 * Math.PI * count / all;
    pen.beginPath();
    pen.arc(middle, middle, size - 3, from, to);
    pen.strokeStyle = color(name);
    pen.stroke();
    from = to;
  }
  if (late) {
    pen.beginPath();
    pen.arc(middle, middle, size + 10, 0, 2 * Math.PI);
    pen.lineWidth = 6;
    pen.strokeStyle = color("--red");
    pen.stroke();
  }
  pen.fillStyle = color("--ink");
  pen.font = `600 ${all > 99 ? 22 : 26}px ${color("--sans")}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(all), middle, middle + 1);
  map.addImage(id, pen.getImageData(0, 0, side, side), { pixelRatio: 2 });
}
