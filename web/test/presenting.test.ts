// The own screen: who ends it, and that it is let go in every case.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Presenting } from '../ui/presenting';

class Track extends EventTarget {
  readyState = 'live';
  stop(): void {
    this.readyState = 'ended';
  }
  /** The browser's own button. */
  end(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}

function made(answers: (string | null)[] = []) {
  const track = new Track();
  const said: boolean[] = [];
  const client = {
    command: async ({ on }: { on: boolean }) => {
      said.push(on);
      return answers.shift() ?? null;
    },
  };
  vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia: async () => ({ getTracks: () => [track], getVideoTracks: () => [track] }) } });
  const carried: unknown[] = []; // what is sent, at each change
  const changed = vi.fn(() => void carried.push(presenting.screen));
  const presenting: Presenting = new Presenting(client as never, changed);
  return { presenting, track, said, carried, changed, client };
}

afterEach(() => vi.unstubAllGlobals());

describe('Presenting', () => {
  it('shows the screen once the bridge has let it', async () => {
    const { presenting, track, said, carried } = made();
    await presenting.start();
    expect(presenting.on).toBe(true);
    expect(said).toEqual([true]);
    expect(carried).toEqual([track]);
    expect(track.readyState).toBe('live');
    await presenting.start(); // nothing more
    expect(said).toEqual([true]);
  });

  it('lets the screen go when the bridge refuses', async () => {
    const { presenting, track, carried } = made(['forbidden']);
    await presenting.start();
    expect(presenting.on).toBe(false);
    expect(track.readyState).toBe('ended');
    expect(carried).toEqual([]);
  });

  it('says nothing when the person chooses no screen', async () => {
    const { presenting, said } = made();
    vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia: () => Promise.reject(new Error('NotAllowedError')) } });
    await presenting.start();
    expect(said).toEqual([]);
    expect(presenting.on).toBe(false);
  });

  it('ends by its button, and says so', async () => {
    const { presenting, track, said, carried, changed } = made();
    await presenting.start();
    presenting.stop();
    expect(presenting.on).toBe(false);
    expect(track.readyState).toBe('ended');
    expect(said).toEqual([true, false]);
    expect(carried).toEqual([track, null]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('ends by the browser’s button', async () => {
    const { presenting, track, said } = made();
    await presenting.start();
    track.end();
    expect(presenting.on).toBe(false);
    expect(said).toEqual([true, false]);
  });

  it('ends by the browser’s button while the bridge is still asked', async () => {
    const { presenting, track, said, client, carried } = made();
    client.command = async ({ on }) => {
      said.push(on);
      if (on) track.end();
      return null;
    };
    await presenting.start();
    expect(presenting.on).toBe(false);
    expect(said).toEqual([true, false]);
    expect(carried).toEqual([null]);
  });

  it('ends when the bridge gives the place to another, and not before it has had it', async () => {
    const { presenting, track, said } = made();
    await presenting.start();
    presenting.obey(false); // not told yet
    expect(presenting.on).toBe(true);
    presenting.obey(true);
    presenting.obey(false);
    expect(presenting.on).toBe(false);
    expect(track.readyState).toBe('ended');
    expect(said).toEqual([true]); // the bridge knows
  });

  it('is not possible where the browser has no such thing', () => {
    const { presenting } = made();
    expect(presenting.possible).toBe(true);
    vi.stubGlobal('navigator', { mediaDevices: {} });
    expect(presenting.possible).toBe(false);
    vi.stubGlobal('navigator', {});
    expect(presenting.possible).toBe(false);
  });
});
