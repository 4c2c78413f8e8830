// The shutter of the tab bar opens the camera at once; the page of the report finds the picture waiting. Without it the link opens the page.
import * as outbox from "./outbox.js";
import shrink from "./shrink.js";

export default function shoot(link) {
  const camera = document.createElement("input");
  Object.assign(camera, { type: "file", accept: "image/*", hidden: true });
  camera.setAttribute("capture", "environment");
  camera.dataset.camera = "";
  link.after(camera);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    camera.click();
  });
  camera.addEventListener("change", async () => {
    const file = camera.files[0];
    if (!file) return;
    try { await outbox.keepShot(link.dataset.who, await shrink(file)); } catch { /* a private window: it is shot again on the page */ }
    location.assign(link.href);
  });
}
