// Full screen, and the quiet that comes with it: the bars go away while nothing is touched.

import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const IDLE_AFTER_MS = 3000;

export interface FullScreen {
  possible: boolean;
  on: boolean;
  /** On, and nobody has touched anything for a while. */
  idle: boolean;
  toggle: () => void;
}

export function useFullScreen(element: RefObject<HTMLElement>): FullScreen {
  const [on, setOn] = useState(false);
  const [idle, setIdle] = useState(false);

  useEffect(() => {
    const onChange = () => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);

  useEffect(() => {
    if (!on) return;
    let timer = 0;
    const touched = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE_AFTER_MS) as unknown as number;
    };
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const event of events) window.addEventListener(event, touched);
    touched();
    return () => {
      for (const event of events) window.removeEventListener(event, touched);
      clearTimeout(timer);
      setIdle(false);
    };
  }, [on]);

  const toggle = () => {
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    else void element.current?.requestFullscreen().catch(() => undefined);
  };
  return { possible: document.fullscreenEnabled === true, on, idle, toggle };
}
