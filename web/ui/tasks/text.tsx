// Somebody else's words: their direction is their own, and they are text and nothing else.

import type { ComponentChildren } from 'preact';

export function Words({ children }: { children: ComponentChildren }) {
  return <bdi class="words">{children}</bdi>;
}

/** Unix ms → 09:41, as the clock of this computer has it. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return at > 0 ? `${two(date.getHours())}:${two(date.getMinutes())}` : '';
}
