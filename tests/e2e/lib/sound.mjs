// What is heard: the samples of the sound the page plays, the tones in them, and its gaps.
import { tone } from './sites.mjs';

const RATE = 48_000;

/** `seconds` of the received sound, mono, as the page's decoder gives it out. */
export async function listen(page, seconds = 2) {
  const text = await page.evaluate(async (wanted) => {
    const streams = [...document.querySelectorAll('video, audio')].filter((e) => e.dataset.testid !== 'self').map((e) => e.srcObject);
    const track = streams.flatMap((s) => s?.getAudioTracks() ?? []).find((t) => t.readyState === 'live');
    if (!track) throw new Error('the page has no received sound');
    const own = track.clone();
    const reader = new MediaStreamTrackProcessor({ track: own, maxBufferSize: 200 }).readable.getReader();
    const out = new Int16Array(wanted * 48000);
    let filled = 0;
    while (filled < out.length) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the received sound ended');
      if (value.sampleRate !== 48000) throw new Error(`sound at ${value.sampleRate} Hz`);
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      for (const sample of samples) if (filled < out.length) out[filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
      value.close();
    }
    await reader.cancel();
    own.stop();
    const bytes = new Uint8Array(out.buffer);
    let binary = '';
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(binary);
  }, seconds);
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32767);
}

/** Amplitude of one frequency under a Hann window: a sine of amplitude a gives a. */
export function amplitude(samples, frequency) {
  const step = (2 * Math.PI * frequency) / RATE;
  let real = 0;
  let imaginary = 0;
  let weight = 0;
  for (let i = 0; i < samples.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (samples.length - 1));
    real += window * samples[i] * Math.cos(step * i);
    imaginary -= window * samples[i] * Math.sin(step * i);
    weight += window;
  }
  return (2 * Math.hypot(real, imaginary)) / weight;
}

/** The numbers of those of `sites` whose tone is in the sound: far above what lies between the tones,
 * and within 18 dB of the loudest (less is a trace left by codecs, not a site). */
export function heardSites(samples, sites) {
  const levels = sites.map((n) => ({ n, level: amplitude(samples, tone(n)) }));
  const floor = Math.max(...sites.map((n) => amplitude(samples, tone(n) + 12.5)), 1e-5);
  const loudest = Math.max(...levels.map((l) => l.level));
  return levels.filter((l) => l.level > 4 * floor && l.level > loudest / 8 && l.level > 0.001).map((l) => l.n);
}

/** The longest stretch of near silence: {ms, at}, `at` in seconds from the start. Each site's tone is never
 * below -35 dBFS, so where somebody is heard there is none. */
export function longestSilence(samples, threshold = 0.001) {
  const block = RATE / 100;
  let longest = { ms: 0, at: 0 };
  let now = 0;
  for (let at = 0; at + block <= samples.length; at += block) {
    let energy = 0;
    for (let i = at; i < at + block; i++) energy += samples[i] * samples[i];
    now = Math.sqrt(energy / block) < threshold ? now + 10 : 0;
    if (now > longest.ms) longest = { ms: now, at: at / RATE };
  }
  return longest;
}

/** A gap of two frames (40 ms) is concealed by any decoder; more is heard. */
export function assertUnbroken(samples, most = 40) {
  const { ms, at } = longestSilence(samples);
  if (ms > most) throw new Error(`the sound has a gap of ${ms} ms, ${at.toFixed(1)} s of ${(samples.length / RATE).toFixed(1)} s`);
}
