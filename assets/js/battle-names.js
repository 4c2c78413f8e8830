// Names of grids on the map: those that would lie on another are hidden until one comes nearer; the large ones go first.
export function names(maplibre, map, told) {
  const shown = [...told].sort((a, b) => Number(a.small) - Number(b.small)).map((one) => {
    const element = document.createElement("div");
    element.className = one.small ? "grid-name small" : "grid-name";
    element.textContent = one.name;
    if (one.who) element.append(Object.assign(document.createElement("small"), { textContent: one.who }));
    new maplibre.Marker({ element }).setLngLat([one.lon, one.lat]).addTo(map);
    return element;
  });
  map.on("moveend", () => part(shown));
  part(shown);
}

function part(elements) {
  const taken = [];
  for (const element of elements) element.style.visibility = "";
  for (const element of elements) {
    const box = element.getBoundingClientRect();
    const meets = taken.some((other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
    if (meets) element.style.visibility = "hidden"; else taken.push(box);
  }
}
