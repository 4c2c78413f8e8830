// Several rows of the queue for one decision: a click, x on a row, shift for all between; the bar says how many. Without it the bar and
// its button work as they are.
export default function many(box) {
  const bar = box.querySelector("[data-many]"), button = bar.querySelector("button");
  const boxes = () => [...box.querySelectorAll("[data-rows] input[name=m]")];
  let last = null;
  box.addEventListener("click", (event) => {
    const tick = event.target.closest("input[name=m]");
    if (!tick) return;
    const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const other of all.slice(from, to + 1)) other.checked = tick.checked;
    last = tick;
    count();
  });
  bar.querySelector("[data-none]").addEventListener("click", () => { for (const tick of boxes()) tick.checked = false; count(); });
  box.addEventListener("rows", count);
  addEventListener("pageshow", count);
  count();

  function count() {
    const ticked = boxes().filter((tick) => tick.checked).length;
    button.disabled = ticked === 0;
    bar.querySelector("[data-count]").textContent = bar.dataset.count.replace("{count}", ticked);
  }
}
