// One WebSocket to the bridge: requests are numbered and matched with their answers, everything else
// is handed on as an event. It lives from opening to the first loss; coming back is the business of
// meeting.ts, which makes a new one. No DOM.

import type { Env, Socket } from './env';
import {
  ANSWER_OF,
  MESSAGE_MAX_BYTES,
  SUBPROTOCOL,
  readMessage,
  writeMessage,
  type Answers,
  type BridgeMessage,
  type ClientMessage,
} from './messages';

/** A request without a limit of time: the bridge says by itself when the lobby is left. */
const NO_TIMER = -1;

/** An `error` of the bridge, or one of our own: `timeout`, `connection-lost`, `too-large`, `bad-answer`. */
export class ProtocolError extends Error {
  constructor(
    readonly code: string,
    message = code,
  ) {
    super(message);
    this.name = 'ProtocolError';
  }
}

export interface ConnectionEvents {
  /** A message that answers no request of ours. */
  message(message: BridgeMessage): unknown;
  /** The socket is gone. Comes once; not after close(). */
  lost(closeCode: number): unknown;
}

export const REQUEST_TIMEOUT_MS = 8000;
export const PING_EVERY_MS = 5000;
export const OPEN_TIMEOUT_MS = 8000;

interface Pending {
  type: ClientMessage['type'];
  resolve: (message: never) => void;
  reject: (error: ProtocolError) => void;
  timer: number;
}

export class Connection {
  private readonly socket: Socket;
  private readonly pending = new Map<number, Pending>();
  private waiting: string[] | null = []; // until the socket is open
  private lastId = 0;
  private pingTimer: number | null = null;
  private openTimer: number;
  private inLobby = false;
  private over = false;

  constructor(
    private readonly env: Env,
    url: string,
    /** May be exchanged: who opens a connection early is not always who uses it. */
    public events: ConnectionEvents,
  ) {
    this.socket = env.openSocket(url, SUBPROTOCOL);
    this.openTimer = env.setTimer(() => this.end(1006), OPEN_TIMEOUT_MS);
    this.socket.onopen = () => this.onOpen();
    this.socket.onmessage = (event) => this.onMessage(event.data);
    this.socket.onclose = (event) => this.end(event.code);
  }

  /** Sends, or keeps until the socket is open. Rejects with a ProtocolError. */
  request<M extends ClientMessage>(message: M, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Answers[M['type']]> {
    if (this.over) return Promise.reject(new ProtocolError('connection-lost'));
    const id = (this.lastId = this.lastId >= 2 ** 31 - 1 ? 1 : this.lastId + 1);
    const data = writeMessage(message, id);
    // A character is at most three bytes of UTF-8.
    if (data.length * 3 > MESSAGE_MAX_BYTES && new TextEncoder().encode(data).length > MESSAGE_MAX_BYTES) {
      return Promise.reject(new ProtocolError('too-large'));
    }
    return new Promise((resolve, reject) => {
      const late = () => this.settle(id)?.reject(new ProtocolError('timeout', message.type));
      const timer = this.inLobby && message.type !== 'leave' ? NO_TIMER : this.env.setTimer(late, timeoutMs);
      this.pending.set(id, { type: message.type, resolve, reject, timer });
      if (this.waiting) this.waiting.push(data);
      else this.socket.send(data);
    });
  }

  /** From now on asks the bridge every few seconds whether it is there: a dead line often says nothing.
   * `onClock` gets the bridge's time and how old it is (half of the round trip, ms). */
  keepAlive(onClock: (now: number, ageMs: number) => void): void {
    if (this.over || this.pingTimer !== null) return;
    this.pingTimer = this.env.setTimer(() => {
      const sent = this.env.now();
      this.request({ type: 'ping' }, PING_EVERY_MS).then(
        (pong) => {
          onClock(pong.now, (this.env.now() - sent) / 2);
          this.pingTimer = null;
          this.keepAlive(onClock);
        },
        () => this.end(1006),
      );
    }, PING_EVERY_MS);
  }

  /** Ends it from our side, without a word to the events. */
  close(): void {
    if (this.over) return;
    this.tearDown();
    this.socket.close(1000);
  }

  private onOpen(): void {
    if (this.over) return;
    this.env.clearTimer(this.openTimer);
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const data of waiting) this.socket.send(data);
  }

  private onMessage(data: unknown): void {
    if (this.over) return;
    const message = readMessage(data);
    if (!message) return;
    const id = 'id' in message ? message.id : undefined;
    if (message.type === 'waiting') return this.onWaiting(id);
    const request = id === undefined ? undefined : this.settle(id);
    if (!request) {
      // An answer that comes after its time is no event.
      if (id === undefined) this.events.message(message);
    } else if (message.type === 'error') {
      request.reject(new ProtocolError(message.code, message.message));
    } else if (message.type === ANSWER_OF[request.type]) {
      if (message.type === 'joined' && this.inLobby) this.onAdmitted();
      request.resolve(message as never);
    } else {
      request.reject(new ProtocolError('bad-answer', `${request.type} answered by ${message.type}`));
    }
  }

  /** The join is not answered yet, and what was said behind it waits with it. */
  private onWaiting(id: number | undefined): void {
    if (id === undefined || this.pending.get(id)?.type !== 'join') return;
    this.inLobby = true;
    for (const request of this.pending.values()) {
      this.env.clearTimer(request.timer);
      request.timer = NO_TIMER;
    }
    this.events.message({ type: 'waiting', id });
  }

  /** What has waited is answered now, and may be missed again. */
  private onAdmitted(): void {
    this.inLobby = false;
    for (const [id, request] of this.pending) {
      request.timer = this.env.setTimer(() => this.settle(id)?.reject(new ProtocolError('timeout', request.type)), REQUEST_TIMEOUT_MS);
    }
  }

  private settle(id: number): Pending | undefined {
    const request = this.pending.get(id);
    if (!request) return undefined;
    this.pending.delete(id);
    this.env.clearTimer(request.timer);
    return request;
  }

  private end(closeCode: number): void {
    if (this.over) return;
    this.tearDown();
    this.socket.close();
    this.events.lost(closeCode);
  }

  private tearDown(): void {
    this.over = true;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.env.clearTimer(this.openTimer);
    if (this.pingTimer !== null) this.env.clearTimer(this.pingTimer);
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(new ProtocolError('connection-lost'));
  }
}
