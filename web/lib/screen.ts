// Sends the picture of a screen: it is read rather than watched, so sharp before smooth. How much, the bridge
// says in its answer (b=AS).

/** Sharp text five times a second rather than a blur at twenty-five. */
export const SCREEN_ENCODING = { maxFramerate: 5 };

/** What to ask of getDisplayMedia: the browser makes a larger screen, or a window that grows, fit into what the
 * bridge composes. */
export const SCREEN_WANTED = { video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 10, max: 15 } }, audio: false };

/** The parts of an RTCRtpSender that are used. */
export interface TrackSender extends Pick<RTCRtpSender, 'replaceTrack' | 'getParameters'> {
  setParameters(parameters: RTCRtpSendParameters, options?: { encodingOptions: { keyFrame: boolean }[] }): Promise<void>;
}

export class ScreenSender {
  constructor(private readonly sender: TrackSender) {}

  async show(track: MediaStreamTrack | null): Promise<void> {
    if (track) {
      track.contentHint = 'text';
      await this.prepare();
    }
    await this.sender.replaceTrack(track);
  }

  /** Sharp, and its first frame by itself: one that stands still may have the next only after a second, which is long
   * to wait for the key frame that the bridge asks for. A browser that will not have it decides itself. */
  private async prepare(): Promise<void> {
    const parameters = this.sender.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    const encodingOptions = (parameters.encodings ?? []).map(() => ({ keyFrame: true }));
    await this.sender.setParameters(parameters, { encodingOptions }).catch(() => undefined);
  }
}
