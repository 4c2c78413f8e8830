// The worker's report: what the shutter took is there already, more may be added, and it goes out whole, now or when there is network.
import * as outbox from "./outbox.js";
import photos from "./photos.js";

export default function snap(form) {
  const said = form.querySelector("[data-said]");
  const taken = photos(form, { tooLarge: () => tell(form.dataset.large, "bad") });
  outbox.takeShot(form.dataset.who).then((blob) => { if (blob) taken.put({ blob }); }).catch(() => {});

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button && (["move", "pin"].includes(button.name) || button.type === "image")) return;   // where.js, or the page without it
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    tell(form.dataset.sending, "act");
    if (form.finding) await form.finding;   // the place is on its way
    const body = new FormData(form);
    body.delete("photo");
    if (button?.name) body.set(button.name, button.value);
    for (const { blob } of taken.all) body.append("photo", blob, "photo.jpg");
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
