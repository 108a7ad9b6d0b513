// A planned time, as people of the page's language write it.

import type { Language } from './i18n';

/** "" for 0: no time. */
export function whenText(ms: number, language: Language): string {
  if (ms === 0) return '';
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', { dateStyle: 'full', timeStyle: 'short' }).format(date);
}
