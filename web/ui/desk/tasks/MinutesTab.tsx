// The minutes of the meeting so far, as a file.

import { useState } from 'preact/hooks';
import type { MinutesKind } from '../../../lib/rest';
import { useWords, type Key } from '../../i18n';
import { pageRest } from '../../rest';
import type { TabProps } from './common';

const KINDS: readonly { kind: MinutesKind; words: Key }[] = [
  { kind: 'pdf', words: 'minutes.pdf' },
  { kind: 'csv', words: 'minutes.csv' },
  { kind: 'json', words: 'minutes.json' },
];
const KEPT_MS = 60_000; // a browser may ask where to put it

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

export function MinutesTab({ session }: TabProps) {
  const t = useWords();
  const [state, setState] = useState<'' | 'busy' | 'failed'>('');
  const id = session.meeting.meeting?.id ?? '';
  const get = async (kind: MinutesKind) => {
    setState('busy');
    try {
      save(await pageRest(session.token).minutes(id, kind), `bien-ban-${id}.${kind}`);
      setState('');
    } catch {
      setState('failed');
    }
  };
  return (
    <section class="minutes">
      <h3>{t('minutes')}</h3>
      <p class="work-hint">{t('minutes.hint')}</p>
      <div class="minutes-kinds">
        {KINDS.map(({ kind, words }) => (
          <button key={kind} type="button" class={kind === 'pdf' ? 'do' : 'plain'} data-testid={`minutes-${kind}`} disabled={state === 'busy'} onClick={() => void get(kind)}>
            {t(words)}
          </button>
        ))}
      </div>
      {state === 'failed' && (
        <p class="work-wrong" role="alert" data-testid="minutes-failed">
          {t('minutes.failed')}
        </p>
      )}
    </section>
  );
}
