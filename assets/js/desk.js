// Single keys on the desk: j k walk the queue, x picks a row, Enter opens, a letter presses the button that shows it, / searches, Esc leaves a form.
// Off in fields, while an input method composes, with Ctrl, Alt or Meta, and when switched off.
const STORE = "weiwang.keys";
const isOn = () => localStorage.getItem(STORE) !== "off";

function show() { document.documentElement.dataset.keys = isOn() ? "on" : "off"; }

function walk(step) {
  const rows = [...document.querySelectorAll("[data-rows] .over")];
  if (!rows.length) return;
  const open = rows.findIndex((row) => row.closest("li").hasAttribute("aria-current"));
  const here = rows.indexOf(document.activeElement);
  const next = Math.min(Math.max((here >= 0 ? here : open) + step, 0), rows.length - 1);
  rows[next].focus();
  rows[next].closest("li").scrollIntoView({ block: "nearest" });
}

// The row one stands on, else the open one, is picked for a decision about several.
function tick() {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][aria-current]");
  row?.querySelector("input[name=m]")?.click();
}

// What was just done goes before what stands open: the toast first.
const wanted = (key) => document.querySelector(`.toast [data-key="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`);

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  const inField = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    if (inField) return inField.blur();
    return document.querySelector("[data-escape]")?.click();
  }
  if (inField || !isOn() || event.repeat && event.key.length === 1 && !"jk".includes(event.key)) return;
  const act = event.key === "j" ? () => walk(1) : event.key === "k" ? () => walk(-1)
    : event.key === "x" ? tick : event.key === "/" ? () => { const find = document.querySelector("[data-find]"); find?.focus(); find?.select(); }
    : /^[a-z0-9]$/.test(event.key) ? wanted(event.key.toUpperCase()) : null;
  if (!act) return;
  event.preventDefault();
  if (typeof act === "function") act(); else { if (!act.matches("summary") && act.closest("details")) act.closest("details").open = true; act.click(); }
}

export default function desk(root) {
  show();
  document.addEventListener("keydown", press);
  for (const note of root.querySelectorAll("[data-keys-note]")) {
    const button = note.querySelector("[data-keys-switch]");
    const label = () => { button.textContent = isOn() ? button.dataset.on : button.dataset.off; };
    note.hidden = false;
    label();
    button.addEventListener("click", () => { localStorage.setItem(STORE, isOn() ? "off" : "on"); show(); label(); });
  }
  // A form that was just opened is where the next key belongs.
  const form = document.getElementById("form");
  if (form && !document.getElementById("said")) {
    const wanted = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const found = form.querySelector(".below[open]");
    const field = found ? found.querySelector("input[type=radio]") ?? found.querySelector("input:not([type=hidden])") : wanted?.matches("input, select, textarea") ? wanted : (wanted ?? form).querySelector("input:checked, select, textarea, input:not([type=hidden])");
    field?.focus();
  }
  // A press that is on its way is not sent a second time.
  root.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "1";
    setTimeout(() => delete event.target.dataset.sent, 8000);
  });
  // The address forgets what was just done, so that a reload does not say it again.
  const url = new URL(location.href);
  if (url.searchParams.has("did")) { url.searchParams.delete("did"); history.replaceState(null, "", url); }
}
