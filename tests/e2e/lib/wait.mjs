// Waiting for conditions, never for time: each wait has a deadline and says what it waited for.
import { setTimeout as pause } from 'node:timers/promises';

/** Asks `probe` until it gives something true, and returns that. What it last threw or gave is told. */
export async function until(what, probe, { seconds = 20, every = 100 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what} (last: ${describe(last)})`);
    await pause(every);
  }
}

function describe(value) {
  if (value instanceof Error) return value.message.split('\n')[0];
  return JSON.stringify(value)?.slice(0, 300);
}
