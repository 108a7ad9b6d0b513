// One link's meeting on this page: the seat (lib/meeting), the devices, and what passes between them.

import { browserEnv } from '../lib/env';
import { MeetingClient } from '../lib/meeting';
import type { Height } from '../lib/messages';
import { BrowserPeer } from '../lib/peer';
import type { MeetingState } from '../lib/state';
import type { Claims } from '../lib/token';
import { LocalMedia } from './devices';

/** For measuring: `performance.getEntriesByName(FIRST_PICTURE)`, from the click to the first picture. */
export const JOIN_MARK = 'diemcau:join';
export const FIRST_PICTURE = 'diemcau:first-picture';

/** A telephone, or the smallest of screens: more lines would only cost its line and its battery. */
const SMALL_SCREEN = 700;

function programmeHeight(): Height | undefined {
  return Math.max(innerWidth, innerHeight) * devicePixelRatio < SMALL_SCREEN ? 360 : undefined;
}

function bridgeUrl(): string {
  const url = new URL('ws', location.href.split('#')[0]);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export class Session {
  readonly media: LocalMedia;
  readonly client: MeetingClient<BrowserPeer>;
  stream: MediaStream | null = null;
  private listener: () => void = () => undefined;
  private told = '';

  constructor(
    token: string,
    readonly claims: Claims,
  ) {
    this.media = new LocalMedia(claims.role !== 'observer');
    this.client = new MeetingClient<BrowserPeer>({
      env: browserEnv,
      url: bridgeUrl(),
      token,
      makePeer: (events) => {
        const { audio, video } = this.media.state;
        return new BrowserPeer({ sends: this.media.sends, audio, video }, events);
      },
      media: () => this.media.sending,
      programmeHeight,
      onState: (state) => {
        if (state.phase === 'over') this.media.close();
        this.listener();
      },
      onPeer: (peer) => {
        this.stream = peer.stream;
        this.listener();
      },
    });
    this.media.onChange(() => this.onMedia());
    window.addEventListener('online', () => this.client.retryNow());
  }

  get meeting(): MeetingState {
    return this.client.state;
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  start(): void {
    this.client.prepare();
    void this.media.open();
  }

  join(): void {
    performance.mark(JOIN_MARK);
    this.stream = null;
    const again = this.meeting.phase === 'over';
    this.client.join();
    if (again) void this.media.open(); // closed when it was over
  }

  /** To the wall, or back to the programme. */
  switchView(): void {
    void this.client.watch(this.meeting.view === 'wall' ? 'programme' : 'wall');
  }

  private onMedia(): void {
    const { audio, video } = this.media.state;
    for (const peer of this.client.peers) void peer.setTracks(audio, video).catch(() => undefined);
    const sending = JSON.stringify(this.media.sending);
    if (sending !== this.told) {
      this.told = sending;
      this.client.mediaChanged();
    }
    this.listener();
  }
}
