// A seat in a meeting, kept through losses: joins with the token, negotiates the media, and when
// either the socket or the media is lost starts both anew, until it is told to leave or the bridge
// says that trying again is useless. One way back for every kind of loss: a new socket, the same
// token, a new offer; the bridge gives the same seat. No DOM.

import { backoffMs } from './backoff';
import type { Env } from './env';
import type { BridgeMessage, ClientMessage, Command, Height, Join, Joined, Screen, View } from './messages';
import type { Peer, PeerEvents } from './peer';
import { Connection, ProtocolError } from './protocol';
import { hasVoice } from './room';
import { initialState, reduce, type MeetingEvent, type MeetingState } from './state';

export interface MeetingOptions<P extends Peer> {
  env: Env;
  /** Of the bridge's `/ws`. */
  url: string;
  token: string;
  /** Where the token names none. */
  meeting?: string;
  /** Which page this is; without it a join takes the seat from whoever has it. */
  client?: string;
  /** A second screen of somebody at the desk: it has no seat, and only receives. */
  screen?: Screen;
  makePeer(events: PeerEvents): P;
  /** The microphone and the camera as they are now. */
  media(): { mic: boolean; camera: boolean };
  /** Whether the chair may open the microphone. */
  consent?(): boolean;
  onState(state: MeetingState): void;
  /** The most lines wanted of the programme; the bridge's own choice if there is none. */
  programmeHeight?(): Height | undefined;
  /** The peer whose stream is to be played from now on. */
  onPeer(peer: P): void;
}

/** From the answer until media flows. */
export const MEDIA_TIMEOUT_MS = 8000;
const LEAVE_TIMEOUT_MS = 2000;
/** A connection that held so long was a good one: the next loss starts with short waits again. */
export const STEADY_MS = 10_000;

/** Codes after which the same token is of no use, or only when a person wants it. */
const FINAL_CODES = new Set([
  'token-invalid',
  'token-expired',
  'forbidden',
  'bad-version',
  'no-common-codec',
  'replaced',
  'full',
  'left',
  'occupied',
  'refused',
  'ended',
  'not-found',
]);

interface Watch {
  view: View;
  height?: Height;
}

interface Prepared<P> {
  peer: P;
  candidate: (candidate: string) => void;
  connected: () => void;
  lost: () => void;
}

export class MeetingClient<P extends Peer> {
  private current: MeetingState = initialState;
  private connection: Connection | null = null;
  private early: Connection | null = null; // opened before join()
  private prepared: Prepared<P> | null = null;
  private peer: P | null = null;
  private fresh: P | null = null; // of the try under way
  private watched: Watch | null = null; // asked for on every connection; null: what the bridge shows by itself
  private shown: View = 'programme'; // by the bridge, on this connection
  private round = 0; // counts tries; what belongs to an older one is ignored
  private tries = 0;
  private replace = false; // a person wants the seat from another device
  private timer: number | null = null; // for the next try, or for the media of this one
  private steadyTimer: number | null = null;

  constructor(private readonly options: MeetingOptions<P>) {}

  get state(): MeetingState {
    return this.current;
  }

  /** The peer in use or about to be, to change its tracks. */
  get peers(): P[] {
    return [this.peer, this.fresh, this.prepared?.peer].filter((peer, index, all): peer is P => !!peer && all.indexOf(peer) === index);
  }

  /** Opens the socket and makes the offer ahead, so that joining takes fewer turns. Cheap to repeat;
   * the bridge ends a socket that does not join in 10 s, and that is all right. */
  prepare(): void {
    if (this.current.phase !== 'before' && this.current.phase !== 'over') return;
    this.preparePeer();
    this.openEarly();
  }

  /** As prepare(), the offer alone. */
  preparePeer(): void {
    this.prepared ??= this.newPeer();
  }

  /** `replace`: somebody has said that the site's other device may be put out. */
  join({ replace = false }: { replace?: boolean } = {}): void {
    if (this.current.phase !== 'before' && this.current.phase !== 'over') return;
    this.replace = replace;
    this.tries = 1;
    this.watched = this.programme();
    this.dispatch({ type: 'start' });
    void this.attempt();
  }

  /** While waiting for the next try: try now. */
  retryNow(): void {
    if (this.timer === null || this.connection) return;
    this.options.env.clearTimer(this.timer);
    this.timer = null;
    void this.attempt();
  }

