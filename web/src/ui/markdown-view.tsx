import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Source } from "../api/types";
import { copy } from "./copy";
import { blocks, render } from "./markdown";

const LONGEST_HINT = 300;

interface Props {
  text: string;
  sources: Source[];
  onCite(source: number): void;
}

/** Markdown that may still be growing: a block that is finished is rendered once. */
export function Markdown({ text, sources, onCite }: Props) {
  const calm = useCalm(text);
  const parts = useMemo(() => blocks(calm), [calm]);
  return (
    <div
      class={navigator.clipboard ? "markdown" : "markdown without-copy"}
      onClick={(event) => {
        const cite = citeAt(event);
        if (cite) {
          onCite(Number(cite.dataset["source"]));
        }
        const button = (event.target as Element).closest("button.copy");
        if (button) {
          void copy(button.nextElementSibling!.textContent!, button);
        }
      }}
      onPointerOver={(event) => {
        const cite = citeAt(event);
        const passage = sources.find((source) => source.n === Number(cite?.dataset["source"]))?.text;
        if (cite && passage) {
          cite.title = passage.slice(0, LONGEST_HINT);
        }
      }}
    >
      {parts.map((part, index) => (
        <Block key={index} text={part} />
      ))}
    </div>
  );
}

function citeAt(event: Event): HTMLElement | null {
  return (event.target as Element).closest("button.cite");
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
