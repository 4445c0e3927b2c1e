import { useEffect } from "preact/hooks";

/** Says in the browser's tab which page this is, and what it does just now. */
export function useTitle(page: string, doing?: string): void {
  const title = `${doing ? `${doing} · ` : ""}${page} · llm-routes`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
