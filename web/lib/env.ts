// What the protocol client needs from outside: time, chance and sockets. Given at construction, so
// that tests run it in virtual time against a socket of their own.

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(data: string): void;
  close(code?: number): void;
}

export interface Env {
  /** Monotonic, in ms. */
  now(): number;
  setTimer(call: () => void, ms: number): number;
  clearTimer(timer: number): void;
  /** 0 ≤ x < 1 */
  random(): number;
  openSocket(url: string, protocol: string): Socket;
}

/** The real surroundings, in a browser. */
export const browserEnv: Env = {
  now: () => performance.now(),
  setTimer: (call, ms) => setTimeout(call, ms) as unknown as number,
  clearTimer: (timer) => clearTimeout(timer),
  random: Math.random,
  openSocket: (url, protocol) => new WebSocket(url, protocol) as Socket,
};
