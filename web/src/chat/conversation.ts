import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, describe, get, json } from "../api/http";
import { ask as askGateway, cancel, resume } from "../api/turn";
import type { StoredTurn, TurnEvent } from "../api/types";
import { type Answer, after, begin } from "./answer";
import { arrived, wait, waitingIn } from "./waiting";

const FRAME_MS = 16;

export interface Turn {
  question: string;
  answer: Answer;
}

export interface Conversation {
  turns: Turn[];
  running: boolean;
  problem?: string;
  /** @param instead of an earlier try, which is not shown any more */
  ask(question: string, collection: string, instead?: string): void;
  stop(): void;
}

/** The turns of a conversation: those that are stored, and the one that is being answered. */
export function useConversation(session: string, onAnswered: () => void): Conversation {
  const [turns, setTurns] = useState<Turn[]>([]);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  const current = useRef<{ requestId: string; away: AbortController } | undefined>(undefined);

  const follow = useCallback(
    async (question: string, requestId: string, away: AbortController, events: AsyncGenerator<TurnEvent>) => {
      current.current = { requestId, away };
      setRunning(true);
      let answer = begin(requestId);
      let shown: ReturnType<typeof setTimeout> | undefined;
      const show = () => {
        shown = undefined;
        setTurns((before) => [...before.filter((turn) => turn.answer.requestId !== requestId), { question, answer }]);
      };
      show();
      try {
        for await (const event of events) {
          answer = after(answer, event);
          shown ??= setTimeout(show, FRAME_MS);
        }
        clearTimeout(shown);
        show();
      } catch (failure) {
        clearTimeout(shown);
        if (away.signal.aborted) {
          return;
        }
        answer = { ...answer, failure: describe(failure) };
        show();
      }
      arrived(session);
      setRunning(false);
      onAnswered();
    },
    [session, onAnswered],
  );

  useEffect(() => {
    const away = new AbortController();
    setTurns([]);
    setProblem(undefined);
    setRunning(false);
    void (async () => {
      let stored: StoredTurn[] = [];
      try {
        stored = (await get<{ turns: StoredTurn[] }>(`/api/conversations/${encodeURIComponent(session)}`)).turns;
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.status === 404)) {
          setProblem(`Earlier turns cannot be shown: ${describe(failure)}`);
        }
      }
      if (away.signal.aborted) {
        return;
      }
      setTurns((asked) => [...stored.map(fromStore), ...asked]);
      const open = waitingIn(session);
      if (stored.some((turn) => turn.request_id === open?.requestId)) {
        arrived(session);
      } else if (open && current.current?.requestId !== open.requestId) {
        const generation = new AbortController();
        away.signal.addEventListener("abort", () => generation.abort());
        void follow(open.message, open.requestId, generation, resume(open.requestId, generation.signal));
      }
    })();
    return () => {
      away.abort();
      current.current?.away.abort();
      current.current = undefined;
    };
  }, [session, follow]);

  const ask = useCallback(
    (question: string, collection: string, instead?: string) => {
      setTurns((before) => before.filter((turn) => turn.answer.requestId !== instead));
      const requestId = crypto.randomUUID();
      const away = new AbortController();
      wait(session, requestId, question);
      const request = { request_id: requestId, session_id: session, message: question, detach: true, ...(collection ? { collection } : { enable_rag: false }) };
      void follow(question, requestId, away, askGateway("/api/chat", json("POST", request), requestId, away.signal));
    },
    [session, follow],
  );

  const stop = useCallback(() => {
    if (current.current) {
      cancel(current.current.requestId).catch((failure) => setProblem(`It could not be stopped: ${describe(failure)}`));
    }
  }, []);

  return { turns, running, problem, ask, stop };
}

function fromStore({ request_id, question, answer, cancelled, sources = [] }: StoredTurn): Turn {
  return { question, answer: { ...begin(request_id), text: answer, sources, stopped: cancelled } };
}
