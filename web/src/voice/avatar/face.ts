import type { VRM } from "@pixiv/three-vrm";
import { SHAPES } from "./mouth";

export type Move = (typeof SHAPES)[number] | "blink";

// Presets, and what exporters call them that make none.
const NAMES: Record<Move, string[][]> = {
  aa: [["aa"], ["a"]],
  ih: [["ih"], ["i"]],
  ou: [["ou"], ["u"]],
  ee: [["ee"], ["e"]],
  oh: [["oh"], ["o"]],
  blink: [["blink"], ["blinkleft", "blinkright"], ["blink_l", "blink_r"]],
};

/** The expressions of an avatar, as far as it has them. */
export interface Face {
  set(move: Move, strength: number): void;
  get(move: Move): number;
}

export function faceOf({ expressionManager: expressions }: VRM): Face {
  const known = new Map(expressions?.expressions.map(({ expressionName }) => [expressionName.toLowerCase(), expressionName]));
  const found = (move: Move) => NAMES[move].find((names) => names.every((name) => known.has(name)))?.map((name) => known.get(name)!) ?? [];
  const moves = new Map([...SHAPES, "blink" as const].map((move) => [move, found(move)]));
  return {
    set: (move, strength) => moves.get(move)!.forEach((name) => expressions!.setValue(name, strength)),
    get: (move) => expressions?.getValue(moves.get(move)![0] ?? "") ?? 0,
  };
}
