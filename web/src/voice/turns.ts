import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { describe } from "../api/http";
import { ask, cancel } from "../api/turn";
import { after, type Answer, begin } from "../chat/answer";
import { Player } from "./player";

export type Phase = "ready" | "thinking" | "speaking";

export interface VoiceTurn {
  id: string;
  transcription?: string;
  answer: Answer;
  /** Characters of the answer that were heard before it was interrupted. */
  interruptedAt?: number;
}

/** Spoken turns of one session: the newest one is heard, and speaking again interrupts it. */
export function useVoiceTurns(session: string) {
  const [turns, setTurns] = useState<VoiceTurn[]>([]);
  const [phase, setPhase] = useState<Phase>("ready");
  const player = useRef<Player | undefined>(undefined);
  const current = useRef<{ id: string; away: AbortController; answered: boolean } | undefined>(undefined);

  const settle = useCallback(() => {
    setPhase(player.current?.playing ? "speaking" : current.current && !current.current.answered ? "thinking" : "ready");
  }, []);

  /** The player; made by the first gesture, because browsers keep sound for those. */
  const sound = useCallback(() => (player.current ??= new Player(settle)), [settle]);

  const change = useCallback((id: string, turn: Partial<VoiceTurn>) => {
    setTurns((before) => before.map((one) => (one.id === id ? { ...one, ...turn } : one)));
  }, []);

  /** Stops the sound at once, and tells how much was heard. */
  const interrupt = useCallback(() => {
    const turn = current.current;
    if (!turn || (turn.answered && !player.current?.playing)) {
      return;
    }
    const heard = player.current?.spokenUntil ?? 0;
    player.current?.reset();
    current.current = undefined;
    turn.away.abort();
    change(turn.id, { interruptedAt: heard });
    void cancel(turn.id, heard).catch(() => undefined);
    settle();
  }, [change, settle]);

  const say = useCallback(
    async (audio: Blob) => {
      interrupt();
      const id = crypto.randomUUID();
      const away = new AbortController();
      const turn = { id, away, answered: false };
      current.current = turn;
      sound().reset();
      let answer = begin(id);
      setTurns((before) => [...before, { id, answer }]);
      settle();
      const form = new FormData();
      form.set("request", JSON.stringify({ request_id: id, session_id: session, format: audio.type, detach: true }));
      form.set("audio", audio, "speech");
      try {
        for await (const event of ask("/api/voice", { method: "POST", body: form }, id, away.signal)) {
          const attempt = answer.attempt;
          answer = after(answer, event);
          if (answer.attempt !== attempt && attempt >= 0) {
            sound().reset();
          }
          if (event.kind === "chunk" && event.chunk.type === "audio" && event.chunk.audio && event.chunk.attempt === answer.attempt) {
            sound().add(bytes(event.chunk.audio), event.chunk.end ?? answer.text.length);
          }
          const transcription = event.kind === "chunk" ? event.chunk.transcription ?? (event.chunk.type === "transcription" ? event.chunk.content : undefined) : event.response.transcription;
          change(id, { answer, ...(transcription !== undefined && { transcription }) });
        }
      } catch (failure) {
        if (away.signal.aborted) {
          return;
        }
        change(id, { answer: { ...answer, failure: describe(failure) } });
      }
      turn.answered = true;
      settle();
    },
    [session, interrupt, change, settle, sound],
  );

  useEffect(
    () => () => {
      current.current?.away.abort();
      void player.current?.close();
    },
    [],
  );

  return { turns, phase, say, interrupt, sound, player };
}

function bytes(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
