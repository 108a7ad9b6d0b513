// Finds a microphone that is on here but silent at the device: its own mute button, a dead cable.
// Such a source gives digital zero, which no open microphone does for ten seconds.

export const SILENT_AFTER_MS = 10_000;
const ZERO = 1e-6;

export class SilenceWatch {
  private since: number | null = null;

  /** `peak`: the largest sample since the last call, 0…1; null: nothing is measured (muted, no device). */
  update(peak: number | null, nowMs: number): boolean {
    if (peak === null || peak > ZERO) this.since = null;
    else this.since ??= nowMs;
    return this.since !== null && nowMs - this.since >= SILENT_AFTER_MS;
  }
}

/** Where a level meter stands, 0…1, for a sound of root mean square `rms`: −60 dB … −6 dB. */
export function meterLevel(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 60) / 54));
}
