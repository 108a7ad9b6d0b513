// Sends of the camera what the bridge wants of it: so large, so often, so much, or nothing. Only the
// sender's encoding is changed, never the track (one's own preview stays as it is) and never the session.

import type { Picture } from './messages';

export const NO_PICTURE: Picture = { width: 0, height: 0, fps: 0, kbps: 0 };

/** What is set of an RTCRtpEncodingParameters. */
export type Encoding = { active: false } | { active: true; scaleResolutionDownBy: number; maxBitrate: number; maxFramerate: number };

/** How a track of that size is sent as `picture`: never enlarged, and in its own shape. */
export function encodingFor({ width, height, fps, kbps }: Picture, track: { width?: number; height?: number }): Encoding {
  if (!width || !height || !fps || !kbps) return { active: false };
  const scale = Math.max(1, (track.width ?? 0) / width, (track.height ?? 0) / height);
  return { active: true, scaleResolutionDownBy: scale, maxBitrate: kbps * 1000, maxFramerate: fps };
}

/** The parts of an RTCRtpSender that are used. */
export type VideoSender = Pick<RTCRtpSender, 'track' | 'getParameters' | 'setParameters'>;

/** Keeps a sender at what is wanted. One call of setParameters at a time, each on parameters fresh from
 * getParameters, as browsers demand; of wishes that come meanwhile the newest is obeyed. */
export class PictureSender {
  private picture = NO_PICTURE;
  private ready = false;
  private stale = false;
  private done = ''; // the encoding that is set
  private running: Promise<void> | null = null;

  constructor(private readonly sender: VideoSender) {}

  want(picture: Picture): void {
    this.picture = picture;
    void this.apply();
  }

  /** The answer is accepted: from now on the browser can be told. */
  begin(): Promise<void> {
    this.ready = true;
    return this.apply();
  }

  /** Again, for another track. */
  apply(): Promise<void> {
    if (!this.ready) return Promise.resolve();
    this.stale = true;
    this.running ??= this.run();
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.stale) {
      this.stale = false;
      await this.set();
    }
    this.running = null;
  }

  private async set(): Promise<void> {
    const { track } = this.sender;
    const encoding = encodingFor(this.picture, track?.getSettings() ?? {});
    if (encoding.active && !track) return; // set when there is one: its size decides
    const key = JSON.stringify(encoding);
    if (key === this.done) return;
    const { active, ...limits } = encoding;
    // Twice, for what was changed in between; then a browser that refuses one of the limits shall at
    // least begin and end.
    for (const wish of [{ ...limits, active }, { ...limits, active }, { active }]) {
      try {
        const parameters = this.sender.getParameters();
        parameters.encodings = [{ ...parameters.encodings?.[0], ...wish }];
        // A weak line shall cost sharpness before movement: the tile is small anyway.
        parameters.degradationPreference = 'maintain-framerate';
        await this.sender.setParameters(parameters);
        this.done = key;
        return;
      } catch {
        if (this.stale) return; // outdated
      }
    }
  }
}
