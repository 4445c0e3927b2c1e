import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { blocks, render } from "./markdown";

/** Markdown that may still be growing: a block that is finished is rendered once. */
export function Markdown({ text, onCite }: { text: string; onCite(source: number): void }) {
  const calm = useCalm(text);
  const parts = useMemo(() => blocks(calm), [calm]);
  return (
    <div
      class="markdown"
      onClick={(event) => {
        const cite = (event.target as Element).closest<HTMLElement>("button.cite");
        if (cite) {
          onCite(Number(cite.dataset.source));
        }
      }}
    >
      {parts.map((part, index) => (
        <Block key={index} text={part} />
      ))}
    </div>
  );
}

const Block = memo(({ text }: { text: string }) => <div class="block" dangerouslySetInnerHTML={{ __html: render(text) }} />);

/** The text, no more often than once a frame, and less often where rendering it takes long. */
function useCalm(text: string): string {
  const [calm, setCalm] = useState(text);
  const newest = useRef(text);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  newest.current = text;
  useEffect(() => {
    waiting.current ??= setTimeout(
      () => {
        waiting.current = undefined;
        setCalm(newest.current);
      },
      16 + newest.current.length / 200,
    );
  }, [text]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return calm;
}
