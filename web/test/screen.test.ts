// What is presented: its limits, and that a browser that refuses them still sends.

import { describe, expect, it, vi } from 'vitest';
import { SCREEN_ENCODING, ScreenSender, screenScale } from '../lib/screen';

const track = (width: number, height: number) => ({ contentHint: '', getSettings: () => ({ width, height }) }) as unknown as MediaStreamTrack;

function fakeSender(refuses = false) {
  const parameters = { encodings: [{ active: true, maxFramerate: 5 }], transactionId: 'x' } as unknown as RTCRtpSendParameters;
  return {
    replaceTrack: vi.fn(async (_track: MediaStreamTrack | null) => undefined),
    getParameters: () => structuredClone(parameters),
    setParameters: vi.fn(async (_given: RTCRtpSendParameters) => {
      if (refuses) throw new Error('InvalidModificationError');
    }),
  };
}

describe('screenScale', () => {
  it('never enlarges, and fits into 1920x1080 in its own shape', () => {
    expect(screenScale({ width: 1366, height: 768 })).toBe(1);
    expect(screenScale({ width: 1920, height: 1080 })).toBe(1);
    expect(screenScale({ width: 3840, height: 2160 })).toBe(2);
    expect(screenScale({ width: 1920, height: 1200 })).toBeCloseTo(1200 / 1080);
    expect(screenScale({})).toBe(1);
  });
});

describe('ScreenSender', () => {
  it('sends text: sharp, and seldom', async () => {
    const sender = fakeSender();
    const shown = track(3840, 2160);
    await new ScreenSender(sender).show(shown);
    expect(sender.replaceTrack).toHaveBeenCalledWith(shown);
    expect(shown.contentHint).toBe('text');
    const [given] = sender.setParameters.mock.calls[0]!;
    expect(given.degradationPreference).toBe('maintain-resolution');
    expect(given.encodings).toEqual([{ active: true, ...SCREEN_ENCODING, scaleResolutionDownBy: 2 }]);
  });

  it('sends nothing without a track', async () => {
    const sender = fakeSender();
    await new ScreenSender(sender).show(null);
    expect(sender.replaceTrack).toHaveBeenCalledWith(null);
    expect(sender.setParameters).not.toHaveBeenCalled();
  });

  it('sends as it is where the browser refuses the limits', async () => {
    const sender = fakeSender(true);
    await expect(new ScreenSender(sender).show(track(1280, 720))).resolves.toBeUndefined();
    expect(sender.replaceTrack).toHaveBeenCalledOnce();
  });
});
