import { useEffect, useRef, useState } from "preact/hooks";
import { chosenAvatar, keepAvatar } from "./avatar/kept";
import { type Mouth, mouthOf, REST } from "./avatar/mouth";
import type { Mood, Stage } from "./avatar/stage";
import { Level } from "./level";
import type { Player } from "./player";

declare global {
  interface Window {
    /** How strong the avatar's expressions are just now; for tests. */
    avatarExpressions?: () => Record<string, number>;
  }
}

const OWN = "avatar.vrm";
const MOST_BYTES = 200 << 20;

/** The avatar, or a level meter where there is no WebGL. */
export function AvatarView({ mood, player }: { mood: Mood; player: { current?: Player } }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | undefined>(undefined);
  const [flat, setFlat] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [own, setOwn] = useState(false);

  /** Whether it is one; otherwise the one before stays. */
  const show = async (file: ArrayBuffer, name: string) => {
    try {
      await stage.current?.show(file);
      setProblem(undefined);
      return true;
    } catch {
      setProblem(`${name} is no VRM avatar, or is broken.`);
      return false;
    }
  };
  const choose = async (file: File) => {
    if (file.size > MOST_BYTES) {
      setProblem(`${file.name} is larger than ${MOST_BYTES >> 20} MB.`);
      return;
    }
    const bytes = await file.arrayBuffer();
    if (await show(bytes.slice(0), file.name)) {
      setOwn(true);
      await keepAvatar(bytes).catch(() => setProblem("It is shown, but the browser has no room to keep it."));
    }
  };
  useEffect(() => {
    let closed = false;
    void (async () => {
      try {
        const { openStage } = await import("./avatar/stage");
        if (closed) {
          return;
        }
        stage.current = openStage(canvas.current!, mouth(player));
        window.avatarExpressions = stage.current.expressions;
        const kept = await chosenAvatar().catch(() => undefined);
        const shown = !!kept && (await show(kept, "What this browser kept"));
        setOwn(shown);
        if (!shown) {
          await show(await ownAvatar(), OWN);
        }
      } catch {
        setFlat(true);
      }
    })();
    return () => {
      closed = true;
      stage.current?.close();
      delete window.avatarExpressions;
    };
  }, []);
  useEffect(() => stage.current?.mood(mood), [mood]);

  if (flat) {
    return <Level player={player} />;
  }
  return (
    <div class={`avatar ${mood}`}>
      <canvas ref={canvas} role="img" aria-label={`The avatar is ${mood}`} />
      {problem && <p class="note warning" role="alert">{problem}</p>}
      <div class="avatar-choice">
        <label class="button">
          Other avatar…
          <input
            type="file"
            accept=".vrm"
            class="hidden"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file) {
                void choose(file);
              }
            }}
          />
        </label>
        {own && (
          <button
            type="button"
            class="quiet"
            onClick={async () => {
              await keepAvatar(undefined);
              setOwn(false);
              await show(await ownAvatar(), OWN);
            }}
          >
            The first one again
          </button>
        )}
      </div>
    </div>
  );
}

/** The one that comes with the pages. */
async function ownAvatar(): Promise<ArrayBuffer> {
  return (await fetch(OWN)).arrayBuffer();
}

function mouth(player: { current?: Player }): () => Mouth {
  const wave = new Float32Array(1024);
  const bands = new Uint8Array(512);
  return () => (player.current?.audible ? mouthOf(player.current.sound, wave, bands) : REST);
}
