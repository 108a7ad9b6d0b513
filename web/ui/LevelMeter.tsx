// The microphone's level as a bar that moves. Drawn at 14 pictures a second, past Preact.

import { useEffect, useRef } from 'preact/hooks';
import { meterLevel } from '../lib/silence';
import { useWords } from './i18n';
import { Loudmeter } from './sound';

const EVERY_MS = 70;

export function LevelMeter({ track, on }: { track: MediaStreamTrack | null; on: boolean }) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (level: number) => {
      if (bar.current) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      if (box.current) box.current.dataset.level = String(Math.round(level * 100));
    };
    show(0);
    if (!track || !on) return;
    const meter = new Loudmeter(track, 1024);
    let shown = 0;
    const timer = setInterval(() => {
      if (document.hidden) return;
      // Up at once, down slowly: easier to read.
      shown = Math.max(meterLevel(meter.read()?.rms ?? 0), shown - 0.06);
      show(shown);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      meter.close();
    };
  }, [track, on]);
  return (
    <div class="level" ref={box} role="img" aria-label={t('before.level')} data-testid="mic-level" data-level="0">
      <div class="level-bar" ref={bar} />
    </div>
  );
}
