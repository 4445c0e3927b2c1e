// The avatar that the user chose, in this browser's IndexedDB.

const STORE = "avatars";

export async function chosenAvatar(): Promise<ArrayBuffer | undefined> {
  return inStore("readonly", (store) => store.get("chosen"));
}

/** Keeps an avatar for the next visit; nothing forgets it. */
export async function keepAvatar(file: ArrayBuffer | undefined): Promise<void> {
  await inStore("readwrite", (store) => (file ? store.put(file, "chosen") : store.delete("chosen")));
}

function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("llm-routes", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const used = use(opening.result.transaction(STORE, mode).objectStore(STORE));
      used.onsuccess = () => resolve(used.result);
      used.onerror = () => reject(used.error);
      used.transaction!.oncomplete = () => opening.result.close();
    };
  });
}
