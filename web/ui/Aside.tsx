// That this site is in the side room, said where the eye is.

import { useWords } from './i18n';
import { DoorIcon } from './icons';
import type { Session } from './session';

export function Aside({ session }: { session: Session }) {
  const t = useWords();
  if (!session.aside || session.meeting.phase !== 'in') return null;
  return (
    <div class="aside-note" role="status" data-testid="aside">
      <DoorIcon />
      <p>
        <strong>{t('aside.here')}</strong> {t('aside.here.hint')}
      </p>
    </div>
  );
}
