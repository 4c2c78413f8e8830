// The place of a report: the phone's position when the shutter fires, or a tap on the picture. Only the piece of the page changes.
import { wake } from "./main.js";

const FIELDS = ["grid", "lon", "lat", "accuracy", "placed", "view"];

export default function where(box) {
  const form = box.closest("form");
  let asked = false;
  dress();

  box.addEventListener("click", (event) => {
    const map = event.target.closest("input[type=image]");
    const move = event.target.closest("button[name=move], button[name=pin]");
    if (map) {
      event.preventDefault();
      const frame = map.getBoundingClientRect();
      // A key has no place on the picture: it means the middle.
      const [x, y] = event.detail === 0 ? [frame.width / 2, frame.height / 2] : [event.clientX - frame.left, event.clientY - frame.top];
      load({ "tap.x": Math.round(x), "tap.y": Math.round(y) });
    } else if (move) {
      event.preventDefault();
      load({ [move.name]: move.value });
    } else if (event.target.closest("[data-locate]")) {
      find(true);
    }
  });
  form.addEventListener("shutter", () => { if (!asked) find(false); });
  if (form.elements.words) form.elements.words.addEventListener("change", () => { if (form.elements.placed.value) load({}); });
  if ("eager" in box.dataset && !form.elements.placed.value) find(false);

  function find(wanted) {
    asked = true;
    // A tap is better than a guess of the network; only a wish overrides it, also when the position comes late.
    const settled = () => !wanted && form.elements.placed.value === "tap";
    if (!navigator.geolocation) return how(box.dataset.none);
    if (settled()) return;
    how(box.dataset.finding);
    form.finding = new Promise((done) => navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (settled()) return done();
        const place = { lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy), placed: "phone", view: "" };
        load(wanted ? { ...place, wanted: "1" } : place).then(done);
      },
      () => { if (!settled()) how(form.elements.placed.value === "grid" ? box.dataset.grid || "" : box.dataset.none); done(); },
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 })).then(() => { form.finding = null; });
  }

  async function load(changes) {
    const values = {};
    if (form.elements.words) values.words = form.elements.words.value.slice(0, 300);
    for (const name of FIELDS) values[name] = form.elements[name].value;
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(box.dataset.href + "?" + new URLSearchParams({ ...values, ...changes }));
      if (answer.ok) change(await answer.text());
    } catch { /* without network the place stays as it is */ }
    box.removeAttribute("aria-busy");
  }

  // The piece is replaced; what was open stays open, and whoever uses keys stays where he was.
  function change(piece) {
    const at = box.contains(document.activeElement) ? document.activeElement : null;
    const again = at && (at.type === "image" ? "input[type=image]" : at.name ? `[name="${at.name}"][value="${at.value}"]` : "[data-locate]");
    const open = box.querySelector("details")?.open && !box.querySelector(".tall");
    box.innerHTML = piece;
    const details = box.querySelector("details");
    if (details && open) details.open = true;
    wake(box);
    dress();
    if (again) box.querySelector(again)?.focus({ preventScroll: true });
    tell([...box.querySelectorAll(".spot b, .spot [data-how]")].map((line) => line.textContent).join(" "));
  }

  function dress() {
    const button = box.querySelector("[data-locate]");
    if (button) button.hidden = !navigator.geolocation;
  }

  function how(text) {
    const line = box.querySelector("[data-how]");
    if (line && text) { line.textContent = text; tell(text); }
  }

  function tell(text) {
    const live = form.querySelector("[data-live]");
    if (live) live.textContent = text;
  }
}
