import { useEffect } from "preact/hooks";
import { ApiError } from "../api/http";

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Loads what a part of the page shows, and again when the gateway is back. What failed and may pass later is tried again, each time after a
 * longer pause.
 *
 * @param onProblem told of each failure
 */
export function useLoaded(load: () => Promise<unknown>, onProblem: (failure: unknown) => void = () => undefined, inputs: unknown[] = []): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const attempt = async (pause: number) => {
      clearTimeout(timer);
      try {
        await load();
      } catch (failure) {
        if (left) {
          return;
        }
        onProblem(failure);
        if (failure instanceof ApiError && failure.problem.retryable) {
          clearTimeout(timer);
          timer = setTimeout(attempt, pause, Math.min(2 * pause, LONGEST_RETRY_MS));
        }
      }
    };
    const begin = () => void attempt(RETRY_MS);
    begin();
    window.addEventListener("gateway-back", begin);
    return () => {
      left = true;
      clearTimeout(timer);
      window.removeEventListener("gateway-back", begin);
    };
  }, inputs);
}
