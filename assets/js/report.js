// The report form: photos are shown, made small and kept on the phone; the report goes first, the photos follow by themselves.
import * as keep from "./keep.js";
import shrink from "./shrink.js";

export default function report(form) {
  const shots = form.querySelector("[data-shots]");
  const template = form.querySelector("template[data-shot]");
  const kept = form.querySelector("[data-kept]");
  const said = form.querySelector("[data-said]");
  const photos = [];   // { id in IndexedDB or null, blob }
  shots.classList.add("live");

  for (const input of shots.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", async () => {
      const files = [...input.files];
      if (files.length) form.dispatchEvent(new CustomEvent("shutter", { bubbles: true }));
      for (const file of files) if (photos.length < 6) await add(file);
      input.value = "";
    });
  }

  async function add(file) {
    const blob = await shrink(file);
    const photo = { id: null, blob };
    photos.push(photo);
    const figure = template.content.firstElementChild.cloneNode(true);
    const url = URL.createObjectURL(blob);
    figure.querySelector("img").src = url;
    figure.querySelector("button").addEventListener("click", async () => {
      photos.splice(photos.indexOf(photo), 1);
      if (photo.id !== null) keep.remove(photo.id).catch(() => {});
      URL.revokeObjectURL(url);
      figure.remove();
      show();
    });
    shots.insertBefore(figure, shots.querySelector(".add"));
    if (!form.elements.direct) try { photo.id = await keep.put({ report: form.elements.id.value, blob, at: Date.now() }); } catch { /* private window: sent with the form */ }
    show();
  }

  function show() {
    shots.classList.toggle("has", photos.length > 0);
    kept.hidden = !photos.some((photo) => photo.id !== null);
    const word = shots.querySelector("[data-again]");
    word.dataset.first ??= word.textContent;
    word.textContent = photos.length ? word.dataset.again : word.dataset.first;
  }

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button && (button.name === "move" || button.type === "image")) return;   // where.js, or the page without it
    event.preventDefault();
    const body = new FormData(form, button && button.name ? button : undefined);
    body.delete("photo");
    // Each photo has its place in the report, so that one sent twice is one.
    const held = photos.filter((photo) => photo.id !== null);
    for (const [slot, photo] of held.entries()) {
      try { await keep.put({ id: photo.id, report: form.elements.id.value, blob: photo.blob, slot, at: Date.now() }); } catch { photo.id = null; }
    }
    const loose = photos.filter((photo) => photo.id === null);
    for (const photo of loose) body.append("photo", photo.blob, "photo.jpg");
    body.set("awaited", String(photos.length - loose.length));
    say("");
    busy(true);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRF": form.elements.csrf.value } });
      if (answer.ok && answer.redirected) { location.assign(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sentence = page.querySelector(".say.bad[role=alert]:not([hidden]), main .say.bad");
      say(sentence ? sentence.textContent : form.dataset.offline);
    } catch {
      say(form.dataset.offline);
    }
    busy(false);
  });

  function busy(is) {
    for (const button of form.querySelectorAll("[data-send]")) {
      button.disabled = is;
      if (!button.name) {
        button.dataset.word ??= button.textContent;
        button.textContent = is ? form.dataset.sending : button.dataset.word;
      }
    }
  }

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    if (text) said.scrollIntoView({ block: "center" });
  }
}
