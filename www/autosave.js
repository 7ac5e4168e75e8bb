// Keeps what a person did in the browser's own store, so that a crash or a closed lid costs nothing. Only the state is kept, never an image;
// from disk some browsers give a page no store, and then nothing is kept and the page says so.
import { createStore, delMany, get, set } from "idb-keyval";

const KEY = "state";
const PLACES = "places";
const AFTER_MS = 1000;

export function autosave(session) {
  let store = null;
  let timer = 0;
  let last = "";
  let lastPlaces = "[]";
  const quietly = async (act) => {
    try {
      store ??= createStore("sidings", "work");
      return await act();
    } catch {
      kept.works = false;
      return undefined;
    }
  };
  /** The state without its time: what decides whether there is something new. */
  const gist = (text) => text.replace(/"saved_at":"[^"]*"/, "");
  const kept = {
    works: true,
    /** What lies there: when it was saved, which images; null for nothing. */
    found: null,
    async look() {
      const text = await quietly(() => get(KEY, store));
      kept.found = text ? { text, ...described(text) } : null;
      const places = await quietly(() => get(PLACES, store));
      if (places) session.setPlaces(places);
      lastPlaces = session.places();
    },
    /** Something may have changed; written once it is quiet for a moment. */
    later() {
      clearTimeout(timer);
      timer = setTimeout(kept.now, AFTER_MS);
    },
    async now() {
      const places = session.places();
      if (places !== lastPlaces) {
        lastPlaces = places;
        await quietly(() => set(PLACES, places, store));
      }
      const text = session.state();
      if (!text || gist(text) === last) return;
      last = gist(text);
      await quietly(() => set(KEY, text, store));
    },
    async erase() {
      clearTimeout(timer);
      kept.found = null;
      await quietly(() => delMany([KEY, PLACES], store));
    },
  };
  return kept;
}

function described(text) {
  try {
    const { saved_at: savedAt, pairs, open, images } = JSON.parse(text);
    // The first edition held one pair, with its images beside the rest.
    return { savedAt, files: (pairs?.[open].images ?? images).filter(({ side }) => side).map(({ file }) => file) };
  } catch {
    return { savedAt: null, files: [] };
  }
}
