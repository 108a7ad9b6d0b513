// That the chair has shut the own microphone, said where the eye is, and what to do about it.

import { mayUnmute } from '../lib/room';
import { useWords } from './i18n';
import { HandIcon, MicOffIcon } from './icons';
import type { Session } from './session';

interface Props {
  session: Session;
  /** The button was pressed and could not do it. */
  asked: boolean;
}

export function Silenced({ session, asked }: Props) {
  const t = useWords();
  const { meeting } = session;
  const { room, role } = meeting;
  if (meeting.phase !== 'in' || role === null || session.hasFloor) return null;
  if (!session.silenced) return null;
  const may = mayUnmute(role, room);
  const hand = session.hand > 0;
  const hint = may ? 'silenced.may' : hand ? 'silenced.waiting' : room.policy === 'chair' ? 'silenced.chair' : 'silenced.hand';
  return (
    <div class={asked || may ? 'silenced silenced-loud' : 'silenced'} data-testid="silenced" data-may={may}>
      <MicOffIcon />
      <p>
        <strong>{t('silenced')}</strong> {t(hint)}
      </p>
      {may && (
        <button type="button" class="quiet" data-testid="unmute" onClick={() => session.toggleMic()}>
          {t('floor.mic')}
        </button>
      )}
      {!may && !hand && asked && (
        <button type="button" class="quiet" data-testid="silenced-hand" onClick={() => void session.client.command({ type: 'hand', on: true })}>
          <HandIcon /> {t('hand')}
        </button>
      )}
    </div>
  );
}
