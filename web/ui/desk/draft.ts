// The scene that is being prepared. An edit shows at once and goes to the bridge; until the bridge tells
// what it has made of it, the next edit builds on this one and not on what was before.

import { useEffect, useRef, useState } from 'preact/hooks';
import { sameScene, type Scene } from '../../lib/scene';
import type { Session } from '../session';

export interface Draft {
  scene: Scene;
  /** Whether taking it would change the programme. */
  differs: boolean;
  edit: (scene: Scene) => void;
}

const NOTHING: Scene = { layout: 'auto', letterbox: false, labels: true, border: true, panes: [] };

export function useDraft(session: Session): Draft {
  const { desk } = session.meeting;
  const told = desk?.preview ?? null;
  const toldText = JSON.stringify(told);
  const [, redraw] = useState(0);
  const mine = useRef<Scene | null>(null);
  const set = (scene: Scene | null) => {
    mine.current = scene;
    redraw((count) => count + 1);
  };
  // The bridge has spoken: what it says counts.
  useEffect(() => set(null), [toldText]);

  const scene = mine.current ?? told ?? desk?.programme ?? NOTHING;
  return {
    scene,
    differs: desk !== null && !sameScene(scene, desk.programme),
    edit: (next) => {
      set(next);
      void session.client.command({ type: 'preview', scene: next }).then((code) => code !== null && set(null));
    },
  };
}
