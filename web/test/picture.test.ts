import { beforeEach, describe, expect, it } from 'vitest';
import { encodingFor, NO_PICTURE, PictureSender, type VideoSender } from '../lib/picture';
import { settle } from './fake-env';

const wanted = (width: number, height: number, fps = 25, kbps = 400) => ({ width, height, fps, kbps });

/** As Chromium makes it: rounded. */
function sent(picture: ReturnType<typeof wanted>, track: { width?: number; height?: number }): string {
  const encoding = encodingFor(picture, track);
  if (!encoding.active) return 'nothing';
  const round = (length: number) => Math.round(length / encoding.scaleResolutionDownBy);
  return `${round(track.width ?? 0)}x${round(track.height ?? 0)}`;
}

describe('encodingFor', () => {
  it.each([
    ['1280x720', wanted(1280, 720), '640x360'], // never enlarged
    ['640x360', wanted(640, 360), '640x360'],
    ['640x720', wanted(640, 720), '640x360'],
    ['426x240', wanted(426, 240), '426x240'],
    ['320x180', wanted(320, 180), '320x180'],
    ['256x144', wanted(256, 144), '256x144'],
    ['160x90', wanted(160, 90), '160x90'],
    ['128x72', wanted(128, 72), '128x72'],
    ['128x76', wanted(128, 76), '128x72'], // in its own shape
    ['100x200', wanted(100, 200), '100x56'],
  ])('a camera of 640x360 for %s', (_, picture, size) => expect(sent(picture, { width: 640, height: 360 })).toBe(size));

  it.each([
    ['4:3', { width: 640, height: 480 }, '240x180'],
    ['on end', { width: 360, height: 640 }, '101x180'],
    ['large', { width: 1920, height: 1080 }, '320x180'],
  ])('a camera that is %s for 320x180', (_, track, size) => expect(sent(wanted(320, 180), track)).toBe(size));

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15])('is never larger than a cell of %s in a row', (columns) => {
    for (const [total, lines] of [[1920, 1080], [1280, 720], [640, 360]] as const) {
      const [width, height] = [Math.floor(total / columns), Math.floor(lines / columns)];
      for (const [w, h] of [[640, 360], [640, 480], [1280, 720], [352, 288]] as const) {
        const [x, y] = sent(wanted(width, height), { width: w, height: h }).split('x').map(Number);
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeLessThanOrEqual(height);
        expect(x === w || y === h || x === width || y === height).toBe(true);
      }
    }
  });

  it('takes over rate and bits', () => {
    expect(encodingFor(wanted(640, 360, 5, 40), { width: 640, height: 360 })).toEqual({
      active: true,
      scaleResolutionDownBy: 1,
      maxBitrate: 40_000,
      maxFramerate: 5,
    });
  });

  it('sends all of a camera whose size is not known', () => {
    expect(encodingFor(wanted(320, 180), {})).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
  });

  it('sends nothing where nothing is wanted', () => {
    expect(encodingFor(NO_PICTURE, { width: 640, height: 360 })).toEqual({ active: false });
  });
});

/** Holds to the rules of browsers: parameters are good for one call, and until the next is asked for. */
class FakeSender {
  track: { getSettings(): { width: number; height: number } } | null = { getSettings: () => ({ width: 640, height: 360 }) };
  set: Record<string, unknown>[] = [];
  preference = '';
  refuses: (encoding: Record<string, unknown>) => boolean = () => false;
  during: () => void = () => undefined;
  private transaction = 0;
  private busy = false;

  getParameters() {
    return { transactionId: String(++this.transaction), encodings: [{ ...this.set.at(-1), ssrc: 7 }] };
  }

