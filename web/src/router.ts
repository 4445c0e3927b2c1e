import { useEffect, useState } from "preact/hooks";

export interface Place {
  page: "chat" | "voice" | "pipelines";
  id?: string;
}

/** Where the address says that the reader is: #/chat/SESSION, #/voice, #/pipelines/NAME. */
export function usePlace(): Place {
  const [place, setPlace] = useState(current);
  useEffect(() => {
    const moved = () => setPlace(current());
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  return place;
}

export function go(page: Place["page"], id?: string): void {
  location.hash = id ? `#/${page}/${encodeURIComponent(id)}` : `#/${page}`;
}

function current(): Place {
  const [, page, id] = location.hash.split("/");
  return { page: page === "voice" || page === "pipelines" ? page : "chat", id: id ? decoded(id) : undefined };
}

/** An address may be anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
