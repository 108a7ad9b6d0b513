// This machine's camera, microphone and loudspeakers: opens what there is, says what is wrong with
// the rest, and remembers the choice. A camera that is off is closed, so that its light goes out.

import { loadPreferences, savePreferences } from './preferences';

export type Trouble = 'denied' | 'missing' | 'busy' | 'insecure';
export type Source = 'mic' | 'camera';

export interface LocalState {
  /** The browser has not answered yet. */
  opening: boolean;
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  /** As wanted; what is sent also needs the device. */
  micOn: boolean;
  cameraOn: boolean;
  trouble: { mic: Trouble | null; camera: Trouble | null };
  cameras: MediaDeviceInfo[];
  mics: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
}

const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640, max: 1280 },
  height: { ideal: 360, max: 720 },
  frameRate: { ideal: 25, max: 30 },
};

const AUDIO: MediaTrackConstraints = {
  channelCount: { ideal: 1 },
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

function troubleOf(error: unknown): Trouble {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'missing';
  }
}

export class LocalMedia {
  private listener: () => void = () => undefined;
  private runs = { mic: 0, camera: 0 }; // a newer opening of the same source outdates an older one
  state: LocalState = {
    opening: false,
    audio: null,
    video: null,
    micOn: loadPreferences().micOn,
    cameraOn: loadPreferences().cameraOn,
    trouble: { mic: null, camera: null },
    cameras: [],
    mics: [],
    speakers: [],
  };

  /** `false`: an observer's page, which opens nothing. */
  constructor(public sends: boolean) {}

  /** The chair has given a voice to whoever came without one: only now is there a question to ask. */
  async begin(): Promise<void> {
    if (this.sends) return;
    this.sends = true;
    await this.open();
  }

  get sending(): { mic: boolean; camera: boolean } {
    const { audio, video, micOn, cameraOn } = this.state;
    return { mic: this.sends && !!audio && micOn, camera: this.sends && !!video && cameraOn };
  }

  get speaker(): string {
    return loadPreferences().speaker;
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Asks for camera and microphone in one question of the browser, and one by one if that fails. */
  async open(): Promise<void> {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
      if (this.sends) this.change({ trouble: { mic: 'insecure', camera: 'insecure' } });
      return;
    }
    devices.ondevicechange = () => void this.onPlugged();
    if (this.sends) {
      this.change({ opening: true });
      const both = this.state.cameraOn && (await this.openBoth());
      if (!both) {
        await this.openOne('mic');
        if (this.state.cameraOn) await this.openOne('camera');
      }
    }
    await this.list();
    this.change({ opening: false });
  }

  /** Lets go of everything: the lights go out. */
  close(): void {
    this.runs.mic++;
    this.runs.camera++;
    if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = null;
    this.drop('mic');
    this.drop('camera');
  }

  async toggle(source: Source): Promise<void> {
    const wanted = source === 'mic' ? this.state.micOn : this.state.cameraOn;
    if (wanted && this.state.trouble[source]) {
      await this.openOne(source); // it is on and does not work: the press means "try again"
    } else if (source === 'mic') {
      this.change({ micOn: savePreferences({ micOn: !this.state.micOn }).micOn });
      if (this.state.micOn && !this.state.audio) await this.openOne('mic');
    } else {
      this.change({ cameraOn: savePreferences({ cameraOn: !this.state.cameraOn }).cameraOn });
      if (this.state.cameraOn) await this.openOne('camera');
      else this.drop('camera');
    }
    await this.list();
  }

  /** Opens or closes the microphone as the meeting wants it; what the person has chosen stays remembered. */
  async setMic(on: boolean): Promise<void> {
    if (on === this.state.micOn) return;
    this.change({ micOn: on });
    if (on && !this.state.audio) await this.openOne('mic');
  }

  async choose(kind: Source | 'speaker', deviceId: string): Promise<void> {
    savePreferences({ [kind]: deviceId });
    if (kind === 'speaker') return this.change({});
    if (kind === 'camera' && !this.state.cameraOn) return this.change({});
    this.drop(kind); // many cameras open only once
    await this.openOne(kind);
    await this.list();
  }

  chosen(kind: Source | 'speaker'): string {
    const { audio, video } = this.state;
    const open = kind === 'mic' ? audio : kind === 'camera' ? video : null;
    return open?.getSettings().deviceId ?? loadPreferences()[kind];
  }

  /** Something was plugged in or out: take what was missing. */
  private async onPlugged(): Promise<void> {
    await this.list();
    const { trouble, micOn, cameraOn } = this.state;
    if (micOn && trouble.mic === 'missing') await this.openOne('mic');
    if (cameraOn && trouble.camera === 'missing') await this.openOne('camera');
  }

  private async openBoth(): Promise<boolean> {
    const runs = { mic: ++this.runs.mic, camera: ++this.runs.camera };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: this.constraints('mic'), video: this.constraints('camera') });
      this.take('mic', stream.getAudioTracks()[0], runs.mic);
      this.take('camera', stream.getVideoTracks()[0], runs.camera);
      return true;
    } catch {
      return false;
    }
  }

  private async openOne(source: Source): Promise<void> {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const run = ++this.runs[source];
    try {
      const constraints = this.constraints(source);
      const stream = await devices.getUserMedia(source === 'mic' ? { audio: constraints } : { video: constraints });
      this.take(source, stream.getTracks()[0], run);
    } catch (error) {
      if (run !== this.runs[source]) return;
      this.drop(source);
      this.change({ trouble: { ...this.state.trouble, [source]: troubleOf(error) } });
    }
  }

  private constraints(source: Source): MediaTrackConstraints {
    const id = loadPreferences()[source];
    return { ...(source === 'mic' ? AUDIO : VIDEO), ...(id ? { deviceId: { ideal: id } } : {}) };
  }

  private take(source: Source, track: MediaStreamTrack | undefined, run: number): void {
    if (!track) return;
    const wanted = run === this.runs[source] && (source === 'mic' || this.state.cameraOn);
    if (!wanted) return track.stop();
    if (source === 'camera') track.contentHint = 'motion';
    // Unplugged: take whatever else there is.
    track.onended = () => void this.choose(source, loadPreferences()[source]);
    this.drop(source);
    const trouble = { ...this.state.trouble, [source]: null };
    this.change(source === 'mic' ? { audio: track, trouble } : { video: track, trouble });
  }

  private drop(source: Source): void {
    const track = source === 'mic' ? this.state.audio : this.state.video;
    if (!track) return;
    track.onended = null;
    track.stop();
    this.change(source === 'mic' ? { audio: null } : { video: null });
  }

  private async list(): Promise<void> {
    const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    if (!all) return;
    // Before permission, browsers list devices without id.
    const of = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
    this.change({ cameras: of('videoinput'), mics: of('audioinput'), speakers: of('audiooutput') });
  }

  private change(part: Partial<LocalState>): void {
    this.state = { ...this.state, ...part };
    if (this.state.audio) this.state.audio.enabled = this.state.micOn;
    this.listener();
  }
}
