// The meeting's clock: the bridge's time, so that all sites read the same.

import { useEffect, useState } from 'preact/hooks';
import { browserEnv } from '../lib/env';
import { useWords } from './i18n';

export function Clock({ offset }: { offset: number | null }) {
  const t = useWords();
  const [, tick] = useState(0);
  useEffect(() => {
    if (offset === null) return;
    let timer = 0;
    const wait = () => {
      const toNextMinute = 60_000 - ((browserEnv.now() + offset) % 60_000);
      timer = browserEnv.setTimer(() => {
        tick((count) => count + 1);
        wait();
      }, toNextMinute + 20);
    };
    wait();
    return () => browserEnv.clearTimer(timer);
  }, [offset]);
  if (offset === null) return null;
  const now = new Date(browserEnv.now() + offset);
  const text = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`;
  return (
    <time class="clock" dateTime={text} title={t('meeting.clock')} data-testid="clock">
      {text}
    </time>
  );
}
