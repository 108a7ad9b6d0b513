// The quality of the line: bars and a word.

import { useEffect, useState } from 'preact/hooks';
import { LINE_STALE_MS, lineQuality, lineWord } from '../lib/line';
import type { MeetingState } from '../lib/state';
import { useWords, type Key } from './i18n';

const WORD: Record<ReturnType<typeof lineWord>, Key> = {
  none: 'line.none',
  poor: 'line.poor',
  fair: 'line.fair',
  good: 'line.good',
};

export function Line({ line }: { line: MeetingState['line'] }) {
  const t = useWords();
  const [stale, setStale] = useState(false);
  useEffect(() => {
    setStale(false);
    const timer = setTimeout(() => setStale(true), LINE_STALE_MS);
    return () => clearTimeout(timer);
  }, [line]);
  const quality = lineQuality(line, stale ? Infinity : 0);
  const word = lineWord(quality);
  const details = line && !stale ? t('line.details', { loss: (line.loss / 10).toFixed(1), rtt: Math.round(line.rtt) }) : '';
  return (
    <div class={`line line-${word}`} title={details} data-testid="line" data-quality={quality}>
      <span class="line-name">{t('line')}</span>
      <svg class="bars" viewBox="0 0 20 16" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            class={bar <= quality ? 'full' : ''}
            x={(bar - 1) * 7}
            y={16 - bar * 5 - 1}
            width="5"
            height={bar * 5 + 1}
            rx="1"
          />
        ))}
      </svg>
      <span class="line-word">{t(WORD[word])}</span>
    </div>
  );
}
