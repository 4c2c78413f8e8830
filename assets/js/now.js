// Who else has this matter open, and what was just done to it; asked when something happens and every twenty seconds while the page is seen.
export default function now(box) {
  let pending = 0;
  const ask = async () => {
    pending = 0;
    if (document.hidden) return;
    const acting = document.getElementById("form") ? "&acting=1" : "";
    try {
      const answer = await fetch(box.dataset.href + acting, { headers: { "X-Piece": "1" } });
      if (!answer.ok || answer.redirected) return;
      const text = (await answer.text()).trim();
      if (text !== box.dataset.text) { box.dataset.text = text; box.innerHTML = text; }
    } catch { /* without network it stays as it is */ }
  };
  for (const name of ["live:matter", "live:here"]) document.addEventListener(name, (event) => {
    if (event.detail?.id === box.dataset.matter) pending ||= setTimeout(ask, 300);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  setInterval(ask, 20000);
  ask();
}
