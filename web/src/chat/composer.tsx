import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  running: boolean;
  onDraft(text: string): void;
  onSend(question: string): void;
  onStop(): void;
}

/** Enter sends, Shift and Enter begin a new line. */
export function Composer({ field, draft, running, onDraft, onSend, onStop }: Props) {
  useEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
  }, [draft]);
  useEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) {
      field.current?.focus();
    }
  }, []);

  const send = () => {
    if (draft.trim() && !running) {
      onSend(draft.trim());
      onDraft("");
    }
  };
  return (
    <>
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={field}
          rows={1}
          maxLength={32768}
          aria-label="Your question"
          aria-describedby="keys"
          enterkeyhint="send"
          placeholder="Ask a question…"
          value={draft}
          onInput={(event) => onDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        {running ? (
          <button type="button" class="primary stop" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary" disabled={!draft.trim()}>
            Ask
          </button>
        )}
      </form>
      <p class="keys only-keyboard" id="keys">
        <kbd>Enter</kbd> asks, <kbd>Shift</kbd> <kbd>Enter</kbd> begins a new line, <kbd>Esc</kbd> stops
      </p>
    </>
  );
}
