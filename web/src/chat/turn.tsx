import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { copy } from "../ui/copy";
import { Markdown } from "../ui/markdown-view";
import type { Turn } from "./conversation";
import { Sources } from "./sources";
import { Timeline } from "./timeline";

const WITHOUT: Record<string, string> = {
  history: "the earlier conversation",
  rewrite: "completing the question from the conversation",
  sources: "some of the sources, for want of room",
  embed: "the search by meaning; only words were compared",
  search: "the documents",
  rerank: "the final ordering of the sources",
  tts: "sound, or some of it",
};

interface Props {
  turn: Turn;
  running: boolean;
  onEdit(question: string): void;
  onAsk(question: string, instead: string): void;
}

/** A question with its answer; one that is finished is not rendered again while another is written. */
export const TurnView = memo(({ turn: { question, answer }, running, onEdit, onAsk }: Props) => {
  const [shown, setShown] = useState<number>();
  const { response } = answer;
  return (
    <article class="turn">
      <div class="question">
        <p>{question}</p>
      </div>
      <div class="answer">
        {answer.thought && !answer.text && <p class="thought">{answer.thought.slice(-400)}</p>}
        <Markdown text={answer.text} sources={answer.sources} onCite={setShown} />
        {running && !answer.text && !answer.thought && <p class="pending" aria-label="The answer is on its way"><i /><i /><i /></p>}
        {answer.failure && (
          <p class="note error" role="alert">
            {answer.failure}
            {!running && (
              <button type="button" class="quiet" onClick={() => onAsk(question, answer.requestId)}>
                Try again
              </button>
            )}
          </p>
        )}
        {answer.stopped && <p class="note">Stopped.</p>}
        {response?.finish_reason === "length" && <p class="note">The answer was cut off at its longest length.</p>}
        {!!response?.degraded.length && (
          <p class="note">Answered without {response.degraded.map((step) => WITHOUT[step] ?? step).join(", and ")}.</p>
        )}
        <Sources sources={answer.sources} shown={shown} onShow={setShown} />
        {!running && (
          <div class="actions">
            <Copy text={answer.text} />
            <button type="button" class="quiet" onClick={() => onEdit(question)}>
              Edit and ask again
            </button>
            {response && <Timeline timings={response.timings_ms} model={response.model} />}
          </div>
        )}
      </div>
    </article>
  );
});

function Copy({ text }: { text: string }) {
  return (
    text &&
    navigator.clipboard && (
      <button type="button" class="quiet" onClick={(event) => void copy(text, event.currentTarget)}>
        Copy
      </button>
    )
  );
}
