import { useEffect } from "preact/hooks";

/** Loads what a part of the page shows, and again when the gateway is back. */
export function useLoaded(load: () => void, inputs: unknown[] = []): void {
  useEffect(() => {
    load();
    window.addEventListener("gateway-back", load);
    return () => window.removeEventListener("gateway-back", load);
  }, inputs);
}
