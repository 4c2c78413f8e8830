// A worker's report that could not be sent: kept whole on the phone, photos and all, and sent by itself when there is network again.
// The report's id goes along, so that one sent twice is one. What was shot before the page of the report opened waits here too.
const NAME = "weiwang-outbox", REPORTS = "reports", SHOTS = "shots";

function base() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(REPORTS, { keyPath: "id" });
      request.result.createObjectStore(SHOTS, { keyPath: "who" });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function run(store, mode, work) {
  const opened = await base();
  try {
    return await new Promise((done, failed) => {
      const transaction = opened.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally { opened.close(); }
}

export const keepShot = (who, blob) => run(SHOTS, "readwrite", (store) => store.put({ who, blob, at: Date.now() }));
export async function takeShot(who) {
  const shot = await run(SHOTS, "readonly", (store) => store.get(who));
  if (shot) await run(SHOTS, "readwrite", (store) => store.delete(who));
  return shot && Date.now() - shot.at < 600_000 ? shot.blob : null;
}

// Whoever reads the page: a report goes out only in the name of who made it.
const who = () => document.querySelector("[data-who]")?.dataset.who ?? "";
export const all = async () => (await run(REPORTS, "readonly", (store) => store.getAll())).filter((report) => report.who === who());
export const remove = (id) => run(REPORTS, "readwrite", (store) => store.delete(id));
export function put(id, href, body) {
  const fields = [...body.entries()].filter(([name]) => name !== "csrf");
  return run(REPORTS, "readwrite", (store) => store.put({ id, href, who: who(), fields, at: Date.now() }));
}

// Sends a form at once: kept before it goes, let go when the server has answered. What could not be sent goes later, and then its page opens.
// Gives what is to be said: the server's refusal, or that it is kept here.
export async function send(form, id, body) {
  let isKept = false;
  try { await put(id, form.action, body); isKept = true; } catch { /* a private window keeps nothing */ }
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRF": form.elements.csrf.value } });
    const page = answer.redirected ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
    // Signed out meanwhile: it waits for the same person to sign in again.
    if (isKept && page && isSignIn(page)) { location.reload(); return {}; }
    if (isKept) await remove(id).catch(() => {});
    if (answer.redirected) { location.assign(answer.url); return {}; }
    return { said: refusal(page) ?? form.dataset.offline };
  } catch {
    if (!isKept) return { said: form.dataset.offline };
    document.dispatchEvent(new CustomEvent("outbox:put"));
    document.addEventListener("outbox:sent", (event) => location.assign(event.detail), { once: true });
    return { said: form.dataset.kept, isKept };
  }
}

const isSignIn = (page) => page.querySelector("input[type=password]") !== null;
function refusal(page) {
  return page.querySelector("[role=alert]:not([hidden]), .say.bad:not([hidden])")?.textContent;
}

// The line on every page of the field: how many wait, and nothing when none does. What was refused for good is said, and let go by a press.
export default async function outbox(line) {
  const token = line.querySelector("input[name=csrf]").value;
  const [words, button] = [line.querySelector("[data-words]"), line.querySelector("button")];
  let isSending = false;
  addEventListener("online", flush);
  document.addEventListener("outbox:put", show);
  setInterval(() => { if (!line.hidden) flush(); }, 15000);
  button.addEventListener("click", async () => {
    for (const report of await all()) if (report.refused) await remove(report.id);
    show();
  });
  await flush();

  async function flush() {
    if (isSending) return;
    isSending = true;
    try { for (const report of await all()) if (!report.refused) await deliver(report); } catch { /* still no network */ }
    isSending = false;
    await show();
  }

  async function deliver(report) {
    const body = new FormData();
    for (const [name, value] of report.fields) value instanceof Blob ? body.append(name, value, "photo.jpg") : body.append(name, value);
    const answer = await fetch(report.href, { method: "POST", body, headers: { "X-CSRF": token } });
    if (answer.redirected) {
      await remove(report.id);
      document.dispatchEvent(new CustomEvent("outbox:sent", { detail: answer.url }));
    } else if ([403, 404, 409, 413, 415, 422].includes(answer.status)) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (isSignIn(page)) return;
      const refused = refusal(page) ?? String(answer.status);
      await run(REPORTS, "readwrite", (store) => store.put({ ...report, refused }));
    }
  }

  async function show() {
    const reports = await all().catch(() => []);
    const refused = reports.find((report) => report.refused);
    line.hidden = reports.length === 0;
    button.hidden = !refused;
    words.textContent = refused ? refused.refused : line.dataset.waiting.replace("{count}", reports.length);
  }
}
