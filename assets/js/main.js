// Finds elements with data-use="name" and hands each to the module of that name. Everything works without it.
export function wake(root = document) {
  for (const element of root.querySelectorAll("[data-use]")) {
    if (element.dataset.awake) continue;
    element.dataset.awake = "1";
    for (const name of element.dataset.use.split(" ")) {
      import(`./${name}.js`).then((module) => module.default(element)).catch((error) => console.warn(name, error));
    }
  }
}
wake();
const said = document.getElementById("said");
if (said) said.focus();
// Photos that never got through go on from any page of the portal.
if (!document.querySelector("[data-use~=send-photos]")) import("./send-photos.js").then((module) => module.resume()).catch(() => {});
