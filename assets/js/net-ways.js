// Which press, tap and key does what with the hand on the map.
import hand from "./net-hand.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default function ways(work) {
  const { box, map } = work;
  const does = hand(work);
  for (const name of ["mousedown", "touchstart"]) map.on(name, does.grab);
  for (const name of ["mousemove", "touchmove"]) map.on(name, does.pull);
  map.on("click", does.click);
  map.on("dblclick", (event) => { if (does.isDrawing()) { event.preventDefault(); does.finish(); } });
  box.addEventListener("net:picked", () => does.use("move"));
  box.addEventListener("net:shown", does.paint);
  const tools = box.querySelector(".net-tools");
  tools.addEventListener("click", (event) => {
    const press = event.target.closest("button");
    if (press?.dataset.tool) does.use(press.dataset.tool);
    const act = { undo: does.undo, redo: does.redo, finish: does.finish, remove: does.remove, cancel: () => does.use("move") }[press?.dataset.do];
    act?.();
  });
  box.querySelector("[data-hint]").hidden = false;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || work.isReading || event.target.closest("input, select, textarea")) return;
    const isCommand = event.ctrlKey || event.metaKey, name = event.key;
    const onMap = event.target === document.body || event.target === map.getCanvas();
    const act = isCommand ? { z: event.shiftKey ? does.redo : does.undo, Z: does.redo, y: does.redo }[name] : plain(event, onMap);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function plain(event, onMap) {
    if (event.altKey) return null;
    if (event.key === "Escape") return () => { if (does.isHeld()) does.hold(null); else if (does.tool !== "move") does.use("move"); else work.pick(""); };
    if (!onMap) return null;
    if (event.key === "]" || event.key === "[") return () => does.next(event.key === "]" ? 1 : -1);
    if (does.isHeld() && ARROWS[event.key]) return () => does.nudge(...ARROWS[event.key].map((way) => way * (event.shiftKey ? 10 : 1)));
    if (does.isHeld() && (event.key === "Delete" || event.key === "Backspace")) return does.remove;
    if (does.isDrawing() && event.key === "Backspace") return does.undo;
    if (event.key === "Enter" && (does.tool === "split" || does.tool === "draw")) return () => (event.shiftKey ? does.finish() : does.put(map.getCenter()));
    return null;
  }
}
