// The steps of a draft and how far they are done: the browser keeps nothing else. What they make of the net is asked of the server; answers are
// kept, so that undo and redo are at once. The steps outlive a reload.
export default function draft(told, show, say) {
  const place = `weiwang-net-${told.me}-${told.grid}`;
  let kept = read();
  const isKept = Boolean(kept?.steps?.length);
  kept ??= { id: told.draft, steps: [], at: 0, from: told.today };
  if (kept.from < told.today) kept.from = told.today;
  let answers = new Map(), turn = 0;

  function read() { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } }
  function save() {
    try { if (kept.steps.length) localStorage.setItem(place, JSON.stringify(kept)); else localStorage.removeItem(place); } catch { /* private mode */ }
  }

  async function send(path, more = {}) {
    const body = new URLSearchParams({
      csrf: told.csrf, grid: told.grid, id: kept.id, from: kept.from, steps: JSON.stringify(kept.steps.slice(0, kept.at)), ...more,
    });
    let answer;
    try { answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } }); } catch { return { refused: told.words.offline, isOffline: true }; }
    const isJSON = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (!isJSON) return { refused: answer.redirected || answer.status === 401 || answer.status === 403 ? told.words.signed_out : told.words.failed };
    const data = await answer.json();
    if (data.error === "draft.done" && kept.id !== told.draft) {
      // Another window has carried it out: what is left goes on under a new name.
      kept.id = told.draft;
      return send(path, more);
    }
    return answer.ok ? { data } : { refused: data.message, step: data.step };
  }

  // Asks what the steps so far make; a step that cannot be goes, with those after it.
  async function ask() {
    const mine = ++turn;
    save();
    const known = answers.get(kept.at);
    if (known) { show(known); return true; }
    const { data, refused, step, isOffline } = await send("/admin/map/draft");
    if (mine !== turn) return false;
    if (data) { answers.set(kept.at, data); show(data); return true; }
    if (step !== undefined) {
      const wasNewest = step === kept.at - 1;
      kept.steps.length = kept.at = step;
      forget(step);
      say(wasNewest ? refused : `${told.words.gone} ${refused}`);
      await ask();
      return false;
    }
    if (isOffline && kept.at) kept.at -= 1;
    save();
    say(refused);
    if (answers.get(kept.at)) show(answers.get(kept.at));
    return false;
  }

  function forget(after) { answers = new Map([...answers].filter(([at]) => at <= after)); }

  return {
    get at() { return kept.at; },
    get count() { return kept.steps.length; },
    get from() { return kept.from; },
    set from(day) { if (day && day !== kept.from) { kept.from = day; answers.clear(); ask(); } },
    start() { if (isKept) say(told.words.kept, true); return ask(); },
    add(step) {
      forget(kept.at);
      kept.steps.length = kept.at;
      kept.steps.push(step);
      kept.at += 1;
      return ask();
    },
    undo() { if (kept.at > 0) { kept.at -= 1; ask(); } },
    redo() { if (kept.at < kept.steps.length) { kept.at += 1; ask(); } },
    again() { const known = answers.get(kept.at); if (known) show(known); else ask(); },
    drop() { kept = { id: kept.id, steps: [], at: 0, from: kept.from }; forget(0); ask(); say(told.words.fresh, true); },
    rehearse() { return send("/admin/map/rehearse"); },
    async apply(revision) {
      const answer = await send("/admin/map/apply", { revision });
      if (answer.data) { kept.steps = []; save(); }
      return answer;
    },
  };
}
