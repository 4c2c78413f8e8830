// The worker's report: what the shutter took is there already, more may be added, and it goes out whole, now or when there is network.
import * as outbox from "./outbox.js";
import shrink from "./shrink.js";

const MOST = 6;

export default function snap(form) {
  const shots = form.querySelector("[data-shots]"), said = form.querySelector("[data-said]");
  const template = form.querySelector("template[data-shot]");
  const photos = [];
  shots.classList.add("live");
  outbox.takeShot(form.dataset.who).then((blob) => { if (blob) take(blob); }).catch(() => {});
  for (const input of shots.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", async () => {
      for (const file of [...input.files]) await take(await shrink(file));
      input.value = "";
    });
  }

  async function take(blob) {
    if (photos.length >= MOST) return;
    if (!photos.length) form.dispatchEvent(new CustomEvent("shutter", { bubbles: true }));
    photos.push(blob);
    const figure = template.content.firstElementChild.cloneNode(true);
    const image = figure.querySelector("img"), url = URL.createObjectURL(blob);
    image.addEventListener("error", () => image.remove());   // a format that this browser cannot show, but the server can
    image.src = url;
    figure.querySelector("button").addEventListener("click", () => {
      photos.splice(photos.indexOf(blob), 1);
      URL.revokeObjectURL(url);
      figure.remove();
      show();
      shots.querySelector("input[type=file]").focus();
    });
    shots.insertBefore(figure, shots.querySelector(".adds"));
    show();
  }

  function show() {
    shots.classList.toggle("has", photos.length > 0);
    const word = shots.querySelector("[data-again]");
    word.dataset.first ??= word.textContent;
    word.textContent = photos.length ? word.dataset.again : word.dataset.first;
  }

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button && (button.name === "move" || button.type === "image")) return;   // where.js, or the page without it
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    tell(form.dataset.sending, "act");
    if (form.finding) await form.finding;   // the place is on its way
    const body = new FormData(form);
    body.delete("photo");
    if (button?.name) body.set(button.name, button.value);
    for (const blob of photos) body.append("photo", blob, "photo.jpg");
    const answer = await outbox.send(form, form.elements.id.value, body);
    if (answer.isKept) form.querySelector(".foot").hidden = true; else delete form.dataset.sent;
    if (answer.said) tell(answer.said, answer.isKept ? "warn" : "bad");
  });

  function tell(text, look) {
    said.textContent = text;
    said.className = `say ${look}`;
    said.hidden = false;
    said.scrollIntoView({ block: "center" });
  }
}
