// The own screen in the meeting: asked of the browser, let go when the person, the browser or the chair ends it.

import type { MeetingClient } from '../lib/meeting';
import type { BrowserPeer } from '../lib/peer';
import { SCREEN_WANTED } from '../lib/screen';

export class Presenting {
  private stream: MediaStream | null = null;
  private told = false; // by the bridge, that this site presents

  constructor(
    private readonly client: MeetingClient<BrowserPeer>,
    private readonly changed: () => void, // also `screen`
  ) {}

  /** Telephones cannot. */
  get possible(): boolean {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  }

  get on(): boolean {
    return this.stream !== null;
  }

  /** What is to be sent; null: nothing. */
  get screen(): MediaStreamTrack | null {
    return this.stream?.getVideoTracks()[0] ?? null;
  }

  /** Needs a press of the person's: the browser asks what is to be shown. */
  async start(): Promise<void> {
    if (this.stream) return;
    const stream = await navigator.mediaDevices.getDisplayMedia(SCREEN_WANTED).catch(() => null);
    if (!stream) return; // the person thought better of it
    let over = false;
    for (const track of stream.getTracks()) {
      // The browser's own button.
      track.addEventListener('ended', () => {
        over = true;
        if (this.stream === stream) this.stop();
      });
    }
    // Not sent before: the bridge would not see the first frame, and a screen that stands still has a next one
    // only after a second.
    if ((await this.client.command({ type: 'present', on: true })) !== null || this.stream) return end(stream);
    this.stream = stream;
    if (over) return this.stop();
    this.changed();
  }

  stop(): void {
    this.release();
    void this.client.command({ type: 'present', on: false });
  }

  /** `presents`: the bridge says that this site does. */
  obey(presents: boolean): void {
    if (!presents && this.told) this.release();
    this.told = presents;
  }

  release(): void {
    const { stream } = this;
    this.stream = null;
    if (!stream) return;
    end(stream);
    this.changed();
  }
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
