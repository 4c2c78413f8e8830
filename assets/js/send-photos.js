// Sends what is kept on the phone until it has arrived, with growing pauses, and shows how far it is.
import * as keep from "./keep.js";

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export default async function sendPhotos(box) {
  const photos = await keep.of(box.dataset.report).catch(() => []);
  if (!photos.length) return;
  const line = box.querySelector("[data-state]"), bar = box.querySelector("progress"), form = box.querySelector("form");
  line.textContent = line.dataset.sending;
  bar.hidden = false;
  if (form) form.hidden = true;
  let refused = false;
  for (const [index, photo] of photos.entries()) {
    const known = { ...photo, slot: photo.slot ?? index, href: box.dataset.href };
    await keep.put(known).catch(() => {});
    const end = await send(known, (share) => { bar.value = (100 * (index + share)) / photos.length; });
    if (end === "stopped") { line.textContent = line.dataset.stopped; bar.hidden = true; return; }
    refused ||= end === "refused";
  }
  if (refused) { location.reload(); return; }
  line.textContent = line.dataset.here;
  bar.hidden = true;
  box.classList.replace("warn", "act");
  box.querySelector("use")?.setAttribute("href", box.querySelector("use").getAttribute("href").replace(/#.*/, "#i-check"));
}

// From another page of the portal: whatever already knows its address.
export async function resume() {
  if (!("indexedDB" in window)) return;
  for (const photo of await keep.all()) {
    if (photo.href) await send(photo, () => {});
    else if (Date.now() - photo.at > 7 * 86400_000) await keep.remove(photo.id);
  }
}

// "sent" when it is there; "refused" when the server said that it never will be; "stopped" when this page may not send it: then it
// stays on the phone.
async function send(photo, progress) {
  for (let wait = 2; ; wait = Math.min(60, wait * 2)) {
    const status = await post(photo, progress);
    if (status >= 200 && status < 300) { await keep.remove(photo.id); return "sent"; }
    if ([404, 409, 413, 415, 422].includes(status)) { await keep.remove(photo.id); return "refused"; }
    if (status === 403) return "stopped";
    await Promise.race([pause(wait), new Promise((done) => addEventListener("online", done, { once: true }))]);
  }
}

function post(photo, progress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", photo.href);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => done(request.status);
    request.onerror = request.ontimeout = () => done(0);
    request.timeout = 120000;
    const body = new FormData();
    if (photo.slot !== undefined) body.append("slot", String(photo.slot));
    body.append("photo", photo.blob, "photo.jpg");
    const token = document.querySelector("input[name=csrf]");
    if (token) body.append("csrf", token.value);
    request.send(body);
  });
}
