import { isOver, type Run } from "./kept";

const PERCENT = 100;

/** A run with how far it is. */
export function RunView({ run, onStop }: { run: Run; onStop(): void }) {
  const { id, pipeline, file, waiting, sent, status, unknown, problem } = run;
  const state = stateOf(run);
  const [done, all] = waiting && sent !== undefined ? [Math.round(sent * PERCENT), PERCENT] : (status?.progress ?? "").split("/").map(Number);
  const over = isOver(run);
  const said = problem ?? status?.error?.message ?? status?.message;
  return (
    <li class={`run ${state.replace(" ", "-")}`} data-run={id}>
      <b title={pipeline}>{file ?? pipeline}</b>
      <span class="state">{state}</span>
      {!over && !!all && <progress max={all} value={done} aria-label={waiting ? `${done} % sent` : `${done} of ${all} steps`} />}
      {said && <p>{said}</p>}
      {unknown && <p>{waiting ? "It was cut off before it was sent. Choose the file again." : "Nothing is known of it any more."}</p>}
      <span class="run-actions">
        {status?.url && /^https?:/i.test(status.url) && (
          <a href={status.url} target="_blank" rel="noopener noreferrer">
            Open in {status.engine ?? "its engine"}
          </a>
        )}
        {!over && (!waiting || file) && (
          <button type="button" class="quiet" onClick={onStop}>
            Cancel
          </button>
        )}
      </span>
    </li>
  );
}

function stateOf({ file, waiting, status, unknown, problem }: Run): string {
  if (problem) {
    return "rejected";
  } else if (unknown) {
    return waiting ? "not sent" : "forgotten";
  } else if (waiting) {
    return file ? "uploading" : "sending";
  }
  return status?.status ?? "accepted";
}
