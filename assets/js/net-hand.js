// The hand on the map: choosing a grid, moving the points of its border, naming the neighbour to merge. By mouse, finger and keys.
import { hand as layer } from "./net-layers.js";
import line from "./net-line.js";
import { handles, holding, key, moved, rounded, snapped } from "./net-shapes.js";

const FINGER = 24, MOUSE = 12;

export default function hand(work) {
  const { box, map, draft } = work;
  const tools = box.querySelector(".net-tools"), hint = box.querySelector("[data-hint]");
  const hints = box.querySelector("[data-hints]").content;
  let tool = "move", snap = null, held = null, drag = null, dots = [], pending = 0, isFinger = false, isLate = false, queue = Promise.resolve();
  const does = { use, add, paint, reach: () => (isFinger ? FINGER : MOUSE), get tool() { return tool; } };
  const pen = line(work, does);
  const button = (name) => tools.querySelector(`[data-do=${name}]`);

  function paint() {
    dots = tool === "move" && !work.isReading ? handles(work.feature(work.chosen)) : [];
    map.getSource("hand").setData(layer(dots, { drawn: pen.points, closed: tool === "draw", snap: snap ?? pen.snap, held: held?.at }));
    for (const one of tools.querySelectorAll("[data-tool]")) one.setAttribute("aria-pressed", String(one.dataset.tool === tool));
    button("undo").disabled = work.isReading || (!draft.at && !pen.points.length);
    button("redo").disabled = work.isReading || draft.at >= draft.count;
    button("finish").hidden = !pen.isEnough;
    button("cancel").hidden = tool === "move";
    button("remove").hidden = !held;
    const name = work.isReading ? "reading" : tool !== "move" ? tool : held ? "point" : work.chosen ? "picked" : "move";
    hint.textContent = hints.querySelector(`[data-${name}]`).textContent;
    tools.hidden = work.isReading;
    map.getCanvas().style.cursor = tool === "move" ? "" : "crosshair";
  }

  function use(next) {
    if ((next === "split" || next === "merge") && !work.chosen) { work.say(work.told.words.split_first, true); next = "move"; }
    tool = next;
    [snap, held] = [null, null];
    pen.clear();
    map.doubleClickZoom[tool === "move" ? "enable" : "disable"]();
    map.keyboard.enable();
    paint();
  }

  // One after the other: a step stands on what the one before made.
  async function add(step) {
    work.say("");
    hint.textContent = work.told.words.working;
    const isDone = await (queue = queue.then(() => draft.add(step)));
    if (!isDone) work.draw(work.net);
    return isDone;
  }

  // The handle under a finger: a point goes before a place between two.
  function hit(at) {
    let best = null;
    for (const one of dots) {
      const here = map.project(one.at);
      const away = Math.hypot(here.x - at.x, here.y - at.y) + (one.kind === "mid" ? does.reach() / 3 : 0);
      if (away <= does.reach() && away < (best?.away ?? Infinity)) best = { away, one };
    }
    return best?.one ?? null;
  }

  function grab(event) {
    isFinger = event.type === "touchstart";
    if (work.isReading || tool !== "move" || (event.points?.length ?? 1) > 1) return;
    const one = hit(event.point);
    if (!one) return;
    event.preventDefault();
    drag = { one, to: null, from: event.point };
    settle();
    document.addEventListener(isFinger ? "touchend" : "mouseup", drop, { once: true });
  }

  function pull(event) {
    if (!drag) { pen.hover(event); return; }
    if (Math.hypot(event.point.x - drag.from.x, event.point.y - drag.from.y) < 3 && !drag.to) return;
    const but = drag.one.kind === "point" ? [drag.one.at] : [drag.one.a, drag.one.b];
    const near = snapped(map, work.net, event.lngLat, isFinger ? 16 : 10, but);
    drag.to = near ?? rounded(event.lngLat.toArray());
    snap = near;
    work.draw(moved(work.net, drag.one, drag.to));
    map.getSource("hand").setData(layer([], { snap, held: drag.to }));
  }

  function drop() {
    const { one, to } = drag ?? {};
    [drag, snap, isLate] = [null, null, true];
    setTimeout(() => { isLate = false; }, 60);
    if (to) { held = null; add(step(one, to)).then(paint); } else if (one?.kind === "point") { hold(one); }
  }
  const step = (one, to) => one.kind === "point" ? { do: "move", from: one.at, to } : { do: "bend", a: one.a, b: one.b, to };

  function hold(one) {
    settle();
    held = one && { at: one.at, from: one.at };
    map.keyboard[held ? "disable" : "enable"]();
    map.getCanvas().focus({ preventScroll: true });
    paint();
  }

  // Arrow keys: shown at once, done when the keys rest.
  function nudge(x, y) {
    const here = map.project(held.at);
    held.at = rounded(map.unproject([here.x + x, here.y + y]).toArray());
    work.draw(moved(work.net, { kind: "point", at: held.from }, held.at));
    map.getSource("hand").setData(layer([], { held: held.at }));
    clearTimeout(pending);
    pending = setTimeout(settle, 500);
  }

  function settle() {
    clearTimeout(pending);
    if (!held || key(held.at) === key(held.from)) return;
    const from = held.from;
    held.from = held.at;
    add({ do: "move", from, to: held.at }).then((isDone) => { if (!isDone) held = null; paint(); });
  }

  function next(by) {
    const points = dots.filter((one) => one.kind === "point");
    const at = held ? points.findIndex((one) => key(one.at) === key(held.at)) : by < 0 ? 0 : -1;
    const one = points[(at + by + points.length) % points.length];
    if (!one) return;
    hold(one);
    if (!map.getBounds().contains(one.at)) map.easeTo({ center: one.at, duration: 0 });
  }

  function remove() {
    if (!held) return;
    settle();
    add({ do: "remove", at: held.at }).then(paint);
    hold(null);
  }
  return Object.assign(does, {
    finish: pen.finish, put: pen.put, remove, next, nudge, hold, grab, pull,
    isHeld: () => Boolean(held), isDrawing: () => pen.points.length > 0,
    undo() { settle(); if (!pen.back()) { held = null; draft.undo(); } },
    redo() { held = null; draft.redo(); },
    async click(event) {
      if (isLate || (work.isReading && tool !== "move")) return;
      if (tool === "split" || tool === "draw") { pen.put(event.lngLat); return; }
      const one = holding(work.net, event.lngLat.toArray());
      if (tool === "merge") {
        if (one && one.properties.id !== work.chosen && await add({ do: "merge", grid: work.chosen, with: one.properties.id })) use("move");
        return;
      }
      if (held) hold(null);
      work.pick(one?.properties.id ?? "");
    },
  });
}
