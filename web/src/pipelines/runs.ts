import { useEffect, useState } from "preact/hooks";
import { ApiError, call, describe } from "../api/http";
import { isOver, keepRuns, keptRuns, type Run } from "./kept";
import { trigger, type Upload, upload } from "./sending";
import { statuses } from "./statuses";
import { UPLOAD } from "./types";

const AT_ONCE = 2;

/** The runs that this browser has started, newest first, each followed to its end whatever page is shown. */
class Runs {
  list: Run[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly queue: { id: string; upload: Upload }[] = [];
  private readonly uploading = new Map<string, AbortController>();
  private readonly gone = new Set<string>();
  private senders = 0;

  constructor() {
    this.list = keptRuns();
    for (const run of this.list) {
      if (run.waiting && !run.file) {
        trigger(run).then(
          () => this.accepted(run.id),
          (failure) => this.change(run.id, { waiting: undefined, problem: describe(failure) }),
        );
      } else if (!isOver(run)) {
        void this.follow(run.id);
      }
    }
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws ApiError where it is refused; it is no run then */
  async start(pipeline: string, parameters: Record<string, unknown>, engine?: string): Promise<void> {
    const run = { id: crypto.randomUUID(), pipeline, begun: Date.now(), waiting: { parameters, engine } };
    this.show([run, ...this.list]);
    try {
      await trigger(run);
    } catch (failure) {
      this.remove(run.id);
      throw failure;
    }
    this.accepted(run.id);
  }

  upload(uploads: Upload[]): void {
    const begun = Date.now();
    const added = uploads.map((one) => ({ id: crypto.randomUUID() as string, upload: one }));
    added.forEach(({ id }) => this.uploading.set(id, new AbortController()));
    this.queue.push(...added);
    this.show([...added.map(({ id, upload: { name } }) => ({ id, pipeline: UPLOAD, begun, file: name, waiting: {} })), ...this.list]);
    for (let senders = this.senders; senders < AT_ONCE; senders++) {
      void this.send();
    }
  }

  /** Stops a run, or what was not sent yet. */
  async stop(id: string): Promise<void> {
    const away = this.uploading.get(id);
    if (away) {
      away.abort();
      this.uploading.delete(id);
      this.remove(id);
      // the gateway may have it all the same
      await call(`/api/runs/${id}`, { method: "DELETE" }).catch(() => undefined);
      return;
    }
    await call(`/api/runs/${id}`, { method: "DELETE" });
  }

  /** Forgets those that are over. */
  clear(): void {
    const over = this.list.filter(isOver);
    over.forEach(({ id }) => this.gone.add(id));
    this.show(this.list.filter((run) => !over.includes(run)));
  }

  private async send(): Promise<void> {
    this.senders++;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { id } = next;
      const away = this.uploading.get(id);
      if (!away) {
        continue;
      }
      const failed = await upload(id, next.upload, (sent) => this.change(id, { sent }), away.signal).catch(describe);
      this.uploading.delete(id);
      if (failed) {
        this.change(id, { waiting: undefined, problem: failed });
      } else {
        this.accepted(id);
      }
    }
    this.senders--;
  }

  private accepted(id: string): void {
    this.change(id, { waiting: undefined });
    void this.follow(id);
  }

  private async follow(id: string): Promise<void> {
    try {
      for await (const status of statuses(id)) {
        this.change(id, { status, waiting: undefined });
      }
    } catch (failure) {
      this.change(id, failure instanceof ApiError && failure.status === 404 ? { unknown: true } : { problem: describe(failure) });
    }
  }

  private change(id: string, news: Partial<Run>): void {
    this.show(this.list.map((run) => (run.id === id ? { ...run, ...news } : run)));
  }

  private remove(id: string): void {
    this.gone.add(id);
    this.show(this.list.filter((run) => run.id !== id));
  }

  private show(list: Run[]): void {
    this.list = list;
    window.onbeforeunload = this.uploading.size ? askFirst : null;
    keepRuns(list, this.gone);
    this.listeners.forEach((listener) => listener());
  }
}

/** A page that is left loses what it has not sent. */
function askFirst(event: Event): void {
  event.preventDefault();
}

const runs = new Runs();

export function useRuns(): Runs {
  const [, setList] = useState(runs.list);
  useEffect(() => runs.listen(() => setList(runs.list)), []);
  return runs;
}
