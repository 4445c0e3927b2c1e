import { type VRM, VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
import { DirectionalLight, HemisphereLight, LoadingManager, Object3D, PerspectiveCamera, Scene, SRGBColorSpace, Timer, Vector3, WebGLRenderer } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { type Face, faceOf } from "./face";
import { idle } from "./motion";
import { type Mouth, SHAPES } from "./mouth";

export type Mood = "idle" | "listening" | "thinking" | "speaking";

/** An avatar on a canvas. */
export interface Stage {
  show(file: ArrayBuffer): Promise<void>;
  mood(mood: Mood): void;
  /** How strong each expression is just now, 0 to 1. */
  expressions(): Record<string, number>;
  close(): void;
}

/** An avatar is one file: what it names elsewhere is not asked for. */
function ownParts(url: string): string {
  return /^(blob|data):/.test(url) ? url : "data:,";
}

/** @throws Error where there is no WebGL */
export function openStage(canvas: HTMLCanvasElement, mouth: () => Mouth): Stage {
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.outputColorSpace = SRGBColorSpace;
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  const scene = new Scene();
  scene.add(new HemisphereLight(0xffffff, 0xd8dcf2, 2.4));
  const key = new DirectionalLight(0xffffff, 1.1);
  key.position.set(0.5, 0.6, 1.6);
  scene.add(key);
  const camera = new PerspectiveCamera(24, 1, 0.1, 10);
  const gaze = new Object3D();
  scene.add(gaze);
  const clock = new Timer();
  const motion = idle();
  let avatar: VRM | undefined;
  let face: Face | undefined;
  let mood: Mood = "idle";

  const fit = () => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width && height) {
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
    }
  };
  const sized = new ResizeObserver(fit);
  sized.observe(canvas);

  renderer.setAnimationLoop(() => {
    clock.update();
    const passed = Math.min(clock.getDelta(), 0.1);
    if (avatar && face) {
      motion.move(avatar, face, gaze, camera, mood, mouth(), passed);
      avatar.update(passed);
    }
    renderer.render(scene, camera);
  });

  return {
    async show(file) {
      const loader = new GLTFLoader(new LoadingManager().setURLModifier(ownParts));
      loader.register((parser) => new VRMLoaderPlugin(parser));
      const loaded = (await loader.parseAsync(file, "")).userData["vrm"] as VRM | undefined;
      if (!loaded) {
        throw new Error("This file is no VRM avatar");
      }
      VRMUtils.rotateVRM0(loaded);
      loaded.scene.updateWorldMatrix(true, true);
      const bone = loaded.humanoid.getRawBoneNode("head");
      if (!bone) {
        throw new Error("This avatar has no head");
      }
      const head = bone.getWorldPosition(new Vector3());
      if (avatar) {
        scene.remove(avatar.scene);
        VRMUtils.deepDispose(avatar.scene);
      }
      avatar = loaded;
      face = faceOf(loaded);
      scene.add(loaded.scene);
      loaded.scene.traverse((part) => (part.frustumCulled = false));
      if (loaded.lookAt) {
        loaded.lookAt.target = gaze;
      }
      camera.position.set(0, head.y + 0.05, 1.5);
      camera.lookAt(0, head.y + 0.01, 0);
      fit();
    },
    mood(next) {
      mood = next;
    },
    expressions() {
      return Object.fromEntries([...SHAPES, "blink" as const].map((move) => [move, face?.get(move) ?? 0]));
    },
    close() {
      renderer.setAnimationLoop(null);
      sized.disconnect();
      if (avatar) {
        VRMUtils.deepDispose(avatar.scene);
      }
      renderer.dispose();
    },
  };
}