  leave(): void {
    const { connection, peers } = this;
    this.connection = this.peer = this.fresh = this.prepared = null; // their end is not to be heard
    this.finish('left');
    const close = () => {
      connection?.close();
      for (const peer of peers) peer.close();
    };
    // First the word, then the end of the media: else the bridge takes it for a loss.
    if (connection) connection.request({ type: 'leave' }, LEAVE_TIMEOUT_MS).then(close, close);
    else close();
  }

  /** Tells the bridge what is on. Without a connection nothing is lost: joining says it again. */
  mediaChanged(): void {
    if (this.current.phase === 'in' || this.current.phase === 'joining') this.send({ type: 'media', ...this.options.media() });
  }

  /** Resolves when the bridge has taken it; that it runs is told by the state. */
  async record(on: boolean): Promise<void> {
    try {
      if (!this.connection) throw new ProtocolError('connection-lost');
      await this.connection.request({ type: 'record', on });
    } catch (error) {
      this.dispatch({ type: 'record-failed', code: error instanceof ProtocolError ? error.code : 'internal' });
    }
  }

  /** Resolves when the bridge has answered: with null when it obeys, else with the code, which the state
   * tells too. */
  async command(command: Command): Promise<string | null> {
    try {
      if (!this.connection || this.current.phase !== 'in') throw new ProtocolError('connection-lost');
      await this.connection.request(command);
      return null;
    } catch (error) {
      const code = error instanceof ProtocolError ? error.code : 'internal';
      this.dispatch({ type: 'command-failed', command: command.type, code });
      return code;
    }
  }

  /** Says again what `consent()` is. Without a connection nothing is lost: joining says it. */
  consentChanged(): void {
    if (this.current.phase === 'in') this.send({ type: 'consent', on: this.options.consent?.() === true });
  }

  /** Resolves when the bridge has answered; what is shown then is told by the state. Without a connection
   * the next one asks. */
  async watch(view: View, height?: Height): Promise<void> {
    const usual = view === 'programme' ? this.programme() : null;
    this.watched = height === undefined ? (usual ?? { view }) : { view, height };
    await this.askView();
  }

  private openEarly(): void {
    if (this.early) return;
    this.early = new Connection(this.options.env, this.options.url, {
      message: () => undefined,
      lost: () => (this.early = null),
    });
  }

  private newPeer(): Prepared<P> {
    const unheard = () => undefined;
    const prepared = { candidate: unheard, connected: unheard, lost: unheard } as Omit<Prepared<P>, 'peer'> as Prepared<P>;
    prepared.peer = this.options.makePeer({
      candidate: (candidate) => prepared.candidate(candidate),
      connected: () => prepared.connected(),
      lost: () => prepared.lost(),
    });
    return prepared;
  }

  private async attempt(): Promise<void> {
    const round = ++this.round;
    const current = () => round === this.round;
    try {
      const connection = this.openConnection(current);
      const joined = connection.request(this.joinMessage());
      joined.catch(() => undefined); // looked at below
      const prepared = this.prepared ?? this.newPeer();
      this.prepared = null;
      const { peer } = prepared;
      this.fresh = peer;
      const sdp = await peer.offer();
      if (!current()) return;
      // Sent without waiting for `joined`: the bridge obeys in order, and a turn is saved.
      const answered = connection.request({ type: 'offer', sdp });
      answered.catch(() => undefined);
      prepared.candidate = (candidate) => current() && this.send({ type: 'candidate', candidate });
      this.took(await joined);
      const answer = await answered.catch((error: unknown) => {
        if (error instanceof ProtocolError && error.code === 'not-joined') return connection.request({ type: 'offer', sdp });
        throw error;
      });
      if (!current()) return;
      prepared.connected = () => current() && this.onConnected();
      prepared.lost = () => current() && this.onLost();
      this.timer = this.options.env.setTimer(() => current() && this.onLost(), MEDIA_TIMEOUT_MS);
      await peer.accept(answer.sdp);
      if (!current()) return;
      this.peer?.close();
      this.peer = peer;
      this.fresh = null;
      this.options.onPeer(peer);
    } catch (error) {
      if (!current()) return;
      const code = error instanceof ProtocolError ? error.code : 'internal';
      if (FINAL_CODES.has(code)) this.finish(code);
      else this.onLost();
    }
  }

