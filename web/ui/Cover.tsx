// What stands over the picture while it is not coming.

import type { MeetingState } from '../lib/state';
import { useWords } from './i18n';

export function Cover({ meeting, picture }: { meeting: MeetingState; picture: boolean }) {
  const t = useWords();
  const { phase, attempt } = meeting;
  if (phase === 'in' && picture) return null;
  const again = attempt > 1;
  const [first, repeated, hint] =
    phase === 'reconnecting'
      ? (['meeting.reconnecting', 'meeting.reconnecting.again', t('meeting.reconnecting.hint')] as const)
      : (['meeting.joining', 'meeting.joining.again', again ? t('meeting.joining.hint') : ''] as const);
  return (
    <div class={phase === 'reconnecting' ? 'cover cover-warns' : 'cover'} data-testid="overlay" data-phase={phase} data-attempt={attempt}>
      <p class="cover-words">{again ? t(repeated, { n: attempt }) : t(first)}</p>
      {hint && <p>{hint}</p>}
    </div>
  );
}
