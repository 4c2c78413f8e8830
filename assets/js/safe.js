// A form on the phone that loses nothing: it is kept whole before it goes, and sent by itself later when the network is away.
// The act's id goes along, so that one sent twice is one. A form whose photo alone ends it goes off as soon as the photo is there.
import * as outbox from "./outbox.js";
import shrink from "./shrink.js";

export default function safe(form) {
  const said = form.querySelector("[data-said]");
  const camera = form.querySelector("input[type=file]");
  camera?.addEventListener("change", () => {
    if (!camera.files.length) return;
    const words = form.querySelector("[data-chosen]");
    if (words) words.textContent = words.dataset.chosen;
    if ("atOnce" in camera.dataset) form.requestSubmit(form.querySelector("[data-main]"));
  });

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name === "find" || form.elements.find_grid?.value !== form.elements.was_find_grid?.value) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const body = new FormData(form, button?.name ? button : undefined);
    const photo = body.get("photo");
    if (photo instanceof Blob) {
      body.delete("photo");
      if (photo.size) body.append("photo", await shrink(photo), "photo.jpg");
    }
    say(form.dataset.sending);
    const answer = await outbox.send(form, form.elements.act.value, body);
    if (!answer.isKept) delete form.dataset.sent;
    if (answer.said) say(answer.said);
  });

  function say(text) {
    said.textContent = text;
    said.hidden = false;
    said.scrollIntoView({ block: "center" });
  }
}
