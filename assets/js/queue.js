// The desk's list as it stands now: figures follow at once; rows follow too, but never under a pointer or the keyboard: then a button says how many are new.
export default function queue(box) {
  let pending = 0, waiting = null, isOver = false;
  const open = () => document.querySelector("[data-use~=now]")?.dataset.matter ?? "";
  for (const name of ["live:matter", "live:gone", "live:reload", "live:here"]) document.addEventListener(name, () => {
    if (name !== "live:here") pending ||= setTimeout(load, 1000);
  });
  box.addEventListener("pointerenter", () => { isOver = true; });
  box.addEventListener("pointerleave", () => { isOver = false; if (waiting) show(waiting); });

  async function load() {
    pending = 0;
    try {
      const answer = await fetch(`${box.dataset.href}&open=${open()}`, { headers: { "X-Piece": "1" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const figures = page.querySelectorAll(".tabs span");
      box.querySelectorAll(".tabs span").forEach((figure, index) => { figure.textContent = figures[index]?.textContent ?? figure.textContent; });
      waiting = page;
      if (isOver || box.contains(document.activeElement)) tell(); else show(page);
    } catch { /* without network the list stays as it is */ }
  }

  const ids = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.dataset.row);

  function tell() {
    const here = new Set(ids(box)), there = ids(waiting);
    const fresh = there.filter((id) => !here.has(id)).length;
    for (const row of box.querySelectorAll("[data-row]")) row.classList.toggle("gone", !there.includes(row.dataset.row));
    const button = box.querySelector("[data-queue-new]");
    button.hidden = fresh === 0;
    button.textContent = box.dataset.new.replace("{count}", fresh);
    button.onclick = () => { show(waiting); box.querySelector(".over")?.focus(); };
  }

  function show(page) {
    waiting = null;
    const before = new Set(ids(box));
    const list = () => [box.querySelector("[data-rows]"), box.querySelector(".empty")].find(Boolean);
    const next = page.querySelector("[data-rows], .empty");
    if (!next || !list()) return;
    const ticked = new Set([...box.querySelectorAll("input[name=m]:checked")].map((tick) => tick.value));
    list().replaceWith(next);
    for (const tick of next.querySelectorAll("input[name=m]")) tick.checked = ticked.has(tick.value);
    box.dispatchEvent(new Event("rows"));
    for (const row of next.querySelectorAll("[data-row]")) if (!before.has(row.dataset.row)) row.classList.add("new");
    box.querySelector("[data-queue-new]").hidden = true;
  }
}
