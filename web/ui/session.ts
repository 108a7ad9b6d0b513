// One link's meeting on this page: the seat (lib/meeting), the devices, and what passes between them.

import { browserEnv } from '../lib/env';
import { MeetingClient } from '../lib/meeting';
import type { Height, SiteInfo } from '../lib/messages';
import { BrowserPeer } from '../lib/peer';
import { hasDesk, hasVoice, mayUnmute } from '../lib/room';
import type { MeetingState } from '../lib/state';
import { mayPresent } from '../lib/work';
import type { Claims } from '../lib/token';
import { clientId } from './client-id';
import { LocalMedia } from './devices';
import { Frames } from './frames';
import { hasConsent, saveConsent } from './preferences';
import { Presenting } from './presenting';

/** For measuring: `performance.getEntriesByName(FIRST_PICTURE)`, from the click to the first picture. */
export const JOIN_MARK = 'diemcau:join';
export const FIRST_PICTURE = 'diemcau:first-picture';

/** A telephone, or the smallest of screens: more lines would only cost its line and its battery. */
const SMALL_SCREEN = 700;

function programmeHeight(): Height | undefined {
  return Math.max(innerWidth, innerHeight) * devicePixelRatio < SMALL_SCREEN ? 360 : undefined;
}

export function bridgeUrl(): string {
  const url = new URL('ws', location.href.split('#')[0]);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export class Session {
  readonly media: LocalMedia;
  readonly client: MeetingClient<BrowserPeer>;
  readonly presenting: Presenting;
  stream: MediaStream | null = null;
  private listener: () => void = () => undefined;
  private readonly frames = new Frames(() => this.listener());
  private told = '';
  private had = { floor: false, silenced: false };
  private opened = false; // the microphone, by the chair's word

  /** `meeting`: which one, for a link that names none. */
  constructor(
    readonly token: string,
    readonly claims: Claims,
    readonly meetingId = claims.meeting,
  ) {
    this.media = new LocalMedia(claims.role === null || hasVoice(claims.role));
    const client = clientId();
    this.client = new MeetingClient<BrowserPeer>({
      env: browserEnv,
      url: bridgeUrl(),
      token,
      ...(claims.meeting === '' ? { meeting: meetingId } : {}),
      ...(client ? { client } : {}),
      makePeer: (events) => {
        const { audio, video } = this.media.state;
        return new BrowserPeer({ sends: this.sends, audio, video, screen: this.presenting.screen }, events);
      },
      media: () => (this.sends ? this.media.sending : { mic: false, camera: false }),
      consent: () => this.consent,
      programmeHeight,
      onState: (state) => {
        if (state.phase === 'over') {
          this.media.close();
          this.presenting.release();
        }
        if (state.phase !== 'over' && state.role !== null && hasVoice(state.role)) void this.media.begin();
        if (state.phase === 'in') this.obeyChair(state);
        this.presenting.obey(this.presents);
        this.frames.ask();
      },
      onPeer: (peer) => {
        this.stream = peer.stream;
        this.frames.ask();
      },
    });
    this.presenting = new Presenting(this.client, () => {
      for (const peer of this.client.peers) void peer.setScreen(this.presenting.screen).catch(() => undefined);
      this.frames.ask();
    });
    this.media.onChange(() => this.onMedia());
    window.addEventListener('online', () => this.client.retryNow());
  }

  get meeting(): MeetingState {
    return this.client.state;
  }

  /** Whether picture and sound go out: the meeting may give another role than the link says. */
  get sends(): boolean {
    const { role } = this.meeting;
    return this.media.sends && (role === null || hasVoice(role));
  }

  get own(): SiteInfo | null {
    const { sites, site } = this.meeting;
    return sites.find(({ id }) => id === site?.id) ?? null;
  }

  get hasFloor(): boolean {
    const { room, site } = this.meeting;
    return room.floor !== null && room.floor.site === site?.id;
  }

  /** Whether this site shows its screen, as the bridge has it. */
  get presents(): boolean {
    const { work, site } = this.meeting;
    return work.presenter !== null && work.presenter === site?.id;
  }

  get mayPresent(): boolean {
    const { role, work, site } = this.meeting;
    return this.presenting.possible && mayPresent(role, site?.id ?? '', work);
  }

  /** Whether it may turn the pages of the document that is shown. */
  get turnsPages(): boolean {
    const { role } = this.meeting;
    return (role !== null && hasDesk(role)) || this.hasFloor || this.presents;
  }

  /** Whether it is its turn in the spoken roll call. */
  get called(): boolean {
    const { work, site } = this.meeting;
    return work.called !== null && work.called === site?.id;
  }

  /** Whether it is in the side room. */
  get aside(): boolean {
    const { work, site } = this.meeting;
    return site !== null && work.aside.includes(site.id);
  }

  /** Whether the own microphone is shut by the chair. */
  get silenced(): boolean {
    return this.own?.silenced === true;
  }

  /** Place in the queue, from 1; 0: the hand is down. */
  get hand(): number {
    const { room, site } = this.meeting;
    return room.queue.findIndex((one) => one.site === site?.id) + 1;
  }

  get consent(): boolean {
    return hasConsent(this.claims.site);
  }

  setConsent(on: boolean): void {
    saveConsent(this.claims.site, on);
    this.client.consentChanged();
    this.frames.ask();
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  start(): void {
    this.client.prepare();
    void this.media.open();
  }

  join(how: { replace?: boolean } = {}): void {
    performance.mark(JOIN_MARK);
    this.stream = null;
    const again = this.meeting.phase === 'over';
    this.client.join(how);
    if (again) void this.media.open(); // closed when it was over
  }

  /** To the wall, or back to the programme. */
  switchView(): void {
    void this.client.watch(this.meeting.view === 'wall' ? 'programme' : 'wall');
  }

  /** The person's own press. FALSE: the chair has shut it, and it may not be opened here. */
  toggleMic(): boolean {
    this.opened = false;
    const { role, room } = this.meeting;
    if (this.meeting.phase !== 'in' || !this.silenced || this.hasFloor || role === null) {
      void this.media.toggle('mic');
      return true;
    }
    if (!mayUnmute(role, room)) return false;
    // Said even if it is on here: that is what takes back the chair's word.
    if (this.media.state.micOn) this.client.mediaChanged();
    else void this.media.toggle('mic');
    return true;
  }

  /** With consent the microphone opens with the turn, and closes after it if it was closed before. Without,
   * it closes when the chair shuts it: so nobody but this person opens it again. */
  private obeyChair(state: MeetingState): void {
    const now = { floor: this.hasFloor, silenced: this.silenced };
    const { floor, silenced } = this.had;
    this.had = now;
    if (state.role === null || !hasVoice(state.role)) return;
    if (now.floor && !floor && this.consent && !this.media.state.micOn) {
      this.opened = true;
      void this.media.setMic(true);
    } else if (!now.floor && floor && this.opened) {
      this.opened = false;
      void this.media.setMic(false);
    }
    if (now.silenced && !silenced && !this.consent) void this.media.setMic(false);
  }

  private onMedia(): void {
    const { audio, video } = this.media.state;
    for (const peer of this.client.peers) void peer.setTracks(audio, video).catch(() => undefined);
    const sending = JSON.stringify(this.media.sending);
    if (sending !== this.told) {
      this.told = sending;
      if (this.sends) this.client.mediaChanged();
    }
    this.frames.ask();
  }
}
