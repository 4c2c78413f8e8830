// Beside the map of the net: the list of grids, the chosen one and its name, what has changed, what that would move, the day that is looked at.
import history from "./net-days.js";

export default function side(work) {
  const { box, draft } = work;
  const part = (name) => box.querySelector(`[data-${name}]`);
  for (const name of ["changes", "legend", "keys"]) part(name).hidden = false;
  const make = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text ?? "", className: kind ?? "" });
  const rows = part("inner"), naming = part("naming");
  let rehearsed = null;

  history(work);
  box.addEventListener("net:shown", () => { list(); chosen(); changes(); });
  box.addEventListener("net:picked", chosen);
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("[data-pick]")?.closest("li");
    if (!row) return;
    event.preventDefault();
    work.pick(row.dataset.grid);
    const here = work.feature(row.dataset.grid)?.properties;
    if (here?.lon !== undefined) work.map.easeTo({ center: [here.lon, here.lat], duration: 220 });
  });

  // The grids as they are now; those that the page came with keep their way further in.
  function list() {
    const known = new Map([...rows.children].map((row) => [row.dataset.grid, row]));
    const grids = work.net.features.map((one) => one.properties).filter((one) => one.depth === 1);
    grids.sort((a, b) => (a.code < b.code ? -1 : 1));
    rows.replaceChildren(...grids.map((one) => {
      const row = known.get(one.id) ?? make("li");
      if (!known.has(one.id)) {
        row.dataset.grid = one.id;
        const link = Object.assign(make("a", "", "grow"), { href: "#net-name" });
        link.dataset.pick = "";
        row.append(link, make("span", "", "third"));
      }
      row.querySelector("[data-pick]").textContent = one.name;
      row.querySelector(".third").textContent = one.code;
      row.classList.toggle("is-changed", one.state !== "same");
      return row;
    }));
    const heading = box.querySelector("[data-counted]");
    if (heading) heading.textContent = heading.dataset.counted.replace("#", grids.length);
    mark();
  }

  function mark() {
    for (const row of rows.children) row.toggleAttribute("aria-current", row.dataset.grid === work.chosen);
  }

  function chosen() {
    mark();
    const one = work.feature(work.chosen)?.properties;
    part("chosen").hidden = !one;
    if (!one) return;
    part("about").textContent = [one.level, one.code, one.nature, one.area].filter(Boolean).join("  ");
    naming.elements.name.value = one.name;
    naming.elements.code.value = one.code;
    naming.elements.code.disabled = one.state !== "made";
    const natures = naming.elements.nature;
    natures.value = [...natures.options].find((option) => option.value && option.label === one.nature)?.value ?? "";
    natures.closest("form").querySelectorAll("[for=net-nature], #net-nature").forEach((field) => { field.hidden = natures.options.length < 2; });
    naming.querySelectorAll("input, select, button").forEach((field) => { if (field.name !== "code") field.disabled = work.isReading; });
    part("deeper").hidden = !one.holds || one.state === "made";
    part("deeper").href = "/admin/map?grid=" + one.id;
  }

  naming.addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, code, nature } = naming.elements;
    work.say("");
    draft.add({ do: "name", grid: work.chosen, name: name.value, code: code.disabled ? undefined : code.value, nature: nature.value });
  });

  // MARK: What has changed

  function changes() {
    const data = work.data, any = Boolean(data.changed);
    rehearsed = null;
    part("effect").hidden = true;
    box.querySelector("[data-do=rehearse]").classList.add("main");
    part("none").hidden = any;
    part("going").hidden = !any || work.isReading;
    part("list").replaceChildren(...(data.changes ?? []).map((one) => {
      const row = make("li");
      row.append(make("span", one.name, "grow"), make("span", one.level, "third"), make("span", one.word, "chip" + (one.change === "ended" ? " red" : one.change === "made" ? " green" : "")));
      return row;
    }));
    part("soundness").textContent = any || data.findings.features.length ? data.soundness ?? "" : "";
    part("soundness").className = data.sound === false ? "late gap2" : "gap2";
    part("findings").replaceChildren(...data.findings.features.map(({ properties }) => {
      const row = make("li"), go = make("button", properties.words, "button plain grow");
      go.type = "button";
      go.addEventListener("click", () => work.map.easeTo({ center: [properties.lon, properties.lat], zoom: 17, duration: 220 }));
      row.append(go);
      if (properties.state) row.append(make("span", properties.state, "chip"));
      return row;
    }));
    box.querySelector("[data-do=rehearse]").disabled = data.sound === false;
    part("from").value = draft.from;
  }
  part("from").addEventListener("change", (event) => { draft.from = event.target.value; });

  async function rehearse(event) {
    const press = event.target;
    press.disabled = true;
    const { data, refused } = await draft.rehearse();
    press.disabled = false;
    if (refused) { work.say(refused); return; }
    rehearsed = data;
    part("lines").replaceChildren(...data.warnings.map((text) => make("p", text, "say warn")), ...data.lines.map((text) => make("p", text)));
    part("rows").replaceChildren(...data.rows.map((one) => {
      const row = make("tr");
      row.append(make("td", one.name), ...[one.matters, one.houses, one.households].map((text) => make("td", text, "num")));
      return row;
    }));
    box.querySelector("[data-do=apply]").textContent = data.button;
    part("effect").hidden = false;
    press.classList.remove("main");
    part("effect").focus();
  }

  async function apply(event) {
    const press = event.target;
    press.disabled = true;
    const { data, refused } = await draft.apply(rehearsed.revision);
    if (data) { location.href = data.to; return; }
    press.disabled = false;
    work.say(refused);
  }

  box.querySelector("[data-do=rehearse]").addEventListener("click", rehearse);
  box.querySelector("[data-do=apply]").addEventListener("click", apply);
  box.querySelector("[data-do=drop]").addEventListener("click", () => draft.drop());
}
