import { MicVAD } from "@ricky0123/vad-web";
import { isEcho } from "./echo";
import { microphone } from "./recorder";
import { wav } from "./wav";

const RATE = 16000;
const FILES = new URL("vad/", document.baseURI).href;

export interface HandsFree {
  stop(): void;
}

/**
 * Listens until it is stopped. Silero's voice activity detection tells speech from other noise; its model and the
 * runtime for it are loaded from the gateway at the first use.
 *
 * @param played how loud the page itself was shortly before
 * @param heard somebody may have begun to speak; has; it was something else; what was said, when a pause ends it
 */
export async function listen(played: () => number, heard: { onSound(): void; onSpeech(): void; onNoise(): void; onUtterance(audio: Blob): void }): Promise<HandsFree> {
  const detector = await MicVAD.new({
    model: "v5",
    baseAssetPath: FILES,
    onnxWASMBasePath: FILES,
    processorType: "AudioWorklet",
    positiveSpeechThreshold: 0.3,
    negativeSpeechThreshold: 0.25,
    minSpeechMs: 250,
    redemptionMs: 700,
    preSpeechPadMs: 300,
    getStream: microphone,
    startOnLoad: false,
    ortConfig: (ort) => {
      ort.env.wasm.numThreads = 1;
      ort.env.logLevel = "error";
    },
    onSpeechStart: heard.onSound,
    onSpeechRealStart: heard.onSpeech,
    onVADMisfire: heard.onNoise,
    onSpeechEnd: (audio) => heard.onUtterance(wav(audio, RATE)),
  });
  const judge = detector.processFrame;
  detector.processFrame = (frame) => judge(isEcho(frame, played()) ? new Float32Array(frame.length) : frame);
  await detector.start();
  return { stop: () => void detector.destroy() };
}
