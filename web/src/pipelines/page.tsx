import { useEffect, useRef, useState } from "preact/hooks";
import { describe, get } from "../api/http";
import { useLoaded } from "../ui/loaded";
import { useTitle } from "../ui/title";
import { RunForm } from "./form";
import { isOver } from "./kept";
import { RunView } from "./run";
import { useRuns } from "./runs";
import { type Pipeline, UPLOAD } from "./types";
import { UploadForm } from "./upload";

/** The catalogue, a form for each pipeline, and the runs that were started here. */
export function PipelinesPage({ name }: { name?: string }) {
  const [pipelines, setPipelines] = useState<Pipeline[]>();
  const [problem, setProblem] = useState<string>();
  const runs = useRuns();
  const open = runs.list.filter((run) => !isOver(run)).length;
  useTitle("Pipelines", open ? `${open} running` : undefined);
  const tell = (failure: unknown) => setProblem(describe(failure));
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
        {!listed && !problem && <p class="hint">Loading…</p>}
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
              runs.start(chosen.name, parameters, engine).catch(tell);
            }}
          />
        </section>
      )}
      {pipelines && pipelines.length !== listed?.length && <UploadForm onFiles={(uploads) => runs.upload(uploads)} />}
      <section aria-label="Runs">
        <div class="runs-title">
          <h2>Runs</h2>
          {open < runs.list.length && (
            <button type="button" class="quiet" onClick={() => runs.clear()}>
              Clear what has ended
            </button>
          )}
        </div>
        {runs.list.length === 0 && <p class="hint">Runs that you start appear here.</p>}
        <ul class="runs" aria-live="polite">
          {runs.list.map((run) => (
            <RunView key={run.id} run={run} onStop={() => void runs.stop(run.id).catch(tell)} />
          ))}
        </ul>
      </section>
    </div>
  );
}
