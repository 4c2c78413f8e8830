// One day played again: the slider asks for a moment, and every answer (map, figures, lists) is the server's for that moment.
//   <form data-use="replay" data-minutes="845" data-last="1439" data-day="2026-11-20" data-live="/command/map?…">
// Without it the form asks for a moment and loads the page. The map hears "replay:at" with the moment, or "" for now.
const keep = ["data-live-figure"];

export default function replay(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const wall = form.closest("main");
  const [slider, told, play, speed, said, now] = ["slider", "told", "play", "speed", "said", "now"].map(part);
  const hour = document.querySelector(".hour");
  const clock = hour?.querySelector("time");
  const figures = [...wall.querySelectorAll("[data-live-figure]")].map((box) => ({ box, live: without(box.dataset.liveFigure) }));
  const word = play.querySelector("span");
  const words = { play: word.textContent, pause: play.dataset.pause };
  let at = form.dataset.past ?? "";
  let playing = 0;
  let busy = false;
  let wanted;
  for (const name of ["slider", "told", "play", "speeds"]) part(name).hidden = false;
  form.classList.add("awake");
  slider.addEventListener("input", () => { stop(); go(moment()); });
  play.addEventListener("click", toggle);
  now.addEventListener("click", (event) => { if (!form.dataset.past) { event.preventDefault(); back(); } });
  document.addEventListener("keydown", keys);
  tell();

  function keys(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("a, button, select, textarea, input:not([type=range])") && event.key !== "Escape") return;
    if (event.key === " ") { event.preventDefault(); toggle(); }
    if (event.key === "Escape" && at) location.href = form.dataset.live;
    const step = { ArrowLeft: -5, ArrowRight: 5, PageDown: -60, PageUp: 60 }[event.key];
    if (step && event.target !== slider && !event.target.closest(".maplibregl-map")) { event.preventDefault(); stop(); move(step); }
  }

  function moment() { return form.dataset.day + "T" + time(Number(slider.value)); }
  function time(minutes) { return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":"); }

  function move(minutes) {
    slider.value = Math.min(Number(slider.max), Math.max(0, Number(slider.value) + minutes));
    go(moment());
  }

  function toggle() {
    if (playing) { stop(); return; }
    if (Number(slider.value) >= Number(slider.max) - 4) slider.value = 0;
    word.textContent = words.pause;
    play.classList.add("on");
    playing = setInterval(() => {
      if (busy) return;
      if (Number(slider.value) >= Number(slider.max)) { stop(); return; }
      move(5 * Number(speed.value));
    }, 400);
    go(moment());
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    word.textContent = words.play;
    play.classList.remove("on");
  }

  function back() {
    stop();
    location.href = form.dataset.live;
  }

  // One question at a time; of those asked meanwhile the last one.
  async function go(moment) {
    wanted = moment;
    told.textContent = time(Number(slider.value));
    if (busy) return;
    busy = true;
    while (wanted !== undefined) {
      const next = wanted;
      wanted = undefined;
      at = next;
      await show(next);
    }
    busy = false;
  }

  async function show(moment) {
    tell();
    try {
      await Promise.all(figures.map(async ({ box, live }) => {
        const address = live + (live.includes("?") ? "&" : "?") + "at=" + encodeURIComponent(moment);
        box.setAttribute(keep[0], address);
        const answer = await fetch(address, { headers: { "X-Piece": "1" } });
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        box.innerHTML = await answer.text();
      }));
      said.textContent = "";
    } catch { stop(); said.textContent = form.dataset.failed; }
    await new Promise((done) => {
      const waits = setTimeout(done, 3000);
      wall.dispatchEvent(new CustomEvent("replay:at", { detail: { at: moment, done: () => { clearTimeout(waits); done(); } } }));
      if (!wall.dataset.map) { clearTimeout(waits); done(); }
    });
  }

  function tell() {
    told.textContent = time(Number(slider.value));
    if (!at) return;
    now.hidden = false;
    part("moment").value = at;
    hour?.classList.add("past");
    if (clock) { clock.removeAttribute("data-use"); clock.dataset.past = "1"; clock.textContent = time(Number(slider.value)); }
    const address = new URL(location.href);
    address.searchParams.set("at", at);
    history.replaceState(null, "", address);
  }
}

function without(address) {
  const [path, query = ""] = address.split("?");
  const rest = query.split("&").filter((pair) => pair && !pair.startsWith("at="));
  return rest.length ? path + "?" + rest.join("&") : path;
}
