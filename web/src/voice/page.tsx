import { useState } from "preact/hooks";
import { get } from "../api/http";
import type { Me } from "../api/types";
import { Sources } from "../chat/sources";
import { useLoaded } from "../ui/loaded";
import { useTitle } from "../ui/title";
import { AvatarView } from "./avatar-view";
import { useSpeaking } from "./speaking";
import { useVoiceTurns, type VoiceTurn } from "./turns";

const NAMES = { ready: "Ready", listening: "Listening…", thinking: "Thinking…", speaking: "Speaking" };

/** Ask by speaking: hold the button (or the space bar), or talk hands free. */
export function VoicePage() {
  const [session] = useState(() => crypto.randomUUID() as string);
  const voice = useVoiceTurns(session);
  const { turns, phase, interrupt, player } = voice;
  const { listening, problem, handsFree, begin, end, toggle } = useSpeaking(voice);
  const [deaf, setDeaf] = useState(false);
  useLoaded(() => get<Me>("/api/me").then((me) => setDeaf(!me.may.includes("voice"))));
  const state = listening ? "listening" : phase;
  useTitle("Voice", state === "ready" ? undefined : NAMES[state]);

  return (
    <div class="voice">
      <AvatarView mood={state === "ready" ? "idle" : state} player={player} />
      <section class="talk" aria-label="Talk">
        <h1 class="unseen">Voice</h1>
        <p class="phase" role="status">
          {NAMES[state]}
          {state === "speaking" && <small>talk to interrupt</small>}
        </p>
        <div class="talk-buttons">
          <button
            type="button"
            class={listening ? "primary hold active" : "primary hold"}
            disabled={deaf || handsFree !== "off"}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              begin();
            }}
            onPointerUp={() => void end()}
            onPointerCancel={() => void end()}
          >
            {listening && handsFree === "off" ? "Let go to send" : "Hold to talk"}
          </button>
          <button type="button" aria-pressed={handsFree === "on"} disabled={deaf || handsFree === "loading"} onClick={() => void toggle()}>
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
        {deaf && (
          <p class="note">
            No speech is understood here. <a href="#/chat">Please ask in writing.</a>
          </p>
        )}
        {problem && !deaf && (
          <p class="note warning" role="alert">
            {problem}
          </p>
        )}
        <div class="captions" role="log" aria-live="off" aria-label="What was said" tabIndex={0}>
          {turns.length === 0 && <p class="hint">What you ask and what is answered appears here as text.</p>}
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
