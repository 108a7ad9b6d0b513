// One RTCPeerConnection: sends one microphone, one camera and, when it is presented, one screen; receives
// the meeting's sound and picture. The bridge answers with its own (lite) candidates in the answer; ours only help it.

import type { Picture } from './messages';
import { PictureSender } from './picture';
import { SCREEN_ENCODING, ScreenSender } from './screen';

export interface Peer {
  /** The remote tracks; there from the start, silent and dark until the bridge sends. */
  readonly stream: MediaStream;
  /** Our offer, with the candidates found so far; later ones come by `candidate`. */
  offer(): Promise<string>;
  accept(answer: string): Promise<void>;
  /** What to send of the camera. Until the first time: nothing. */
  setPicture(picture: Picture): void;
  close(): void;
}

export interface PeerEvents {
  /** `""`: no more. None comes before offer() has resolved. */
  candidate(candidate: string): void;
  connected(): void;
  /** No way through any more. Comes once. */
  lost(): void;
}

export interface PeerOptions {
  /** FALSE for observers. */
  sends: boolean;
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  /** What is presented now. */
  screen?: MediaStreamTrack | null;
}

const CANDIDATES_MAX = 20; // the bridge takes no more
const DISCONNECTED_MS = 3000;
/** How long the browser may hold packets back before playing them. It goes up by itself on a bad line. */
const JITTER_TARGET_MS = 0;

/** H.264 constrained baseline with packetization-mode 1, then VP8; nothing else. Retransmissions come
 * on the stream itself, so RTX is left out too. */
export function chooseCodecs<C extends { mimeType: string; sdpFmtpLine?: string }>(codecs: readonly C[]): C[] {
  const h264 = codecs.filter(
    (codec) =>
      /^video\/h264$/i.test(codec.mimeType) &&
      /packetization-mode=1/.test(codec.sdpFmtpLine ?? '') &&
      /profile-level-id=42[0-9a-f]{4}/i.test(codec.sdpFmtpLine ?? ''),
  );
  const constrained = (codec: C) => (/profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? '') ? 0 : 1);
  h264.sort((a, b) => constrained(a) - constrained(b));
  return [...h264, ...codecs.filter((codec) => /^video\/vp8$/i.test(codec.mimeType))];
}

export class BrowserPeer implements Peer {
  readonly stream: MediaStream;
  private readonly connection: RTCPeerConnection;
  private readonly audio: RTCRtpTransceiver;
  private readonly video: RTCRtpTransceiver;
  private readonly picture: PictureSender;
  private readonly screen: ScreenSender | null;
  private readonly described: Promise<void>;
  private offered = false;
  private candidates = 0;
  private lostTimer: number | null = null;
  private over = false;

  constructor(
    options: PeerOptions,
    private readonly events: PeerEvents,
  ) {
    this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    const direction = options.sends ? 'sendrecv' : 'recvonly';
    this.audio = this.connection.addTransceiver(options.audio ?? 'audio', { direction });
    this.video = this.connection.addTransceiver(options.video ?? 'video', {
      direction,
      ...(options.sends ? { sendEncodings: [{ active: false }] } : {}),
    });
    this.picture = new PictureSender(this.video.sender);
    // There from the start, so that presenting needs no new offer.
    const screen = options.sends ? this.connection.addTransceiver('video', { direction: 'sendonly', sendEncodings: [SCREEN_ENCODING] }) : null;
    this.screen = screen && new ScreenSender(screen.sender);
    if (options.screen) void this.screen?.show(options.screen).catch(() => undefined);
    this.preferCodecs(this.video);
    if (screen) this.preferCodecs(screen);
    this.stream = new MediaStream([this.audio.receiver.track, this.video.receiver.track]);
    for (const { receiver } of [this.audio, this.video]) playSoon(receiver);
    this.connection.onicecandidate = ({ candidate }) => this.onCandidate(candidate);
    this.connection.onconnectionstatechange = () => this.onState();
    this.described = this.connection.setLocalDescription();
    this.described.catch(() => undefined); // offer() reports it
  }

  /** Other devices, or none, without a new offer. */
  async setTracks(audio: MediaStreamTrack | null, video: MediaStreamTrack | null): Promise<void> {
    if (this.over) return;
    await Promise.all([this.audio.sender.replaceTrack(audio), this.video.sender.replaceTrack(video)]);
    await this.picture.apply(); // another camera, another size
  }

  /** What is presented, or null, without a new offer. */
  async setScreen(screen: MediaStreamTrack | null): Promise<void> {
    if (!this.over) await this.screen?.show(screen);
  }

  async offer(): Promise<string> {
    await this.described;
    const description = this.connection.localDescription;
    if (!description) throw new Error('closed');
    this.offered = true;
    this.candidates = (description.sdp.match(/^a=candidate:/gm) ?? []).length;
    return description.sdp;
  }

  async accept(answer: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp: answer });
    await this.picture.begin();
  }

  setPicture(picture: Picture): void {
    this.picture.want(picture);
  }

  close(): void {
    this.over = true;
    if (this.lostTimer !== null) clearTimeout(this.lostTimer);
    this.connection.onicecandidate = this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private preferCodecs(transceiver: RTCRtpTransceiver): void {
    if (!transceiver.setCodecPreferences) return; // Firefox before 128: its own order, VP8 and H.264
    const codecs = chooseCodecs(RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? []);
    if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
  }

  private onCandidate(candidate: RTCIceCandidate | null): void {
    if (!this.offered || this.over) return; // it is in the offer
    if (!candidate?.candidate) return this.events.candidate('');
    if (candidate.protocol === 'tcp' || this.candidates++ >= CANDIDATES_MAX) return;
    this.events.candidate(candidate.candidate);
  }

  private onState(): void {
    const state = this.connection.connectionState;
    if (this.lostTimer !== null && state !== 'disconnected') {
      clearTimeout(this.lostTimer);
      this.lostTimer = null;
    }
    if (state === 'connected') this.events.connected();
    else if (state === 'failed') this.onLost();
    else if (state === 'disconnected') this.lostTimer ??= setTimeout(() => this.onLost(), DISCONNECTED_MS) as unknown as number;
  }

  private onLost(): void {
    if (this.over) return;
    this.over = true;
    this.events.lost();
  }
}

function playSoon(receiver: RTCRtpReceiver): void {
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = JITTER_TARGET_MS;
  else if ('playoutDelayHint' in receiver) (receiver as { playoutDelayHint: number }).playoutDelayHint = JITTER_TARGET_MS / 1000;
}
