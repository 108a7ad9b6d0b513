// How long somebody has spoken, or how long is left.

import { useEffect, useState } from 'preact/hooks';
import { browserEnv } from '../lib/env';
import { clockText, turnTimes, type RoomState } from '../lib/room';
import { useWords } from './i18n';

/** A turn that ends soon is told. */
export const SOON_S = 30;

/** The meeting's clock, Unix ms, a new value each second. */
export function useSeconds(offset: number | null): number {
  const read = () => browserEnv.now() + (offset ?? 0);
  const [now, setNow] = useState(read);
  useEffect(() => {
    const tick = () => setNow(read());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [offset]);
  return now;
}

type Turn = NonNullable<RoomState['floor']>;

export function TurnClock({ turn, offset }: { turn: Turn; offset: number | null }) {
  const t = useWords();
  const { gone, left } = turnTimes(turn, useSeconds(offset));
  const state = left === null ? 'free' : left < 0 ? 'over' : left <= SOON_S ? 'soon' : 'limited';
  const words = {
    free: () => t('turn.gone', { time: clockText(gone) }),
    limited: () => t('turn.left', { time: clockText(left ?? 0) }),
    soon: () => t('turn.left', { time: clockText(left ?? 0) }),
    over: () => t('turn.over', { time: clockText(-(left ?? 0)) }),
  };
  return (
    <>
      <span class={`turn-clock turn-${state}`} role="timer" data-testid="turn-clock" data-state={state}>
        {words[state]()}
      </span>
      {/* Once, when it changes; the clock itself would be read out every second. */}
      <span class="unseen" role="status">
        {state === 'soon' && t('turn.soon.said', { seconds: SOON_S })}
        {state === 'over' && t('turn.over.said')}
      </span>
    </>
  );
}
