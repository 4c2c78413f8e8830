// A call being taken: kept on the server while it is typed, places proposed as one types, all by keys. Without it the form's own buttons
// do the same.
const STORE = "weiwang.call", FIELDS = ["phone", "words", "place"];

export default function call(form) {
  const place = form.elements.place, tell = form.querySelector("[data-told]");
  const part = (name, root = form) => root.querySelector(`[data-part="${name}"]`);
  const options = () => [...form.querySelectorAll(".places .pick")];
  const send = form.querySelector("button[name=send]");
  let timer = 0, turn = 0, heard = 0, active = -1, last = "";
  form.querySelector("[data-find-place]").hidden = true;
  place.setAttribute("role", "combobox");
  place.setAttribute("aria-autocomplete", "list");
  place.setAttribute("aria-controls", "places");
  dress();
  restore();

  form.addEventListener("input", (event) => {
    if (event.isComposing || event.target.type === "radio" || event.target.id === "desk") return;
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  form.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 250); });
  form.addEventListener("change", (event) => {
    if (event.target.name === "at") choose(event.target);
    // Whoever joined one goes on with Enter; who walks them by the arrows stays there.
    if (event.target.name === "join") { ask(); if (!last.startsWith("Arrow")) send.focus(); }
  });
  form.addEventListener("click", (event) => {
    const map = event.target.closest("input[type=image]"), move = event.target.closest("button[name=move]");
    if (!map && !move) return;
    event.preventDefault();
    if (move) return ask({ move: move.value });
    const frame = map.getBoundingClientRect(), scale = map.width ? 640 / frame.width : 1;
    ask({ "tap.x": Math.round((event.clientX - frame.left) * scale), "tap.y": Math.round((event.clientY - frame.top) * scale) });
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    last = event.key;
    if (event.target === form.elements.phone && event.key === "Enter") { event.preventDefault(); form.elements.words.focus(); }
    if (event.target.id === "desk" && event.key === "Enter") { event.preventDefault(); form.requestSubmit(form.querySelector("button[name=hand]")); }
    if (event.target === place) keys(event);
  });
  form.querySelector(".hand")?.addEventListener("toggle", (event) => { if (event.target.open) form.elements.desk.focus(); });
  addEventListener("online", () => ask());

  function keys(event) {
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      light((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (all.length) choose(all[Math.max(active, 0)].querySelector("input")); else if (heard === turn) send.focus(); else ask();
    } else if (event.key === "Escape" && all.length) {
      event.preventDefault();
      event.stopPropagation();
      part("places").replaceChildren();
      dress();
    }
  }

  function light(index) {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", at === index));
    if (index >= 0) { place.setAttribute("aria-activedescendant", `place-${index}`); options()[index].scrollIntoView({ block: "nearest" }); }
    else place.removeAttribute("aria-activedescendant");
  }

  // The list belongs to the field: the arrows walk it while the focus stays where one types.
  function dress() {
    const list = form.querySelector(".places");
    place.setAttribute("aria-expanded", Boolean(list));
    if (list) { list.id = "places"; list.setAttribute("role", "listbox"); }
    options().forEach((option, at) => { option.id = `place-${at}`; option.setAttribute("role", "option"); option.querySelector("input").tabIndex = -1; });
    light(-1);
  }

  async function choose(radio) {
    radio.checked = true;
    place.value = radio.dataset.name;
    await ask();
    if (document.activeElement === place || document.activeElement === document.body) send.focus();
  }

  async function ask(more = {}) {
    clearTimeout(timer);
    const mine = ++turn, fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    try {
      const answer = await fetch(form.dataset.typed, { method: "POST", body: fields, headers: { "X-Piece": "1" } });
      if (mine !== turn) return;
      heard = mine;
      if (answer.redirected || answer.status === 403) return leave();
      const text = await answer.text();
      if (!answer.ok) { part("state").innerHTML = text; return; }
      show(new DOMParser().parseFromString(text, "text/html"));
      if (part("state").textContent.trim()) history.replaceState(null, "", `/desk/new?call=${form.elements.id.value}`);
    } catch { part("state").textContent = form.dataset.lost; }
  }

  // The session is over: what is typed waits in this tab until somebody has signed in again.
  function leave() {
    const typed = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
    typed.who = form.dataset.who;
    try { sessionStorage.setItem(STORE, JSON.stringify(typed)); } catch { /* what was kept on the server is there */ }
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  function restore() {
    try {
      const typed = JSON.parse(sessionStorage.getItem(STORE) || "null");
      sessionStorage.removeItem(STORE);
      if (typed?.who !== form.dataset.who) return;
      for (const name of FIELDS) if (typed[name]) form.elements[name].value = typed[name];
      ask();
    } catch { /* nothing was kept */ }
  }

  // Only what is new is put in place, and nothing under the hand of whoever types.
  function show(page) {
    for (const fresh of page.querySelectorAll("[data-part]")) {
      const old = part(fresh.dataset.part);
      if (old.dataset.text === fresh.innerHTML || old.contains(document.activeElement) && fresh.dataset.part === "kind") continue;
      const key = old.contains(document.activeElement) && document.activeElement.closest("[data-key]")?.dataset.key;
      old.dataset.text = fresh.innerHTML;
      old.innerHTML = fresh.innerHTML;
      if (key) old.querySelector(`[data-key="${key}"] input`)?.focus();
    }
    dress();
    const told = page.querySelector("[data-told]").textContent;
    if (tell.textContent !== told) tell.textContent = told;
  }
}
