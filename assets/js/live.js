// What changes while a page is open. The page says what to do with it:
//   <div data-use="live" data-new="3 条新的 with {count}">      the element that hears
//     <button data-live-new hidden></button>                  says how many are new; pressing it loads the page again
//     <tr data-matter="ID" data-href="…">                     a row: its attributes data-mark, data-state, data-late follow; with data-href
//                                                             its content is fetched anew
//     <b data-live-figure="/address"></b>                     a figure: fetched anew, at most every five seconds
//   data-stream="/address"                                   another stream than that of whoever is signed in
// Other modules listen to the events "live:matter", "live:gone", "live:here", "live:call", "live:reload" and "live:end" of this element.
export default function live(box) {
  if (!window.EventSource) return;
  const fresh = new Set();
  const button = box.querySelector("[data-live-new]");
  let source;
  let pending;
  let waiting = 3000;
  let missed = false;
  open();
  // A page that nobody looks at holds no stream; it begins anew when it is seen again.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else if (source?.readyState === EventSource.CLOSED) { open(); figures(); }
  });
  window.addEventListener("pagehide", () => source?.close());
  // What is late becomes so without anybody's act.
  setInterval(() => { if (!document.hidden) figures(); }, 60000);
  button?.addEventListener("click", () => location.reload());

  function open() {
    source = new EventSource(box.dataset.stream ?? "/live");
    source.addEventListener("matter", (event) => changed(JSON.parse(event.data)));
    source.addEventListener("gone", (event) => gone(JSON.parse(event.data)));
    source.addEventListener("call", () => tell("", "live:call"));
    source.addEventListener("here", (event) => tell(JSON.parse(event.data), "live:here"));
    // The stream was away for a while: whatever came meanwhile is on a new page.
    source.addEventListener("reload", again);
    source.addEventListener("end", () => { source.close(); tell("", "live:end"); });
    source.addEventListener("open", () => {
      waiting = 3000;
      if (missed) again();
      missed = false;
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      missed = true;
      setTimeout(() => { if (!document.hidden) open(); }, waiting);
      waiting = Math.min(waiting * 2, 60000);
    });
  }

  function again() {
    tell("", "live:reload");
    figures();
    if (button) show();
  }

  function changed(matter) {
    const rows = box.querySelectorAll(`[data-matter="${CSS.escape(matter.id)}"]`);
    for (const row of rows) {
      row.dataset.mark = matter.mark;
      row.dataset.state = matter.state;
      row.toggleAttribute("data-late", matter.late);
      if (row.dataset.href) renew(row, row.dataset.href);
    }
    if (!rows.length && matter.state === "open") { fresh.add(matter.id); show(); }
    tell(matter, "live:matter");
    figures();
  }

  function gone(matter) {
    fresh.delete(matter.id);
    for (const row of box.querySelectorAll(`[data-matter="${CSS.escape(matter.id)}"]`)) row.dataset.state = "gone";
    tell(matter, "live:gone");
    show();
    figures();
  }

  function show() {
    if (!button) return;
    button.hidden = fresh.size === 0;
    button.textContent = (box.dataset.new ?? "{count}").replace("{count}", fresh.size);
  }

  function figures() {
    pending ??= setTimeout(() => {
      pending = undefined;
      for (const figure of box.querySelectorAll("[data-live-figure]")) renew(figure, figure.dataset.liveFigure);
    }, 5000);
  }

  async function renew(element, href) {
    try {
      const answer = await fetch(href, { headers: { "X-Piece": "1" } });
      if (answer.ok && !answer.redirected) element.innerHTML = await answer.text();
    } catch { /* without network it stays as it is */ }
  }

  function tell(detail, name) { box.dispatchEvent(new CustomEvent(name, { detail, bubbles: true })); }
}
