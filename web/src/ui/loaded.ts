import { useEffect } from "preact/hooks";
import { ApiError } from "../api/http";

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Loads what a part of the page shows, and again when the gateway is back. What failed and may pass later is tried again, each time after a
 * longer pause.
 *
 * @param load gives false where some of it was missing that may be there later
 * @param onProblem told of each failure
 */
export function useLoaded(load: () => Promise<boolean | void>, onProblem: (failure: unknown) => void = () => undefined, inputs: unknown[] = []): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const attempt = async (pause: number) => {
      clearTimeout(timer);
      const again = await load().then(
        (whole) => whole === false,
        (failure) => {
          if (!left) {
            onProblem(failure);
          }
          return failure instanceof ApiError && failure.problem.retryable;
        },
      );
      if (again && !left) {
        clearTimeout(timer);
        timer = setTimeout(attempt, pause, Math.min(2 * pause, LONGEST_RETRY_MS));
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
