// A line drawn point by point: one that splits the chosen grid, or the outline of a new one. Points near a border snap to it.
import { key, rounded, snapped } from "./net-shapes.js";

export default function line(work, does) {
  const { map } = work;
  let points = [], snap = null, isBusy = false;
  const least = () => (does.tool === "draw" ? 3 : 2);

  async function finish() {
    if (points.length < least()) { work.say(work.told.words.line_short); return; }
    const made = does.tool === "draw"
      ? { do: "draw", grid: work.told.grid, outline: points, within: 0.05 } : { do: "split", grid: work.chosen, line: points, within: 0.05 };
    if (isBusy) return;
    isBusy = true;
    if (await does.add(made)) does.use("move"); else does.paint();
    isBusy = false;
  }

  return {
    get points() { return points; },
    get snap() { return snap; },
    get isEnough() { return points.length >= least(); },
    clear() { [points, snap] = [[], null]; },
    back() { if (!points.length) return false; points.pop(); does.paint(); return true; },
    hover(event) {
      if (does.tool !== "split" && does.tool !== "draw") return;
      snap = snapped(map, work.net, event.lngLat, 10);
      does.paint();
    },
    put(lngLat) {
      const at = snapped(map, work.net, lngLat, does.reach() * 0.75) ?? rounded([lngLat.lng, lngLat.lat]);
      const [first, here] = [points[0] && map.project(points[0]), map.project(at)];
      if (does.tool === "draw" && points.length > 2 && Math.hypot(first.x - here.x, first.y - here.y) < does.reach()) { finish(); return; }
      if (!points.length || key(points[points.length - 1]) !== key(at)) points.push(at);
      snap = null;
      does.paint();
    },
    finish,
  };
}
