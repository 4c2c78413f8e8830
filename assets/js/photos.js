// The photos of a form on the phone: taken or chosen, made small, shown, taken away again. What else is done with one says the form:
// added(photo) and removed(photo), changed() after either, tooLarge() for one that no server would take.
import shrink from "./shrink.js";

const LARGEST = 25 * 1024 * 1024, MOST = 6;
const nothing = () => {};

export default function photos(form, { added = nothing, removed = nothing, changed = nothing, tooLarge = nothing } = {}) {
  const shots = form.querySelector("[data-shots]"), template = form.querySelector("template[data-shot]");
  const all = [];   // { blob, and what the form adds }
  shots.classList.add("live");
  for (const input of shots.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      if (files.length) shutter();
      for (const file of files) await add(file);
    });
    if (input.files.length) input.dispatchEvent(new Event("change"));   // taken before this module had come
  }
  return { all, add, put };

  function shutter() { form.dispatchEvent(new CustomEvent("shutter", { bubbles: true })); }

  async function add(file) {
    if (all.length >= MOST) return;
    const blob = await shrink(file);
    if (blob.size > LARGEST) return tooLarge();
    const photo = { blob };
    put(photo);
    await added(photo);
    changed();
  }

  // Shows one that is here already.
  function put(photo) {
    if (!all.length) shutter();
    all.push(photo);
    const figure = template.content.firstElementChild.cloneNode(true);
    const image = figure.querySelector("img"), url = URL.createObjectURL(photo.blob);
    image.addEventListener("error", () => image.remove());   // a format that this browser cannot show, but the server can
    image.src = url;
    figure.querySelector("button").addEventListener("click", () => {
      all.splice(all.indexOf(photo), 1);
      removed(photo);
      URL.revokeObjectURL(url);
      figure.remove();
      show();
      shots.querySelector("input[type=file]").focus();
    });
    shots.insertBefore(figure, shots.querySelector(".adds"));
    show();
  }

  function show() {
    shots.classList.toggle("has", shots.querySelector("figure.photo") !== null);
    const word = shots.querySelector("[data-again]");
    word.dataset.first ??= word.textContent;
    word.textContent = all.length ? word.dataset.again : word.dataset.first;
    changed();
  }
}
