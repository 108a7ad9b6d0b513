// The quality of the line as people read it: bars and a word.

import type { LineInfo, Quality } from './messages';

export type LineWord = 'none' | 'poor' | 'fair' | 'good';

const WORDS: readonly LineWord[] = ['none', 'poor', 'fair', 'good'];

export function lineWord(quality: Quality): LineWord {
  return WORDS[quality] as LineWord;
}

/** The bridge reports every 2 s: after three missing reports the last one is no longer true. */
export const LINE_STALE_MS = 7000;

export function lineQuality(line: LineInfo | null, ageMs: number): Quality {
  return line && ageMs <= LINE_STALE_MS ? line.quality : 0;
}
