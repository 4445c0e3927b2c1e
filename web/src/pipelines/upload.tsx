import { useEffect, useState } from "preact/hooks";
import { get } from "../api/http";
import type { Me } from "../api/types";
import { useCollections } from "../ui/collections";
import { useLoaded } from "../ui/loaded";
import { chosen, dropped, type NamedFile } from "./files";
import type { Upload } from "./sending";

const MIB = 1 << 20;

interface Props {
  onFiles(uploads: Upload[]): void;
}

/** Puts files into a collection, by dropping or choosing them. */
export function UploadForm({ onFiles }: Props) {
  const [collection, setCollection] = useState("documents");
  const [readers, setReaders] = useState("");
  const [me, setMe] = useState<Me>();
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string>();
  // until either is there, what is there by default will do
  const collections = useCollections();
  useLoaded(() => get<Me>("/api/me").then(setMe));
  useNoOtherDrop();
  const groups = me?.reads.filter((reader) => reader.startsWith("group:")) ?? [];
  const most = me?.limits.document_bytes ?? Infinity;
  const take = (files: NamedFile[]) => {
    const large = files.filter(({ file }) => file.size > most);
    setProblem(large.length ? `Larger than ${most / MIB} MiB, and not sent: ${large.map(({ name }) => name).join(", ")}` : undefined);
    onFiles(files.filter((one) => !large.includes(one)).map((one) => ({ ...one, collection, readers })));
  };
  const choose = (event: Event & { currentTarget: HTMLInputElement }) => {
    take(chosen(event.currentTarget.files!));
    event.currentTarget.value = "";
  };

  return (
    <section class="upload" aria-labelledby="upload-title">
      <h2 id="upload-title">Add documents</h2>
      <div class="run-form">
        <label>
          <span>collection</span>
          <input list="collections" value={collection} required pattern="[A-Za-z_][A-Za-z0-9_]*" maxLength={64} spellcheck={false} onInput={(event) => setCollection(event.currentTarget.value)} />
          <datalist id="collections">
            {collections.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <label>
          <span>who may read them</span>
          <select value={readers} onChange={(event) => setReaders(event.currentTarget.value)}>
            <option value="">Only me</option>
            {groups.map((group) => (
              <option key={group} value={group}>
                {group.replace("group:", "Group ")}
              </option>
            ))}
            <option value="public">Everybody</option>
          </select>
        </label>
      </div>
      <div
        class={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => setOver(event.currentTarget.contains(event.relatedTarget as Node | null))}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void dropped(event.dataTransfer!).then(take);
        }}
      >
        <p>Drop files or folders here, or</p>
        <span class="drop-choices">
          <label class="button">
            Choose files…
            <input type="file" multiple class="hidden" onChange={choose} />
          </label>
          <label class="button folder">
            A folder…
            <input type="file" {...{ webkitdirectory: true }} class="hidden" onChange={choose} />
          </label>
        </span>
        <p class="hint">
          Markdown, HTML, PDF, text, Word, PowerPoint, Excel, CSV and EPUB{me && `, of up to ${most / MIB} MiB each`}. A file of the same name is replaced.
        </p>
      </div>
      {problem && (
        <p class="note warning" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

/** A file that misses its place is not opened instead of the page. */
function useNoOtherDrop(): void {
  useEffect(() => {
    const stop = (event: Event) => event.preventDefault();
    window.addEventListener("dragover", stop);
    window.addEventListener("drop", stop);
    return () => {
      window.removeEventListener("dragover", stop);
      window.removeEventListener("drop", stop);
    };
  }, []);
}
