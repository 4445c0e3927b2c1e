import { FINAL, type RunStatus } from "./types";

const KEY = "runs";
const MOST = 100;

export interface Run {
  id: string;
  pipeline: string;
  /** In milliseconds since 1970. */
  begun: number;
  /** Of an upload: the name of its file. */
  file?: string;
  /** What the gateway has not answered yet; a file is not kept with it. */
  waiting?: { parameters?: Record<string, unknown>; engine?: string };
  /** The share of the file that has been sent, 0 to 1. */
  sent?: number;
  status?: RunStatus;
  /** The gateway knows nothing of it. */
  unknown?: boolean;
  /** Why it was refused. */
  problem?: string;
}

/** Whether nothing more happens to it. */
export function isOver({ status, unknown, problem }: Run): boolean {
  return !!problem || !!unknown || FINAL.includes(status?.status ?? "");
}

/** The runs that were started in this browser, newest first. */
export function keptRuns(): Run[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** Keeps them, with those that other tabs have started since. */
export function keepRuns(runs: Run[], gone: Set<string>): void {
  const own = new Set(runs.map(({ id }) => id));
  const others = keptRuns().filter(({ id }) => !own.has(id) && !gone.has(id));
  const all = [...runs.map(({ sent, unknown, status, ...kept }) => (isOver({ ...kept, status }) ? { ...kept, status } : kept)), ...others];
  try {
    localStorage.setItem(KEY, JSON.stringify(all.sort((one, other) => other.begun - one.begun).slice(0, MOST)));
  } catch {
    // a browser that keeps nothing shows them all the same
  }
}
