// Title and time of a meeting: to make one, to copy one, to change one.

import { useState } from 'preact/hooks';
import { useWords } from '../i18n';

const TITLE_MAX_CHARS = 200;

export interface PlanValues {
  title: string;
  /** Unix ms; 0: no time. */
  planned: number;
}

/** As a field of date and time writes it: this machine's time, to the minute. */
export function fieldTime(ms: number): string {
  if (ms === 0) return '';
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** 0: none, or none that exists. */
export function readTime(field: string): number {
  const ms = field === '' ? 0 : new Date(field).getTime();
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

interface Props {
  id: string;
  first: PlanValues;
  words: string;
  busy: boolean;
  act: (values: PlanValues) => void;
}

export function PlanForm({ id, first, words, busy, act }: Props) {
  const t = useWords();
  const [title, setTitle] = useState(first.title);
  const [when, setWhen] = useState(fieldTime(first.planned));
  return (
    <form
      class="plan"
      data-testid={id}
      onSubmit={(event) => {
        event.preventDefault();
        const clean = title.trim().normalize('NFC');
        if (clean !== '' && !busy) act({ title: clean, planned: readTime(when) });
      }}
    >
      <label>
        <span>{t('admin.title')}</span>
        <input data-testid={`${id}-title`} required maxLength={TITLE_MAX_CHARS} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label>
        <span>{t('admin.when')}</span>
        <input data-testid={`${id}-when`} type="datetime-local" value={when} onInput={(event) => setWhen(event.currentTarget.value)} />
      </label>
      <button type="submit" class="main" data-testid={`${id}-do`} disabled={busy || title.trim() === ''}>
        {words}
      </button>
    </form>
  );
}
