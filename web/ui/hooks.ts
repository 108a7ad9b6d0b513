// Small pieces of behaviour that more than one view has.

import { useEffect, useRef, useState } from 'preact/hooks';
import { SilenceWatch } from '../lib/silence';
import { loadPreferences } from './preferences';
import { Loudmeter } from './sound';

/** Keeps an element playing `stream`. */
export function useStream<E extends HTMLMediaElement>(track: MediaStreamTrack | null) {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (ref.current) ref.current.srcObject = track ? new MediaStream([track]) : null;
  }, [track]);
  return ref;
}

const LISTEN_EVERY_MS = 500;

/** Whether the microphone is on here and yet has given nothing for a while. */
export function useSilentMic(track: MediaStreamTrack | null, on: boolean): boolean {
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (!track || !on) return;
    const meter = new Loudmeter(track, 32768); // 0.7 s: nothing is missed between two looks
    const watch = new SilenceWatch();
    const timer = setInterval(() => setSilent(watch.update(meter.read()?.peak ?? null, performance.now())), LISTEN_EVERY_MS);
    return () => {
      clearInterval(timer);
      meter.close();
    };
  }, [track, on]);
  return silent;
}

/** What a browser itself does with Space or Enter goes first. */
const PRESSED = 'button, a, summary, input, [role=menuitem]';

/** Single keys, as long as they are wanted and nobody is typing. */
export function useShortcuts(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !loadPreferences().shortcuts) return;
      if (event.target instanceof Element && event.target.closest('input:not([type=checkbox]), select, textarea, [contenteditable]'))
        return;
      if ((event.key === ' ' || event.key === 'Enter') && event.target instanceof Element && event.target.closest(PRESSED)) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** A television that shows the meeting shall not go dark for want of touching. */
export function useScreenAwake(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const hold = () => {
      if (document.hidden) return; // the browser takes it back from hidden pages
      navigator.wakeLock.request('screen').then(
        (held) => (over ? void held.release() : (lock = held)),
        () => undefined, // low battery: the system's own rules
      );
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, []);
}

/** Moves the focus into a view that has just replaced another, so that keyboard and reader are there. */
export function useArrival<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return ref;
}
