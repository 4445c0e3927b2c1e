import { useState } from "preact/hooks";
import { get } from "../api/http";
import type { Collection } from "../api/types";
import { useLoaded } from "./loaded";

/** The collections that one may read something of, as far as they are known. */
export function useCollections(): Collection[] {
  const [collections, setCollections] = useState<Collection[]>([]);
  useLoaded(async () => {
    const found = await get<{ collections: Collection[]; complete: boolean }>("/api/collections");
    setCollections(found.collections);
    return found.complete;
  });
  return collections;
}
