// The map library, from our own server; its style sheet comes along. A browser without WebGL keeps the picture that is there.
export function hasWebGL() {
  try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
}

export async function library(told) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = told.style;
  document.head.append(style);
  const maplibre = await new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = told.library;
    script.onload = () => done(window.maplibregl);
    script.onerror = fail;
    document.head.append(script);
  });
  maplibre.setWorkerUrl(told.worker);
  return maplibre;
}

// What a token of the style sheet stands for now.
export function colors() {
  const look = getComputedStyle(document.documentElement);
  return (name) => look.getPropertyValue(name).trim();
}
