const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export interface Recording {
  /** The whole recording, or nothing where it is too short to hold a word. */
  stop(): Promise<Blob | undefined>;
  discard(): void;
}

const SHORTEST_MS = 250;

/** The microphone, without what the loudspeakers play. */
export function microphone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new Error("A browser gives the microphone to pages of https:// and localhost alone");
  }
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } });
}

export async function record(): Promise<Recording> {
  const stream = await microphone();
  const recorder = new MediaRecorder(stream, { mimeType: TYPES.find((type) => MediaRecorder.isTypeSupported(type)), audioBitsPerSecond: 32000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  const began = performance.now();
  const end = () =>
    new Promise<void>((resolve) => {
      recorder.onstop = () => resolve();
      recorder.stop();
      stream.getTracks().forEach((track) => track.stop());
    });
  return {
    async stop() {
      const lasted = performance.now() - began;
      await end();
      return lasted < SHORTEST_MS ? undefined : new Blob(parts, { type: recorder.mimeType });
    },
    discard: () => void end(),
  };
}
