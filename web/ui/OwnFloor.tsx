// The own turn: first a message that nobody overlooks, then a frame, the clock and how to end.

import { useWords } from './i18n';
import { MicIcon } from './icons';
import type { Session } from './session';
import { TurnClock, useSeconds } from './TurnClock';

/** So long the message is large, also to whom is heard at once. */
const FRESH_MS = 6000;

export function OwnFloor({ session }: { session: Session }) {
  const t = useWords();
  const { meeting, media } = session;
  const turn = meeting.room.floor;
  const now = useSeconds(meeting.clockOffset);
  if (!session.hasFloor || turn === null || meeting.phase !== 'in') return null;
  const heard = media.sending.mic;
  const end = () => void session.client.command({ type: 'floor', site: turn.site, on: false });
  const { called } = session;
  const name = meeting.site?.name ?? '';
  const small = !called && heard && now - turn.since >= FRESH_MS;
  return (
    <div class={small ? 'own-floor speaking' : 'own-floor'} data-testid="own-floor" data-mic={heard} data-called={called}>
      {called ? (
        <p class="own-floor-words" data-testid="called">
          <strong>{t('called', { name })}</strong>
          <span>{t('called.say', { name })}</span>
        </p>
      ) : (
        <p class="own-floor-words">
          <strong>{name}</strong>
          <span>{t(heard ? 'floor.speaking' : 'floor.invited')}</span>
        </p>
      )}
      {!called && <TurnClock turn={turn} offset={meeting.clockOffset} />}
      {!heard && (
        <button type="button" class="main" data-testid="floor-mic" onClick={() => session.toggleMic()}>
          <MicIcon /> {t('floor.mic')}
        </button>
      )}
      {!called && (
        <button type="button" class="quiet" data-testid="floor-end" onClick={end}>
          {t('floor.end')}
        </button>
      )}
    </div>
  );
}