  async setParameters(parameters: { transactionId: string; encodings: Record<string, unknown>[]; degradationPreference?: string }) {
    if (this.busy || parameters.transactionId !== String(this.transaction)) throw new DOMException('', 'InvalidStateError');
    const [encoding] = parameters.encodings;
    if (!encoding || parameters.encodings.length !== 1 || encoding.ssrc !== 7) throw new DOMException('', 'InvalidModificationError');
    this.busy = true;
    this.during();
    await Promise.resolve();
    this.busy = false;
    if (this.refuses(encoding)) throw new DOMException('', 'OperationError');
    const { ssrc: _ssrc, ...rest } = encoding;
    this.set.push(rest);
    this.preference = parameters.degradationPreference ?? '';
  }
}

describe('PictureSender', () => {
  let sender: FakeSender;
  let pictures: PictureSender;
  beforeEach(() => {
    sender = new FakeSender();
    pictures = new PictureSender(sender as unknown as VideoSender);
  });

  it('says nothing to the browser before the session stands, then what is wanted by then', async () => {
    pictures.want(wanted(640, 360));
    pictures.want(wanted(320, 180));
    await pictures.apply();
    expect(sender.set).toEqual([]);
    await pictures.begin();
    expect(sender.set).toEqual([{ active: true, scaleResolutionDownBy: 2, maxBitrate: 400_000, maxFramerate: 25 }]);
    expect(sender.preference).toBe('maintain-framerate');
  });

  it('begins with nothing', async () => {
    await pictures.begin();
    expect(sender.set).toEqual([{ active: false }]);
  });

  it('obeys one after the other, and of many wishes the newest', async () => {
    await pictures.begin();
    for (const kbps of [100, 200, 300, 400]) pictures.want(wanted(320, 180, 25, kbps));
    pictures.want(NO_PICTURE);
    pictures.want(wanted(320, 180, 25, 500));
    await settle();
    expect(sender.set.map(({ maxBitrate }) => maxBitrate)).toEqual([undefined, 100_000, 500_000]);
    pictures.want(NO_PICTURE);
    await settle();
    expect(sender.set.at(-1)?.active).toBe(false);
  });

  it('measures a new camera', async () => {
    pictures.want(wanted(320, 180));
    await pictures.begin();
    sender.track = { getSettings: () => ({ width: 1280, height: 720 }) };
    await pictures.apply();
    expect(sender.set.at(-1)?.scaleResolutionDownBy).toBeCloseTo(4, 1);
  });

  it('waits for a camera, and says nothing twice', async () => {
    const { track } = sender;
    sender.track = null;
    await pictures.begin();
    pictures.want(wanted(320, 180));
    await settle();
    expect(sender.set).toEqual([{ active: false }]);
    sender.track = track;
    await pictures.apply();
    await pictures.apply();
    pictures.want(wanted(320, 180));
    await settle();
    expect(sender.set.slice(1)).toMatchObject([{ active: true, scaleResolutionDownBy: 2 }]);
  });

  it('tries again where the session changed in between', async () => {
    await pictures.begin();
    let disturbed = false;
    sender.refuses = () => !disturbed && (disturbed = true);
    pictures.want(wanted(320, 180));
    await settle();
    expect(sender.set.at(-1)).toMatchObject({ active: true, maxFramerate: 25 });
  });

  it('still begins and ends in a browser that takes no limits', async () => {
    sender.refuses = (encoding) => 'maxFramerate' in encoding;
    await pictures.begin();
    pictures.want(wanted(320, 180));
    await settle();
    expect(sender.set.at(-1)).toEqual({ active: true });
    pictures.want(NO_PICTURE);
    await settle();
    expect(sender.set.at(-1)).toEqual({ active: false });
  });

  it('goes on after a browser has refused all', async () => {
    await pictures.begin();
    sender.refuses = () => true;
    pictures.want(wanted(320, 180));
    await settle();
    sender.refuses = () => false;
    pictures.want(wanted(160, 90));
    await settle();
    expect(sender.set.at(-1)).toMatchObject({ active: true, maxBitrate: 400_000 });
  });
});
