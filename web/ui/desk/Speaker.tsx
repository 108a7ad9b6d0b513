// Who has the floor, since when, and the end of it.

import type { RoomState } from '../../lib/room';
import { useWords } from '../i18n';
import { MicIcon, MicOffIcon } from '../icons';
import type { Session } from '../session';
import { TurnClock } from '../TurnClock';

interface Props {
  session: Session;
  floor: RoomState['floor'];
  nameOf: (site: string) => string;
}

export function Speaker({ session, floor, nameOf }: Props) {
  const t = useWords();
  const { meeting, client } = session;
  const seat = floor ? meeting.sites.find(({ id }) => id === floor.site) : undefined;
  const heard = seat?.mic === true && !seat.silenced;
  return (
    <section class={floor ? 'speaker speaker-on' : 'speaker'} aria-labelledby="speaker-title" data-testid="speaker" data-site={floor?.site ?? ''}>
      <h2 id="speaker-title">{t('speaker')}</h2>
      {!floor && <p class="panel-none">{t('speaker.none')}</p>}
      {floor && (
        <>
          <p class="speaker-name">{nameOf(floor.site)}</p>
          <p class="speaker-mic">
            {heard ? <MicIcon /> : <MicOffIcon />} {t(heard ? 'speaker.heard' : 'speaker.silent')}
          </p>
          <div class="speaker-line">
            <TurnClock turn={floor} offset={meeting.clockOffset} />
            <button type="button" class="grant" data-testid="end-turn" onClick={() => void client.command({ type: 'floor', site: floor.site, on: false })}>
              {t('floor.end')}
            </button>
          </div>
        </>
      )}
    </section>
  );
}
