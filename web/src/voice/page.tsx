import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Sources } from "../chat/sources";
import { AvatarView } from "./avatar-view";
import type { HandsFree } from "./handsfree";
import { record, type Recording } from "./recorder";
import { useVoiceTurns, type VoiceTurn } from "./turns";

const SAYS = { ready: "Ready", listening: "Listening…", thinking: "Thinking…", speaking: "Speaking; talk to interrupt" };

/** Ask by speaking: hold the button (or the space bar), or talk hands free. */
export function VoicePage() {
  const [session] = useState(() => crypto.randomUUID() as string);
  const { turns, phase, say, interrupt, sound, player } = useVoiceTurns(session);
  const [listening, setListening] = useState(false);
  const [problem, setProblem] = useState<string>();
  const recording = useRef<Promise<Recording> | undefined>(undefined);
  const [handsFree, setHandsFree] = useState<"off" | "loading" | "on">("off");
  const detector = useRef<HandsFree | undefined>(undefined);
  const state = listening ? "listening" : phase;

  const tell = useCallback((failure: unknown) => setProblem(reason(failure)), []);
  const begin = () => {
    if (recording.current || handsFree !== "off") {
      return;
    }
    setProblem(undefined);
    void sound().wake();
    interrupt();
    setListening(true);
    recording.current = record();
    recording.current.catch((failure) => {
      recording.current = undefined;
      setListening(false);
      tell(failure);
    });
  };
  const end = async () => {
    const made = recording.current;
    recording.current = undefined;
    if (!made) {
      return;
    }
    setListening(false);
    const audio = await made.then((recorded) => recorded.stop(), () => undefined);
    if (audio) {
      void say(audio);
    } else {
      setProblem("Hold the button while you speak.");
    }
  };
  const toggle = async () => {
    if (detector.current) {
      detector.current.stop();
      detector.current = undefined;
      setListening(false);
      setHandsFree("off");
      return;
    }
    setProblem(undefined);
    setHandsFree("loading");
    void sound().wake();
    try {
      const { listen } = await import("./handsfree");
      detector.current = await listen(() => player.current?.loudest ?? 0, {
        onSound: () => {
          player.current?.pause();
          setListening(true);
        },
        onSpeech: interrupt,
        onNoise: () => {
          void player.current?.wake();
          setListening(false);
        },
        onUtterance: (audio) => {
          setListening(false);
          void say(audio);
        },
      });
      setHandsFree("on");
    } catch (failure) {
      setHandsFree("off");
      tell(failure);
    }
  };
  useEffect(() => () => detector.current?.stop(), []);
  useSpaceBar(begin, end);

  return (
    <div class="voice">
      <AvatarView mood={state === "ready" ? "idle" : state} player={player} />
      <section class="talk" aria-label="Talk">
        <h1 class="unseen">Voice</h1>
        <p class="phase" role="status">
          {SAYS[state]}
        </p>
        <div class="talk-buttons">
          <button
            type="button"
            class={listening ? "primary hold active" : "primary hold"}
            disabled={handsFree !== "off"}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              begin();
            }}
            onPointerUp={() => void end()}
            onPointerCancel={() => void end()}
          >
            {listening && handsFree === "off" ? "Let go to send" : "Hold to talk"}
          </button>
          <button type="button" aria-pressed={handsFree === "on"} disabled={handsFree === "loading"} onClick={() => void toggle()}>
            {{ off: "Hands free", loading: "Loading…", on: "Hands free is on" }[handsFree]}
          </button>
          {(phase === "speaking" || phase === "thinking") && (
            <button type="button" class="stop" onClick={interrupt}>
              Stop
            </button>
          )}
        </div>
        <p class="hint">
          <span class="only-keyboard">The space bar works as well. </span>Speaking over an answer stops it.
        </p>
        {problem && (
          <p class="note warning" role="alert">
            {problem}
          </p>
        )}
        <div class="captions" role="log" aria-label="What was said" tabIndex={0}>
          {turns.map((turn) => (
            <Caption key={turn.id} turn={turn} />
          ))}
        </div>
      </section>
    </div>
  );
}

function Caption({ turn: { transcription, answer, interruptedAt } }: { turn: VoiceTurn }) {
  const [shown, setShown] = useState<number>();
  const heard = interruptedAt ?? answer.text.length;
  return (
    <article class="turn">
      <div class="question">
        <p>{transcription === undefined ? "…" : transcription || "(nothing was understood)"}</p>
      </div>
      <p class="spoken">
        {answer.text.slice(0, heard)}
        {heard < answer.text.length && <del>{answer.text.slice(heard)}</del>}
      </p>
      {answer.failure && (
        <p class="note error" role="alert">
          {answer.failure}
        </p>
      )}
      {!!answer.response?.degraded.includes("tts") && <p class="note">There is no voice just now; the answer comes as text.</p>}
      <Sources sources={answer.sources} shown={shown} onShow={setShown} />
    </article>
  );
}

/** The space bar does what the button does, except where it means something else. */
function useSpaceBar(begin: () => void, end: () => Promise<void>): void {
  const acts = useRef({ begin, end });
  acts.current = { begin, end };
  useEffect(() => {
    const own = (event: KeyboardEvent) => event.code === "Space" && !(event.target as Element).closest("input, textarea, select, a, summary, button:not(.hold)");
    const down = (event: KeyboardEvent) => {
      if (own(event)) {
        event.preventDefault();
        if (!event.repeat) {
          acts.current.begin();
        }
      }
    };
    const up = (event: KeyboardEvent) => {
      if (own(event)) {
        event.preventDefault();
        void acts.current.end();
      }
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
    };
  }, []);
}

function reason(failure: unknown): string {
  if (failure instanceof DOMException && failure.name === "NotAllowedError") {
    return "The browser does not let this page use the microphone. Allow it beside the address, then try again.";
  }
  if (failure instanceof DOMException && failure.name === "NotFoundError") {
    return "No microphone was found.";
  }
  return failure instanceof Error ? failure.message : String(failure);
}
