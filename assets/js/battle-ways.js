// Ways on from the map: a mark opens its matter, a cluster comes nearer, a grid is gone down to; Backspace goes up, a digit down by the table.
export function ways(map, told, moment) {
  const there = (names) => names.filter((name) => map.getLayer(name));
  const address = (grid) => {
    const at = moment();
    return told.page + "grid=" + grid + (at ? "&at=" + encodeURIComponent(at) : "") + (told.keep ? "&" + told.keep : "");
  };
  map.on("click", (event) => {
    const near = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
    const marks = map.queryRenderedFeatures(near, { layers: there(["marks", "moved", "clusters"]) });
    const mark = marks.find((one) => one.properties.id);
    if (mark) { if (told.matter) location.href = told.matter + mark.properties.id; return; }
    if (marks.length) { map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2, duration: 220 }); return; }
    const grids = map.queryRenderedFeatures(event.point, { layers: ["held"] }).map((one) => one.properties);
    const next = grids.filter((one) => one.rank > told.rank).sort((a, b) => a.rank - b.rank)[0];
    const other = next ?? grids.filter((one) => one.id !== told.grid).sort((a, b) => b.rank - a.rank)[0];
    if (other) location.href = address(other.id);
  });
  map.on("mousemove", (event) => {
    const hit = map.queryRenderedFeatures(event.point, { layers: there(["marks", "clusters", "held"]) });
    map.getCanvas().style.cursor = hit.length ? "pointer" : "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "Backspace") [...document.querySelectorAll("[data-up]")].at(-1)?.click();
    if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".inside tbody th a")[Number(event.key) - 1]?.click();
  });
}
