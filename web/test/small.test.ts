import { describe, expect, it } from 'vitest';
import { LINE_STALE_MS, lineQuality, lineWord } from '../lib/line';
import { chooseCodecs } from '../lib/peer';
import { meterLevel, SILENT_AFTER_MS, SilenceWatch } from '../lib/silence';
import { sentence, type Told } from '../ui/announce';
import { readPreferences } from '../ui/preferences';

describe('line', () => {
  it('has a word for each quality', () => {
    expect(([0, 1, 2, 3] as const).map(lineWord)).toEqual(['none', 'poor', 'fair', 'good']);
  });

  it('is unknown without report or when the last is old', () => {
    const line = { quality: 3, loss: 0, rtt: 10 } as const;
    expect(lineQuality(null, 0)).toBe(0);
    expect(lineQuality(line, LINE_STALE_MS)).toBe(3);
    expect(lineQuality(line, LINE_STALE_MS + 1)).toBe(0);
  });
});

describe('chooseCodecs', () => {
  const codec = (mimeType: string, sdpFmtpLine?: string) => (sdpFmtpLine ? { mimeType, sdpFmtpLine } : { mimeType });
  const vp8 = codec('video/VP8');
  const baseline = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f');
  const constrained = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f');
  const mode0 = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f');
  const main = codec('video/H264', 'packetization-mode=1;profile-level-id=4d001f');
  const others = [codec('video/rtx'), codec('video/VP9', 'profile-id=0'), codec('video/AV1'), codec('video/red'), codec('video/ulpfec')];

  it('takes H.264 of our kind first, then VP8, and leaves the rest', () => {
    expect(chooseCodecs([vp8, ...others, main, baseline, mode0, constrained])).toEqual([constrained, baseline, vp8]);
  });

  it('takes VP8 alone where there is nothing else', () => {
    expect(chooseCodecs([...others, vp8])).toEqual([vp8]);
    expect(chooseCodecs([])).toEqual([]);
  });
});

describe('SilenceWatch', () => {
  it('speaks after ten seconds of digital zero, and takes it back at the first sound', () => {
    const watch = new SilenceWatch();
    expect(watch.update(0, 0)).toBe(false);
    expect(watch.update(0, SILENT_AFTER_MS - 1)).toBe(false);
    expect(watch.update(0, SILENT_AFTER_MS)).toBe(true);
    expect(watch.update(0.001, SILENT_AFTER_MS + 1)).toBe(false);
    expect(watch.update(0, SILENT_AFTER_MS + 2)).toBe(false);
  });

  it('does not count what is not measured, nor a quiet room', () => {
    const watch = new SilenceWatch();
    watch.update(0, 0);
    watch.update(null, 5000);
    expect(watch.update(0, SILENT_AFTER_MS)).toBe(false);
    for (let now = 0; now <= 60_000; now += 500) expect(watch.update(2e-5, now)).toBe(false);
  });
});

describe('meterLevel', () => {
  it.each([
    [0, 0],
    [0.001, 0],
    [0.5012, 1],
    [1, 1],
    [0.0224, 0.5],
  ])('%f → %f', (rms, level) => expect(meterLevel(rms)).toBeCloseTo(level, 2));
});

describe('readPreferences', () => {
  it.each<[string, string | null]>([
    ['nothing', null],
    ['no JSON', '{'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['wrong types', '{"micOn":"no","camera":7,"language":"fr"}'],
  ])('takes the defaults for %s', (_, stored) => {
    expect(readPreferences(stored)).toMatchObject({ language: 'vi', micOn: true, cameraOn: true, camera: '' });
  });

  it('keeps what was chosen, and nothing it does not know', () => {
    const preferences = readPreferences('{"language":"en","micOn":false,"mic":"abc","__proto__":{"x":1},"y":2}');
    expect(preferences).toMatchObject({ language: 'en', micOn: false, mic: 'abc' });
    expect('x' in preferences || 'y' in preferences).toBe(false);
  });
});

describe('sentence', () => {
  const told: Told = { phase: 'in', recording: false, view: 'programme', micOn: true, cameraOn: true, floor: false, silenced: false, hand: false };
  it.each<[Partial<Told>, Partial<Told>, string | null]>([
    [{ phase: 'joining' }, {}, 'said.joined'],
    [{ phase: 'reconnecting' }, {}, 'said.reconnected'],
    [{}, { phase: 'reconnecting' }, 'meeting.reconnecting'],
    [{}, { recording: true }, 'said.recording.on'],
    [{ recording: true }, {}, 'said.recording.off'],
    [{}, { micOn: false }, 'said.mic.off'],
    [{ micOn: false }, {}, 'said.mic.on'],
    [{}, { cameraOn: false }, 'said.camera.off'],
    [{ cameraOn: false }, {}, 'said.camera.on'],
    [{}, { floor: true, micOn: false }, 'said.floor.on'],
    [{ floor: true }, {}, 'said.floor.off'],
    [{}, { silenced: true, micOn: false }, 'said.silenced.on'],
    [{ silenced: true }, {}, 'said.silenced.off'],
    [{}, { hand: true }, 'said.hand.up'],
    [{ hand: true }, {}, 'said.hand.down'],
    [{}, {}, null],
  ])('%j → %j: %s', (before, now, key) => expect(sentence({ ...told, ...before }, { ...told, ...now })).toBe(key));
});
