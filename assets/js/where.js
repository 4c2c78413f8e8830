// The place of a report: the phone's position when the shutter fires, or a tap on the picture. Only the piece of the page changes.
import { wake } from "./main.js";

export default function where(box) {
  const form = box.closest("form");
  let asked = false;
  dress();

  box.addEventListener("click", (event) => {
    const map = event.target.closest("input[type=image]");
    const move = event.target.closest("button[name=move]");
    if (map) {
      event.preventDefault();
      const frame = map.getBoundingClientRect();
      load({ "tap.x": Math.round(event.clientX - frame.left), "tap.y": Math.round(event.clientY - frame.top) });
    } else if (move) {
      event.preventDefault();
      load({ move: move.value });
    } else if (event.target.closest("[data-locate]")) {
      find(true);
    }
  });
  form.addEventListener("shutter", () => { if (!asked) find(false); });
  if ("eager" in box.dataset && !form.elements.placed.value) find(false);

  function find(wanted) {
    asked = true;
    if (!navigator.geolocation) return how(box.dataset.none);
    // A tap or a grid's own address is better than a guess of the network; only a wish or an empty place is filled.
    if (!wanted && form.elements.placed.value === "tap") return;
    how(box.dataset.finding);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => load({ lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy), placed: "phone", view: "" }),
      () => how(box.dataset.none),
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 });
  }

  async function load(changes) {
    const values = {};
    if (form.elements.words) values.words = form.elements.words.value.slice(0, 300);
    for (const name of ["grid", "lon", "lat", "accuracy", "placed", "view"]) values[name] = form.elements[name].value;
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(box.dataset.href + "?" + new URLSearchParams({ ...values, ...changes }));
      if (answer.ok) {
        box.innerHTML = await answer.text();
        wake(box);
        dress();
      }
    } catch { /* without network the place stays as it is */ }
    box.removeAttribute("aria-busy");
  }

  function dress() {
    const button = box.querySelector("[data-locate]");
    if (button) button.hidden = !navigator.geolocation;
  }

  function how(text) {
    const line = box.querySelector("[data-how]");
    if (line) line.textContent = text;
  }
}
