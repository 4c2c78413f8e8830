// Photos kept on the phone until they have arrived: IndexedDB, one record a photo.
const NAME = "weiwang", STORE = "photos";

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function run(mode, work) {
  const base = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = base.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally { base.close(); }
}

export const put = (photo) => run("readwrite", (store) => store.put(photo));
export const remove = (id) => run("readwrite", (store) => store.delete(id));
export const all = () => run("readonly", (store) => store.getAll());
export async function of(report) { return (await all()).filter((photo) => photo.report === report); }
