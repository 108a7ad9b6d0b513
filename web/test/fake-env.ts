// Virtual time and sockets in memory.

import type { Env, Socket } from '../lib/env';
import type { ClientMessage } from '../lib/messages';

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: (ClientMessage & { v: number; id: number })[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(data: string): void {
    if (this.closed) throw new Error('sent on a closed socket');
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify({ v: 1, ...message }) });
  }

  /** Answers the last request of that type. */
  answer(type: ClientMessage['type'], message: object): void {
    const request = this.last(type);
    if (!request) throw new Error(`no ${type} was sent`);
    this.say({ id: request.id, ...message });
  }

  last(type: ClientMessage['type']) {
    return [...this.sent].reverse().find((message) => message.type === type);
  }

  die(code = 1006): void {
    this.closed = true;
    this.onclose?.({ code, reason: '' });
  }
}

interface Timer {
  id: number;
  at: number;
  call: () => void;
}

/** Lets promises that are already settled run their course. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

export class FakeEnv implements Env {
  readonly sockets: FakeSocket[] = [];
  chance = 0;
  private time = 1000;
  private timers: Timer[] = [];
  private lastTimer = 0;

  now(): number {
    return this.time;
  }

  setTimer(call: () => void, ms: number): number {
    this.timers.push({ id: ++this.lastTimer, at: this.time + ms, call });
    return this.lastTimer;
  }

  clearTimer(timer: number): void {
    this.timers = this.timers.filter(({ id }) => id !== timer);
  }

  random(): number {
    return this.chance;
  }

  openSocket(url: string, protocol: string): Socket {
    const socket = new FakeSocket(url, protocol);
    this.sockets.push(socket);
    return socket;
  }

  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1] as FakeSocket;
  }

  get waiting(): number {
    return this.timers.length;
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.call();
    }
    this.time = end;
    await settle();
  }
}
