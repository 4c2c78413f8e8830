// The report form: photos are shown, made small and kept on the phone; the report goes first, the photos follow by themselves.
// What was begun survives a reload, as phones reload a page while its camera is open.
import * as keep from "./keep.js";
import photos from "./photos.js";

export default function report(form) {
  const kept = form.querySelector("[data-kept]");
  const said = form.querySelector("[data-said]");
  const fields = form.elements;
  const begun = `report ${fields.grid ? fields.grid.value : ""}`;
  let going = false, again = null;
  // Each photo has its `id` in IndexedDB, or none.
  const taken = photos(form, {
    added: async (photo) => {
      say("");
      try { photo.id = await keep.put({ report: fields.id.value, blob: photo.blob, at: Date.now() }); } catch { /* private window: sent with the form */ }
      remember();
    },
    removed: (photo) => { if (photo.id) keep.remove(photo.id).catch(() => {}); },
    changed: () => { kept.hidden = !taken?.all.some((photo) => photo.id); },
    tooLarge: () => say(form.dataset.large),
  });
  restore();
  fields.words?.addEventListener("input", remember);

  function remember() {
    const words = fields.words ? fields.words.value : "";
    try { sessionStorage.setItem(begun, JSON.stringify({ id: fields.id.value, words, at: Date.now() })); } catch { /* not here, then */ }
  }

  async function restore() {
    try {
      const old = JSON.parse(sessionStorage.getItem(begun) || "null");
      if (!old || Date.now() - old.at > 3600_000) return;
      fields.id.value = old.id;
      if (fields.words && !fields.words.value) fields.words.value = old.words;
      for (const photo of await keep.of(old.id)) if (!photo.href) taken.put(photo);
    } catch { /* nothing was kept */ }
  }

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button && (["move", "pin", "drop"].includes(button.name) || button.type === "image")) return;   // where.js, or the page without it
    event.preventDefault();
    submit(button);
  });

  async function submit(button) {
    if (going) return;
    say("");
    busy(true, form.finding ? form.dataset.finding : form.dataset.sending);
    if (form.finding) await form.finding;   // the place is on its way: a tap on Send must not be lost to it
    busy(true, form.dataset.sending);
    await send(button);
    busy(false);
  }

  async function send(button) {
    const body = new FormData(form);
    body.delete("photo");
    if (button && button.name) body.set(button.name, button.value);   // by hand: the button's piece of the page may have been replaced
    // Each photo has its place in the report, so that one sent twice is one.
    const held = taken.all.filter((photo) => photo.id);
    for (const [slot, photo] of held.entries()) {
      try { await keep.put({ id: photo.id, report: fields.id.value, blob: photo.blob, slot, at: Date.now() }); } catch { delete photo.id; }
    }
    const loose = taken.all.filter((photo) => !photo.id);
    for (const photo of loose) body.append("photo", photo.blob, "photo.jpg");
    body.set("awaited", String(taken.all.length - loose.length));
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: fields.csrf ? { "X-CSRF": fields.csrf.value } : {} });
      if (answer.ok && answer.redirected) {
        try { sessionStorage.removeItem(begun); } catch { /* never kept */ }
        location.assign(answer.url);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sentence = page.querySelector(".say.bad[role=alert]:not([hidden]), main .say.bad");
      say(sentence ? sentence.textContent : form.dataset.offline);
    } catch {
      say(form.dataset.offline);
      // Once the network is back it goes by itself; the id makes sure that it counts once.
      if (again) return;
      again = () => { again = null; submit(button); };
      addEventListener("online", again, { once: true });
    }
  }

  function busy(is, word) {
    going = is;
    for (const button of form.querySelectorAll("[data-send]")) {
      button.setAttribute("aria-disabled", String(is));
      if (!button.name) {
        button.dataset.word ??= button.textContent;
        button.textContent = is ? word : button.dataset.word;
      }
    }
  }

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    if (text) { said.scrollIntoView({ block: "center" }); said.focus({ preventScroll: true }); }
  }
}
