// Names of grids on the map. A name gives way to marks, up or down by its own height; one that would lie on another name is hidden until one
// comes nearer. The large ones go first. What it gives takes them away again.
export function names(maplibre, map, told) {
  const shown = [...told].sort((a, b) => Number(a.small) - Number(b.small)).map((one) => {
    const element = document.createElement("div");
    element.className = one.small ? "grid-name small" : "grid-name";
    element.textContent = one.name;
    for (const who of one.who ? [one.who].flat() : []) element.append(Object.assign(document.createElement("small"), { textContent: who }));
    const marker = new maplibre.Marker({ element }).setLngLat([one.lon, one.lat]).addTo(map);
    return { element, marker, steps: one.small || told.length > 60 ? [0] : [0, -0.6, 0.6, -1.1, 1.1] };
  });
  const again = () => part(map, shown);
  map.on("moveend", again);
  map.once("idle", again);
  again();
  return () => {
    map.off("moveend", again);
    for (const one of shown) one.marker.remove();
  };
}

function part(map, shown) {
  const frame = map.getContainer().getBoundingClientRect();
  const layers = ["clusters", "marks", "moved"].filter((name) => map.getLayer(name));
  const taken = [];
  for (const one of shown) {
    one.element.style.visibility = "";
    one.marker.setOffset([0, 0]);
  }
  const boxes = shown.map((one) => one.element.getBoundingClientRect());
  shown.forEach((one, index) => {
    const box = boxes[index];
    let best;
    for (const step of one.steps) {
      const shift = step * box.height;
      const here = { left: box.left, right: box.right, top: box.top + shift, bottom: box.bottom + shift };
      if (taken.some((other) => here.left < other.right && other.left < here.right && here.top < other.bottom && other.top < here.bottom)) continue;
      const covered = one.steps.length > 1 ? under(map, frame, here, layers) : 0;
      if (!best || covered < best.covered) best = { here, shift, covered };
      if (!covered) break;
    }
    if (!best) { one.element.style.visibility = "hidden"; return; }
    taken.push(best.here);
    one.marker.setOffset([0, best.shift]);
  });
}

function under(map, frame, box, layers) {
  const corners = [[box.left - frame.left, box.top - frame.top], [box.right - frame.left, box.bottom - frame.top]];
  return layers.length ? map.queryRenderedFeatures(corners, { layers }).length : 0;
}
