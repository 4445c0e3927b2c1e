import type { VRM, VRMHumanBoneName } from "@pixiv/three-vrm";
import { type Camera, MathUtils, type Object3D } from "three";
import type { Face } from "./face";
import { type Mouth, SHAPES } from "./mouth";
import type { Mood } from "./stage";

const ARMS_DOWN = 1.22;
const BLINK_SECONDS = 0.16;

/** Breathing, blinking, gaze and the lips; small enough that nobody notices them. */
export function idle() {
  let time = 0;
  let nextBlink = 2;
  let lean = 0;
  let tilt = 0;

  return {
    move(avatar: VRM, face: Face, gaze: Object3D, camera: Camera, mood: Mood, mouth: Mouth, passed: number) {
      time += passed;
      // a VRM 0.x avatar looks the other way along z
      const side = avatar.meta.metaVersion === "0" ? -1 : 1;
      const turn = (name: VRMHumanBoneName, x: number, y: number, z: number) => avatar.humanoid.getNormalizedBoneNode(name)?.rotation.set(side * x, y, side * z);
      lean = MathUtils.damp(lean, mood === "listening" ? 0.07 : 0, 3, passed);
      tilt = MathUtils.damp(tilt, mood === "thinking" ? 0.16 : mood === "listening" ? -0.06 : 0, 3, passed);
      const breath = Math.sin(time * 1.5);
      const nod = mood === "speaking" ? 0.02 * Math.sin(time * 2.9) * (0.4 + mouth.aa) : 0;
      turn("leftUpperArm", 0, 0, -ARMS_DOWN - 0.015 * breath);
      turn("rightUpperArm", 0, 0, ARMS_DOWN + 0.015 * breath);
      turn("leftLowerArm", 0, -0.25, 0);
      turn("rightLowerArm", 0, 0.25, 0);
      turn("chest", 0.012 * breath + lean * 0.5, 0.02 * Math.sin(time * 0.43), 0);
      turn("neck", lean * 0.4, 0, tilt * 0.4);
      turn("head", 0.015 * Math.sin(time * 0.9) + lean * 0.4 + nod, 0.05 * Math.sin(time * 0.31), tilt * 0.6);

      gaze.position.copy(camera.position);
      if (mood === "thinking") {
        gaze.position.x += 0.9 + 0.15 * Math.sin(time * 0.7);
        gaze.position.y += 0.7;
      }

      nextBlink -= passed;
      if (nextBlink < -BLINK_SECONDS) {
        nextBlink = 1.5 + Math.random() * 4;
      }
      face.set("blink", nextBlink < 0 ? Math.sin((-nextBlink / BLINK_SECONDS) * Math.PI) : 0);
      for (const shape of SHAPES) {
        face.set(shape, MathUtils.damp(face.get(shape), mouth[shape], 22, passed));
      }
    },
  };
}
