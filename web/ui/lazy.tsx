// A view that is loaded when it is first needed, so that a site's page stays small.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const AGAIN_MS = 2000;

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> & { preload: () => void } {
  let loaded: ComponentType<P> | null = null;
  const get = () => load().then((view) => (loaded = view));
  const Lazy = (props: P) => {
    const [, redraw] = useState(0);
    useEffect(() => {
      if (loaded) return;
      let timer = 0;
      let over = false;
      const tryIt = () => {
        get().then(
          () => over || redraw(1),
          () => over || (timer = setTimeout(tryIt, AGAIN_MS) as unknown as number), // a line that comes and goes
        );
      };
      tryIt();
      return () => {
        over = true;
        clearTimeout(timer);
      };
    }, []);
    const View = loaded;
    return View ? <View {...props} /> : null;
  };
  return Object.assign(Lazy, { preload: () => void get().catch(() => undefined) });
}
