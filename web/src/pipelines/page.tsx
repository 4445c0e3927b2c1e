import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/http";
import { useLoaded } from "../ui/loaded";
import { RunForm } from "./form";
import { type Run, useRuns } from "./runs";
import { FINAL, type Pipeline, UPLOAD } from "./types";
import { Upload } from "./upload";

/** The catalogue, a form for each pipeline, and the runs that were started here. */
export function PipelinesPage({ name }: { name?: string }) {
  const [pipelines, setPipelines] = useState<Pipeline[]>();
  const [problem, setProblem] = useState<string>();
  const { runs, start, upload, stop } = useRuns();
  const tell = (failure: unknown) => setProblem(failure instanceof Error ? failure.message : String(failure));
  useLoaded(
    () =>
      get<{ pipelines: Pipeline[] }>("/api/pipelines").then((found) => {
        setPipelines(found.pipelines);
        setProblem(undefined);
      }),
    tell,
  );
  const listed = pipelines?.filter((pipeline) => pipeline.name !== UPLOAD);
  const chosen = listed?.find((pipeline) => pipeline.name === name);
  const form = useRef<HTMLElement>(null);
  useEffect(() => form.current?.scrollIntoView({ block: "nearest" }), [chosen?.name]);

  return (
    <div class="pipelines">
      <section aria-label="Catalogue">
        <h1>Pipelines</h1>
        {problem && (
          <p class="note warning" role="alert">
            {problem}
          </p>
        )}
        <ul class="catalogue">
          {listed?.map((pipeline) => (
            <li key={pipeline.name}>
              <a href={`#/pipelines/${pipeline.name}`} aria-current={pipeline === chosen ? "true" : undefined}>
                <b>{pipeline.name}</b>
                <span>{pipeline.description}</span>
              </a>
            </li>
          ))}
        </ul>
        {listed?.length === 0 && <p class="hint">There is no pipeline that you may run.</p>}
      </section>
      {chosen && (
        <section ref={form} aria-label={`Run ${chosen.name}`}>
          <h2>{chosen.name}</h2>
          <RunForm
            key={chosen.name}
            pipeline={chosen}
            onRun={(parameters, engine) => {
              setProblem(undefined);
              start(chosen.name, parameters, engine).catch(tell);
            }}
          />
        </section>
      )}
      {pipelines && pipelines.length !== listed?.length && <Upload onFiles={upload} />}
      <section aria-label="Runs">
        <h2>Runs</h2>
        {runs.length === 0 && <p class="hint">Runs that you start appear here.</p>}
        <ul class="runs" aria-live="polite">
          {runs.map((run) => (
            <RunView key={run.id} run={run} onStop={() => stop(run.id).catch(tell)} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function RunView({ run: { id, pipeline, file, waits, status, problem }, onStop }: { run: Run; onStop(): void }) {
  const state = waits ? (file ? "uploading" : "sending") : (status?.status ?? "accepted");
  const [done, all] = (status?.progress ?? "").split("/").map(Number);
  return (
    <li class={`run ${state}`} data-run={id}>
      <b title={pipeline}>{file ?? pipeline}</b>
      <span class="state">{problem ?? state}</span>
      {!!all && <progress max={all} value={done} aria-label={`${done} of ${all} steps`} />}
      {(status?.error?.message || status?.message) && <p>{status.error?.message ?? status.message}</p>}
      <span class="run-actions">
        {status?.url && /^https?:/i.test(status.url) && (
          <a href={status.url} target="_blank" rel="noopener noreferrer">
            Open in {status.engine ?? "its engine"}
          </a>
        )}
        {!problem && !waits && !FINAL.includes(state) && (
          <button type="button" class="quiet" onClick={onStop}>
            Cancel
          </button>
        )}
      </span>
    </li>
  );
}
