import { ApiError, call, json, post } from "../api/http";
import type { Run } from "./kept";

const PAUSE_MS = 2000;

export interface Upload {
  file: File;
  /** With its folders. */
  name: string;
  collection: string;
  readers: string;
}

/** Triggers a pipeline; the same run again begins nothing anew. */
export async function trigger({ id, pipeline, waiting: { parameters, engine } = {} }: Run): Promise<void> {
  await untilAnswered(() => call(`/api/pipelines/${pipeline}/runs`, json("POST", { request_id: id, parameters, ...(engine && { engine }) })));
}

/** Sends a file; the same run again begins nothing anew. */
export async function upload(id: string, { file, name, collection, readers }: Upload, onSent: (share: number) => void, signal: AbortSignal): Promise<void> {
  const form = new FormData();
  form.set("request_id", id);
  form.set("readers", readers);
  form.set("file", file, name);
  await untilAnswered(
    () => post(`/api/collections/${encodeURIComponent(collection)}/documents`, form, onSent, signal),
    // a file that was changed since cannot be read, and never will be
    () => file.slice(0, 1).arrayBuffer(),
  );
}

/** The gateway keeps what it has answered, so that asking again does no harm. */
async function untilAnswered(request: () => Promise<unknown>, check?: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await request();
      return;
    } catch (failure) {
      if (!(failure instanceof ApiError) || !failure.problem.retryable || failure.status === 429) {
        throw failure;
      }
      await check?.();
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
