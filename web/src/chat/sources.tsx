import { useEffect, useRef } from "preact/hooks";
import type { Source } from "../api/types";

interface Props {
  sources: Source[];
  shown?: number;
  onShow(source?: number): void;
}

/** The sources of an answer; one opens its passage. */
export function Sources({ sources, shown, onShow }: Props) {
  const opened = useRef<HTMLLIElement>(null);
  useEffect(() => opened.current?.scrollIntoView({ block: "nearest" }), [shown]);
  if (!sources.length) {
    return null;
  }
  return (
    <section class="sources" aria-label="Sources">
      <ol>
        {sources.map((source) => {
          const open = source.n === shown;
          return (
            <li key={source.n} ref={open ? opened : undefined} class={open ? "open" : undefined}>
              <button type="button" class="source" aria-expanded={open} onClick={() => onShow(open ? undefined : source.n)}>
                <span class="n">{source.n}</span>
                <span class="title">{source.title || source.document}</span>
                <span class="document">
                  {source.document}
                  {source.page ? `, page ${source.page}` : ""}
                </span>
              </button>
              {open && (
                <div class="passage">
                  <p>{source.text ?? "The passage was too long to be sent along."}</p>
                  {isWeb(source.url) && (
                    <a href={source.url} target="_blank" rel="noopener noreferrer">
                      Open the document
                    </a>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function isWeb(url?: string): boolean {
  return !!url && /^https?:\/\//i.test(url);
}
