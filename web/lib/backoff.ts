// Waiting times between tries: 0.5 s doubling to 8 s, each cut at random by up to half, so that the
// sites of a bridge that restarts do not return in one moment.

export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 8000;

/** Before try `attempt` (1: the first after a loss). */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return full * (0.5 + random / 2);
}
