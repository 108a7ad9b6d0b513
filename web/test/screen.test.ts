// What is presented: sharp, and that a browser that refuses still sends.

import { describe, expect, it, vi } from 'vitest';
import { ScreenSender } from '../lib/screen';

const track = () => ({ contentHint: '' }) as unknown as MediaStreamTrack;

function fakeSender(refuses = false) {
  const parameters = { encodings: [{ active: true, maxFramerate: 5 }], transactionId: 'x' } as unknown as RTCRtpSendParameters;
  return {
    replaceTrack: vi.fn(async (_track: MediaStreamTrack | null) => undefined),
    getParameters: () => structuredClone(parameters),
    setParameters: vi.fn(async (_given: RTCRtpSendParameters, _options?: object) => {
      if (refuses) throw new Error('InvalidModificationError');
    }),
  };
}

describe('ScreenSender', () => {
  it('sends text, sharp, and a key frame first', async () => {
    const sender = fakeSender();
    const shown = track();
    await new ScreenSender(sender).show(shown);
    expect(sender.replaceTrack).toHaveBeenCalledWith(shown);
    expect(shown.contentHint).toBe('text');
    const [given, options] = sender.setParameters.mock.calls[0]!;
    expect(given.degradationPreference).toBe('maintain-resolution');
    expect(given.encodings).toEqual([{ active: true, maxFramerate: 5 }]);
    expect(options).toEqual({ encodingOptions: [{ keyFrame: true }] });
    expect(sender.setParameters.mock.invocationCallOrder[0]).toBeLessThan(sender.replaceTrack.mock.invocationCallOrder[0]!);
  });

  it('sends nothing without a track', async () => {
    const sender = fakeSender();
    await new ScreenSender(sender).show(null);
    expect(sender.replaceTrack).toHaveBeenCalledWith(null);
    expect(sender.setParameters).not.toHaveBeenCalled();
  });

  it('sends all the same where the browser refuses', async () => {
    const sender = fakeSender(true);
    await expect(new ScreenSender(sender).show(track())).resolves.toBeUndefined();
    expect(sender.replaceTrack).toHaveBeenCalledOnce();
  });
});
