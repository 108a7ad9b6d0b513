// Sends the picture of a screen: it is read rather than watched, so sharp before smooth. How much, the bridge
// says in its answer (b=AS).

/** Sharp text five times a second rather than a blur at twenty-five; 1080 lines are what the bridge composes. */
export const SCREEN_ENCODING = { maxFramerate: 5 };
const WIDTH = 1920;
const HEIGHT = 1080;

/** The parts of an RTCRtpSender that are used. */
export type TrackSender = Pick<RTCRtpSender, 'replaceTrack' | 'getParameters' | 'setParameters'>;

export function screenScale({ width = 0, height = 0 }: { width?: number; height?: number }): number {
  return Math.max(1, width / WIDTH, height / HEIGHT);
}

export class ScreenSender {
  constructor(private readonly sender: TrackSender) {}

  async show(track: MediaStreamTrack | null): Promise<void> {
    if (track) track.contentHint = 'text';
    await this.sender.replaceTrack(track);
    if (track) await this.limit(track);
  }

  /** A screen larger than that is made smaller; a browser that refuses sends it as it is. */
  private async limit(track: MediaStreamTrack): Promise<void> {
    const parameters = this.sender.getParameters();
    const [encoding = {}] = parameters.encodings ?? [];
    parameters.encodings = [{ ...encoding, ...SCREEN_ENCODING, scaleResolutionDownBy: screenScale(track.getSettings()) }];
    parameters.degradationPreference = 'maintain-resolution';
    await this.sender.setParameters(parameters).catch(() => undefined);
  }
}
