// Sound on this machine: how loud the microphone is, and a test sound for the loudspeaker.

/** Browsers start it by themselves while a microphone is open; else with the first touch. */
let shared: AudioContext | null = null;

function audioContext(): AudioContext {
  shared ??= new AudioContext();
  if (shared.state === 'suspended') void shared.resume().catch(() => undefined);
  return shared;
}

export interface Loudness {
  rms: number;
  peak: number;
}

/** Measures the last `size` samples of a track at each read(). */
export class Loudmeter {
  private readonly context = audioContext();
  private readonly analyser = this.context.createAnalyser();
  private readonly source: MediaStreamAudioSourceNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack, size: 1024 | 32768) {
    this.analyser.fftSize = size;
    this.samples = new Float32Array(size);
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    this.source.connect(this.analyser);
  }

  /** null: the browser has not started its sound yet. */
  read(): Loudness | null {
    if (this.context.state !== 'running') {
      audioContext();
      return null;
    }
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    let peak = 0;
    for (const sample of this.samples) {
      sum += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    return { rms: Math.sqrt(sum / this.samples.length), peak };
  }

  close(): void {
    this.source.disconnect();
  }
}

/** Plays through `speaker` (a device id; "" is the machine's own choice), where the browser lets us choose. */
export async function useSpeaker(element: HTMLMediaElement, speaker: string): Promise<void> {
  if ('setSinkId' in element) await element.setSinkId(speaker).catch(() => undefined); // gone: the default
}

/** Two soft notes, 0.9 s. */
export async function playTestSound(speaker: string): Promise<void> {
  const context = audioContext();
  const output = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = output.stream;
  await useSpeaker(element, speaker);
  const start = context.currentTime + 0.1;
  [523.25, 783.99].forEach((frequency, index) => {
    const at = start + index * 0.35;
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.25, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    note.connect(volume).connect(output);
    note.start(at);
    note.stop(at + 0.5);
  });
  await element.play().catch(() => undefined);
  setTimeout(() => {
    element.pause();
    element.srcObject = null;
  }, 1500);
}
