// In the meeting: the programme as large as fits, the state of things above, the buttons below.

import { useRef, useState } from 'preact/hooks';
import type { MeetingState } from '../lib/state';
import { toldOf, useAnnouncement } from './announce';
import { Clock } from './Clock';
import { ControlButton, SourceButton, WallButton } from './Controls';
import type { LocalState } from './devices';
import { useFullScreen, type FullScreen } from './fullscreen';
import { useArrival, useScreenAwake, useShortcuts, useSilentMic, useStream } from './hooks';
import { useWords, type Key } from './i18n';
import { CameraOffIcon, EnlargeIcon, LeaveIcon, ListIcon, MicOffIcon, RecordIcon, ReduceIcon, StopIcon, WarningIcon } from './icons';
import { Line } from './Line';
import { LanguageSwitch } from './PageBar';
import { loadPreferences, savePreferences } from './preferences';
import { Programme } from './Programme';
import type { Session } from './session';
import { Sites } from './Sites';
import { troubleKeys } from './troubles';

function TopBar({ meeting, title }: { meeting: MeetingState; title: string }) {
  const t = useWords();
  return (
    <header class="top-bar">
      <h1 data-testid="meeting-title">{title}</h1>
      {meeting.recording && (
        <p class="on-air" data-testid="recording">
          <RecordIcon /> {t('meeting.recording')}
        </p>
      )}
      <span class="space" />
      <Clock offset={meeting.clockOffset} />
      <Line line={meeting.line} />
      <LanguageSwitch />
    </header>
  );
}

function SelfView({ local }: { local: LocalState }) {
  const t = useWords();
  const video = useStream<HTMLVideoElement>(local.video);
  return (
    <div class="self">
      <video ref={video} data-testid="self" aria-label={t('meeting.self')} autoplay playsInline muted hidden={!local.video} />
      {!local.video && (
        <p class="self-empty">
          <CameraOffIcon />
          {t(local.cameraOn ? 'before.preview.none' : 'meeting.self.camera-off')}
        </p>
      )}
      {!local.micOn && (
        <p class="self-muted">
          <MicOffIcon />
          {t('meeting.self.muted')}
        </p>
      )}
    </div>
  );
}

/** What stands over the picture while it is not coming. */
function Cover({ meeting, picture }: { meeting: MeetingState; picture: boolean }) {
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

function Notices({ session, silent }: { session: Session; silent: boolean }) {
  const t = useWords();
  const { recordingError, viewError } = session.meeting;
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
      <Failure error={viewError} words={viewError?.code === 'forbidden' ? 'view.forbidden' : 'view.failed'} />
    </div>
  );
}

interface BarProps {
  session: Session;
  screen: FullScreen;
  sitesShown: boolean;
  toggleSites: () => void;
}

function BottomBar({ session, screen, sitesShown, toggleSites }: BarProps) {
  const t = useWords();
  const { meeting, media, client } = session;
  const { recording } = meeting;
  return (
    <div class="bottom-bar" role="group" aria-label={t('control.group')}>
      {media.sends && (
        <>
          <SourceButton source="mic" local={media.state} act={() => void media.toggle('mic')} />
          <SourceButton source="camera" local={media.state} act={() => void media.toggle('camera')} />
        </>
      )}
      {screen.possible && (
        <ControlButton
          id="fullscreen"
          icon={screen.on ? <ReduceIcon /> : <EnlargeIcon />}
          words={t(screen.on ? 'control.fullscreen.exit' : 'control.fullscreen')}
          shortcut="F"
          act={screen.toggle}
        />
      )}
      <ControlButton id="sites-toggle" icon={<ListIcon />} words={t('control.sites')} expanded={sitesShown} act={toggleSites} />
      {meeting.role === 'chair' && (
        <WallButton on={meeting.view === 'wall'} disabled={meeting.phase !== 'in'} act={() => session.switchView()} />
      )}
      {meeting.role === 'chair' && (
        <ControlButton
          id="record"
          icon={recording ? <StopIcon /> : <RecordIcon />}
          words={t(recording ? 'control.record.stop' : 'control.record')}
          kind={recording ? 'recording' : ''}
          disabled={meeting.phase !== 'in'}
          act={() => void client.record(!recording)}
        />
      )}
      <span class="space" />
      <ControlButton id="leave" icon={<LeaveIcon />} words={t('control.leave')} kind="leave" act={() => client.leave()} />
    </div>
  );
}

export function Meeting({ session }: { session: Session }) {
  const t = useWords();
  const root = useArrival<HTMLElement>();
  const { meeting, media, claims } = session;
  const local = media.state;
  const screen = useFullScreen(root);
  const [picture, setPicture] = useState(false);
  const [sitesShown, setSitesShown] = useState(loadPreferences().sitesShown);
  const silent = useSilentMic(local.audio, local.micOn && meeting.phase === 'in');
  useScreenAwake();
  const said = useAnnouncement(toldOf(meeting, local));
  const canSwitch = meeting.role === 'chair' && meeting.phase === 'in';
  useShortcuts({
    f: screen.toggle,
    ...(canSwitch ? { w: () => session.switchView() } : {}),
    ...(media.sends ? { m: () => void media.toggle('mic'), v: () => void media.toggle('camera') } : {}),
  });
  const toggleSites = () => setSitesShown(savePreferences({ sitesShown: !sitesShown }).sitesShown);
  const classes = [
    'meeting',
    sitesShown ? 'with-sites' : '',
    media.sends ? '' : 'watches',
    meeting.view === 'wall' ? 'on-wall' : '',
    screen.on ? 'full' : '',
    screen.idle ? 'idle' : '',
  ];
  return (
    <main ref={root} tabIndex={-1} class={classes.join(' ')} data-testid="meeting" data-phase={meeting.phase}>
      <TopBar meeting={meeting} title={meeting.meeting?.title ?? claims.title} />
      <div class="stage">
        <Programme view={meeting.view} stream={session.stream} speaker={media.speaker} dimmed={meeting.phase === 'reconnecting'} onPicture={setPicture} />
        <Cover meeting={meeting} picture={picture} />
        <Notices session={session} silent={silent} />
      </div>
      {sitesShown && <Sites sites={meeting.sites} own={meeting.site?.id ?? claims.site} />}
      {media.sends && <SelfView local={local} />}
      <BottomBar session={session} screen={screen} sitesShown={sitesShown} toggleSites={toggleSites} />
      <p class="unseen" role="status" data-testid="status">
        {said && t(said)}
      </p>
    </main>
  );
}
