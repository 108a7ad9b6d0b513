// What has gone wrong, above the picture, until it is well or closed.

import { useRef, useState } from 'preact/hooks';
import type { Command } from '../lib/messages';
import type { LocalState } from './devices';
import { useShortcuts } from './hooks';
import { useWords, type Key } from './i18n';
import { WarningIcon } from './icons';
import type { Session } from './session';
import { troubleKeys } from './troubles';

/** Devices that worked in this meeting and work no more; who came without is not told again. */
function useLostDevices(local: LocalState): boolean {
  const had = useRef({ mic: false, camera: false });
  had.current.mic ||= local.audio !== null;
  had.current.camera ||= local.video !== null;
  const { mic, camera } = had.current;
  return (mic && local.micOn && local.trouble.mic !== null) || (camera && local.cameraOn && local.trouble.camera !== null);
}

/** Something that was asked for and not done; stands until it is closed. */
function Failure({ error, words }: { error: { code: string } | null; words: Key }) {
  const t = useWords();
  const [closed, setClosed] = useState<object | null>(null);
  const open = error !== null && error !== closed;
  const close = () => setClosed(error);
  useShortcuts(open ? { escape: close } : {});
  if (!open) return null;
  return (
    <div class="notice" data-testid="notice" data-code={error.code}>
      <WarningIcon />
      <span>{t(words)}</span>
      <button type="button" class="quiet" data-testid="notice-close" onClick={close}>
        {t('notice.close')}
      </button>
    </div>
  );
}

/** Commands about something other than a site. */
const WORK: readonly Command['type'][] = ['vote-close', 'vote-show', 'roll-close', 'calls', 'agenda-at', 'document-show', 'document-remove', 'chat'];

/** Why a command was not obeyed, for people. */
function commandWords(code: string, type: Command['type']): Key {
  switch (code) {
    case 'forbidden':
      return type === 'chat' ? 'command.chat-closed' : 'command.forbidden';
    case 'not-found':
      if (type === 'vote') return 'command.vote-closed';
      if (type === 'calls') return 'command.nobody-to-call';
      return WORK.includes(type) ? 'command.gone' : 'command.not-found';
    case 'conflict':
      return type === 'vote' ? 'command.voted' : 'command.conflict';
    case 'full':
      return 'command.full';
    case 'rate-limited':
      return 'command.often';
    case 'connection-lost':
    case 'timeout':
      return 'command.lost';
    default:
      return 'command.failed';
  }
}

export function Notices({ session, silent }: { session: Session; silent: boolean }) {
  const t = useWords();
  const { recordingError, viewError, commandError } = session.meeting;
  const local = session.media.state;
  const lost = useLostDevices(local);
  return (
    <div class="notices" role="alert">
      {silent && (
        <p class="notice" data-testid="silent">
          <WarningIcon />
          <span>{t('trouble.silent')}</span>
        </p>
      )}
      {lost && (
        <div class="notice" data-testid="trouble">
          <WarningIcon />
          <span>
            {troubleKeys(local)
              .map((key) => t(key))
              .join(' ')}
          </span>
          <button type="button" class="quiet" data-testid="retry-devices" onClick={() => void session.media.open()}>
            {t('device.retry')}
          </button>
        </div>
      )}
      <Failure error={recordingError} words={'recording.failed'} />
      <Failure error={commandError} words={commandWords(commandError?.code ?? '', commandError?.type ?? 'end')} />
      <Failure error={viewError} words={viewError?.code === 'forbidden' ? 'view.forbidden' : 'view.failed'} />
    </div>
  );
}