  private joinMessage(): Join {
    const { token, meeting, client, screen } = this.options;
    return {
      type: 'join',
      token,
      ...(screen ? { screen } : this.options.media()),
      ...(meeting ? { meeting } : {}),
      ...(client ? { client } : {}),
      ...(this.replace ? { replace: true } : {}),
    };
  }

  private openConnection(current: () => boolean): Connection {
    const events = {
      message: (message: BridgeMessage) => current() && this.onMessage(message),
      lost: () => current() && this.onLost(),
    };
    if (this.early) {
      this.connection = this.early;
      this.connection.events = events;
      this.early = null;
    } else {
      this.connection = new Connection(this.options.env, this.options.url, events);
    }
    return this.connection;
  }

  private took(joined: Joined): void {
    this.onMessage(joined);
    this.replace = false; // from now on this is the device that has the seat
    const { screen } = this.options;
    this.shown = screen ?? 'programme';
    const consent = this.options.consent?.();
    const own = joined.sites.find(({ id }) => id === joined.site.id);
    if (consent !== undefined && own && hasVoice(own.role) && own.consent !== consent) this.send({ type: 'consent', on: consent });
    void this.askView();
    this.connection?.keepAlive((now, ageMs) => this.dispatch({ type: 'clock', now, at: this.options.env.now() - ageMs }));
  }

  private onMessage(message: BridgeMessage): void {
    this.dispatch({ type: 'message', message, at: this.options.env.now() });
    if (message.type === 'picture') (this.fresh ?? this.peer)?.setPicture(message);
    if (message.type === 'connection' && message.state === 'failed') this.onLost();
    if (message.type !== 'closed') return;
    if (FINAL_CODES.has(message.code)) this.finish(message.code);
    else this.onLost();
  }

  private programme(): Watch | null {
    if (this.options.screen) return null;
    const height = this.options.programmeHeight?.();
    return height === undefined ? null : { view: 'programme', height };
  }

  private async askView(): Promise<void> {
    const { connection, watched } = this;
    if (!connection || !watched) return;
    try {
      await connection.request({ type: 'watch', ...watched });
      if (connection !== this.connection) return;
      this.shown = watched.view;
      this.dispatch({ type: 'view', view: watched.view });
    } catch (error) {
      // With the connection lost the next one asks.
      if (connection !== this.connection || watched !== this.watched) return;
      const code = error instanceof ProtocolError ? error.code : 'internal';
      this.watched = this.shown === 'programme' ? this.programme() : { view: this.shown };
      // A size that was not given is no trouble.
      const event = watched.view === this.shown ? 'view' : 'view-failed';
      this.dispatch({ type: event, view: this.shown, code });
    }
  }

  private onConnected(): void {
    this.clearTimers();
    this.steadyTimer = this.options.env.setTimer(() => (this.tries = 0), STEADY_MS);
    this.dispatch({ type: 'connected' });
    // What was switched while the connection was coming up.
    this.mediaChanged();
  }

  /** The socket or the media is gone, or a try came to nothing. The last picture stays until the next. */
  private onLost(): void {
    if (this.current.phase === 'over') return;
    this.round++;
    this.clearTimers();
    this.connection?.close();
    this.connection = null;
    this.fresh?.close();
    this.fresh = null;
    this.dispatch({ type: 'lost' });
    const wait = backoffMs(Math.max(1, this.tries), this.options.env.random());
    this.tries++;
    this.dispatch({ type: 'attempt', attempt: this.tries });
    this.timer = this.options.env.setTimer(() => {
      this.timer = null;
      void this.attempt();
    }, wait);
  }

  private finish(code: string): void {
    this.round++;
    this.clearTimers();
    this.connection?.close();
    this.connection = null;
    for (const peer of this.peers) peer.close();
    this.peer = this.fresh = this.prepared = null;
    this.dispatch({ type: 'over', code });
  }

  private clearTimers(): void {
    const { env } = this.options;
    if (this.timer !== null) env.clearTimer(this.timer);
    if (this.steadyTimer !== null) env.clearTimer(this.steadyTimer);
    this.timer = this.steadyTimer = null;
  }

  private send(message: ClientMessage): void {
    this.connection?.request(message).catch(() => undefined); // the loss of the socket is told elsewhere
  }

  private dispatch(event: MeetingEvent): void {
    this.current = reduce(this.current, event);
    this.options.onState(this.current);
  }
}
