import { useEffect, useRef } from "preact/hooks";
import type { Turn } from "./conversation";
import { TurnView } from "./turn";

const EXAMPLES = ["What can I ask here?", "How do I add my own documents?", "How do I replay failed requests?"];
const NEAR_THE_END_PX = 120;
const MOST_SAID = 2000;

interface Props {
  turns: Turn[];
  running: boolean;
  onEdit(question: string): void;
  onAsk(question: string, instead?: string): void;
}

/** The turns, scrolled along with the answer unless the reader has scrolled away. */
export function Thread({ turns, running, onEdit, onAsk }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useEffect(() => {
    following.current = true;
  }, [turns.length]);
  useEffect(() => {
    const element = box.current!;
    if (following.current) {
      element.scrollTop = element.scrollHeight;
    }
  }, [turns]);

  return (
    <>
      <div
        class="thread"
        ref={box}
        tabIndex={0}
        role="log"
        aria-label="Questions and answers"
        aria-live="off"
        onScroll={({ currentTarget: seen }) => {
          following.current = seen.scrollHeight - seen.scrollTop - seen.clientHeight < NEAR_THE_END_PX;
        }}
      >
        {turns.length === 0 && (
          <div class="welcome">
            <h1>Ask your documents</h1>
            <p>Answers come with their sources. The conversation is kept, so that you can go on asking.</p>
            <ul>
              {EXAMPLES.map((example) => (
                <li key={example}>
                  <button type="button" class="quiet" onClick={() => onAsk(example)}>
                    {example}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )}
        {turns.map((turn, index) => (
          <TurnView key={turn.answer.requestId} turn={turn} running={running && index === turns.length - 1} onEdit={onEdit} onAsk={onAsk} />
        ))}
      </div>
      <p class="unseen" role="status">
        {useSaid(turns, running)}
      </p>
    </>
  );
}

/** What a screen reader is told of the newest answer: that it is on its way, and then the whole of it at once. */
function useSaid(turns: Turn[], running: boolean): string {
  const asked = useRef(false);
  asked.current ||= running;
  const answer = turns.at(-1)?.answer;
  if (running || !asked.current || !answer) {
    return running ? "The answer is on its way" : "";
  }
  const { text } = answer;
  return answer.failure ?? `${answer.stopped ? "Stopped: " : ""}${text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}… It goes on.` : text}`;
}
