// What concerns the whole meeting: who may speak, the line of text, recording, the door, the end.

import { useState } from 'preact/hooks';
import { BANNER_MAX_CHARS, type Policy } from '../../lib/room';
import { ControlButton, HandButton } from '../Controls';
import { useWords, type Key } from '../i18n';
import { EndIcon, LeaveIcon, LockIcon, MicOffIcon, RecordIcon, StopIcon, TextIcon } from '../icons';
import type { Session } from '../session';
import { Confirm, Dialog } from './Dialog';

const POLICIES: readonly { policy: Policy; words: Key; hint: Key }[] = [
  { policy: 'open', words: 'policy.open', hint: 'policy.open.hint' },
  { policy: 'permission', words: 'policy.permission', hint: 'policy.permission.hint' },
  { policy: 'chair', words: 'policy.chair', hint: 'policy.chair.hint' },
];

type Opened = 'banner' | 'mute' | 'end' | null;

function BannerDialog({ session, close }: { session: Session; close: () => void }) {
  const t = useWords();
  const now = session.meeting.room.banner;
  const [text, setText] = useState(now);
  const say = (value: string) => {
    void session.client.command({ type: 'banner', text: value });
    close();
  };
  return (
    <Dialog id="banner-dialog" title={t('banner.title')} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          say(text.trim().normalize('NFC'));
        }}
      >
        <label for="banner-text">{t('banner.text')}</label>
        <input
          id="banner-text"
          data-testid="banner-text"
          autoFocus
          maxLength={BANNER_MAX_CHARS}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="dialog-buttons">
          <button type="button" class="quiet" data-testid="banner-cancel" onClick={close}>
            {t('dialog.no')}
          </button>
          {now !== '' && (
            <button type="button" class="quiet" data-testid="banner-clear" onClick={() => say('')}>
              {t('banner.clear')}
            </button>
          )}
          <button type="submit" class="main" data-testid="banner-show">
            {t('banner.show')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function MuteDialog({ session, chosen, nameOf, close }: { session: Session; chosen: string | null; nameOf: (site: string) => string; close: () => void }) {
  const t = useWords();
  const { room } = session.meeting;
  const say = (on: boolean, except?: string[]) => {
    void session.client.command({ type: 'silence-all', on, ...(except ? { except } : {}) });
    close();
  };
  return (
    <Dialog id="mute-dialog" title={t('mute-all')} close={close}>
      <p>{t('mute-all.hint')}</p>
      <label class="check" title={t('policy.self.hint')}>
        <input
          type="checkbox"
          data-testid="self-unmute"
          checked={room.selfUnmute}
          disabled={room.policy !== 'open'}
          onChange={(event) => void session.client.command({ type: 'policy', mic: room.policy, selfUnmute: event.currentTarget.checked })}
        />
        <span>{t('policy.self')}</span>
      </label>
      <div class="dialog-list">
        <button type="button" class="main" data-testid="mute-everybody" onClick={() => say(true)}>
          {t('mute-all.all')}
        </button>
        {chosen !== null && (
          <button type="button" class="quiet" data-testid="mute-but" onClick={() => say(true, [chosen])}>
            {t('mute-all.but', { name: nameOf(chosen) })}
          </button>
        )}
        <button type="button" class="quiet" data-testid="unmute-everybody" onClick={() => say(false)}>
          {t('mute-all.off')}
        </button>
        <button type="button" class="quiet" data-testid="mute-cancel" onClick={close}>
          {t('dialog.no')}
        </button>
      </div>
    </Dialog>
  );
}

interface Props {
  session: Session;
  chosen: string | null;
  nameOf: (site: string) => string;
}

export function DeskBar({ session, chosen, nameOf }: Props) {
  const t = useWords();
  const [opened, setOpened] = useState<Opened>(null);
  const { meeting, client } = session;
  const { room, recording, phase, role } = meeting;
  const off = phase !== 'in';
  const close = () => setOpened(null);
  const setPolicy = (mic: Policy, selfUnmute: boolean) => void client.command({ type: 'policy', mic, selfUnmute });
  return (
    <div class="desk-bar" role="group" aria-label={t('control.group')}>
      <div class="policy" role="group" aria-labelledby="policy-name">
        <span id="policy-name">{t('policy')}</span>
        <div class="segments">
          {POLICIES.map(({ policy, words, hint }) => (
            <button
              key={policy}
              type="button"
              data-testid={`policy-${policy}`}
              aria-pressed={room.policy === policy}
              title={t(hint)}
              disabled={off}
              onClick={() => setPolicy(policy, room.selfUnmute)}
            >
              {t(words)}
            </button>
          ))}
        </div>
      </div>
      <ControlButton id="mute-all" icon={<MicOffIcon />} words={t('mute-all')} disabled={off} act={() => setOpened('mute')} />
      {role === 'secretary' && (
        <HandButton place={session.hand} disabled={off || session.hasFloor} act={() => void client.command({ type: 'hand', on: session.hand === 0 })} />
      )}
      <ControlButton
        id="banner"
        icon={<TextIcon />}
        words={t('banner')}
        {...(room.banner ? { state: t('banner.on') } : {})}
        kind={room.banner ? 'in-use' : ''}
        disabled={off}
        act={() => setOpened('banner')}
      />
      <ControlButton
        id="record"
        icon={recording ? <StopIcon /> : <RecordIcon />}
        words={t(recording ? 'control.record.stop' : 'control.record')}
        kind={recording ? 'recording' : ''}
        disabled={off}
        act={() => void client.record(!recording)}
      />
      <ControlButton
        id="lock"
        icon={<LockIcon />}
        words={t(room.locked ? 'lock.on' : 'lock')}
        pressed={room.locked}
        kind={room.locked ? 'in-use' : ''}
        disabled={off}
        act={() => void client.command({ type: 'lock', on: !room.locked })}
      />
      <span class="space" />
      {role === 'chair' && <ControlButton id="end" icon={<EndIcon />} words={t('end')} disabled={off} act={() => setOpened('end')} />}
      <ControlButton id="leave" icon={<LeaveIcon />} words={t('control.leave')} kind="leave" act={() => client.leave()} />
      {opened === 'banner' && <BannerDialog session={session} close={close} />}
      {opened === 'mute' && <MuteDialog session={session} chosen={chosen} nameOf={nameOf} close={close} />}
      {opened === 'end' && (
        <Confirm title={t('end.title')} words={t('end.words')} yes={t('end.yes')} act={() => void client.command({ type: 'end' })} close={close} />
      )}
    </div>
  );
}
