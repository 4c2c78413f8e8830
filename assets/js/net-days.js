// The net of another day, and what is still to fill, on the same map: a slider over the days on which the net was or will be another.
export default function days(work) {
  const { box, told } = work;
  const form = box.querySelector("[data-history]"), slider = box.querySelector("[data-slider]"), cover = box.querySelector("[data-coverage]");
  const range = slider.querySelector("input"), output = slider.querySelector("output"), day = form.elements.on;
  const today = told.days.findIndex((one) => one.day === told.today);
  range.max = told.days.length - 1;
  range.value = today;
  output.textContent = told.days[today]?.words ?? "";
  slider.hidden = told.days.length < 2;
  cover.hidden = false;
  let turn = 0, wait = 0;

  range.addEventListener("input", () => {
    const one = told.days[Number(range.value)];
    output.textContent = one.words;
    range.setAttribute("aria-valuetext", one.words);
    day.value = one.day;
    clearTimeout(wait);
    wait = setTimeout(() => look(one.day), 120);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); look(day.value || told.today); });
  // The page may come with a day.
  const asked = new URLSearchParams(location.search).get("on");
  if (asked && asked !== told.today) box.addEventListener("net:shown", () => look(asked), { once: true });

  async function look(wanted) {
    const mine = ++turn;
    const at = told.days.reduce((found, one, index) => (one.day <= wanted ? index : found), 0);
    range.value = at;
    output.textContent = told.days[at].day === wanted ? told.days[at].words : wanted;
    box.querySelector("[data-without]")?.toggleAttribute("hidden", true);
    work.isReading = wanted !== told.today;
    if (!work.isReading) { work.draft.again(); return; }
    try {
      const answer = await fetch(`/admin/map/net?grid=${told.grid}&on=${wanted}`, { headers: { Accept: "application/json" } });
      const data = await answer.json();
      if (mine !== turn) return;
      if (answer.ok) work.show(data); else work.say(data.message);
    } catch { work.say(told.words.failed); }
  }

  cover.querySelector("input").addEventListener("change", async (event) => {
    for (const one of box.querySelectorAll("[data-when=coverage]")) one.hidden = !event.target.checked;
    if (!event.target.checked) { work.cover(null); return; }
    try {
      const answer = await fetch("/admin/map/coverage?grid=" + told.grid, { headers: { Accept: "application/json" } });
      if (answer.ok) work.cover(await answer.json()); else work.say((await answer.json()).message);
    } catch { event.target.checked = false; work.say(told.words.failed); }
  });
}
