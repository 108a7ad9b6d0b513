// Before joining: see and hear yourself, choose the devices, one button to go in.

import type { Claims } from '../lib/token';
import { SourceButton } from './Controls';
import type { LocalState, Source } from './devices';
import { useShortcuts, useSilentMic, useStream } from './hooks';
import { useWords, type Key } from './i18n';
import { CameraIcon, CameraOffIcon, MicIcon, SpeakerIcon, WarningIcon } from './icons';
import { LevelMeter } from './LevelMeter';
import { PageBar } from './PageBar';
import type { Session } from './session';
import { playTestSound } from './sound';
import { troubleKeys, withoutKey } from './troubles';

interface DeviceListProps {
  kind: Source | 'speaker';
  icon: preact.ComponentChild;
  name: string;
  devices: MediaDeviceInfo[];
  session: Session;
  children?: preact.ComponentChildren;
}

function DeviceList({ kind, icon, name, devices, session, children }: DeviceListProps) {
  const t = useWords();
  const chosen = session.media.chosen(kind);
  const none = devices.length === 0;
  const known = devices.some((device) => device.deviceId === chosen);
  return (
    <div class="device">
      <label for={`list-${kind}`}>
        {icon} {name}
      </label>
      <div class="device-row">
        <select
          id={`list-${kind}`}
          data-testid={`${kind}-list`}
          disabled={none}
          value={known ? chosen : ''}
          onChange={(event) => void session.media.choose(kind, event.currentTarget.value)}
        >
          {(none || !known) && <option value="">{none && kind !== 'speaker' ? t('device.none') : t('device.default')}</option>}
          {devices.map((device, index) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || t('device.number', { n: index + 1 })}
            </option>
          ))}
        </select>
        {children}
      </div>
    </div>
  );
}

function Preview({ session, local }: { session: Session; local: LocalState }) {
  const t = useWords();
  const video = useStream<HTMLVideoElement>(local.video);
  const words: Key = !local.cameraOn ? 'before.preview.off' : local.opening ? 'before.preview.waiting' : 'before.preview.none';
  const troubled = !local.opening && troubleKeys(local).length > 0;
  return (
    <div class="preview">
      <div class="preview-picture">
        <video ref={video} data-testid="self" aria-label={t('before.preview')} autoplay playsInline muted hidden={!local.video} />
        {!local.video && (
          <div class={troubled ? 'preview-empty aside' : 'preview-empty'}>
            <CameraOffIcon />
            <span>{t(words)}</span>
            {local.opening && <p class="preview-advice">{t('before.allow')}</p>}
          </div>
        )}
        <div class="preview-troubles" aria-live="polite">
          <Troubles session={session} local={local} />
        </div>
      </div>
      <div class="preview-controls">
        <SourceButton source="mic" local={local} act={() => void session.media.toggle('mic')} />
        <SourceButton source="camera" local={local} act={() => void session.media.toggle('camera')} />
      </div>
    </div>
  );
}

/** What is wrong with the devices and what to do; in the picture's place where there is no picture. */
function Troubles({ session, local }: { session: Session; local: LocalState }) {
  const t = useWords();
  const keys = troubleKeys(local);
  if (local.opening || keys.length === 0) return null;
  return (
    <div class="warning" data-testid="trouble">
      <WarningIcon />
      <div>
        {keys.map((key) => (
          <p key={key}>{t(key)}</p>
        ))}
        <p>{t(withoutKey(local))}</p>
        <button type="button" class="quiet" data-testid="retry-devices" onClick={() => void session.media.open()}>
          {t('device.retry')}
        </button>
      </div>
    </div>
  );
}

function Devices({ session, local }: { session: Session; local: LocalState }) {
  const t = useWords();
  const silent = useSilentMic(local.audio, local.micOn);
  const speaker = (
    <DeviceList kind="speaker" icon={<SpeakerIcon />} name={t('device.speaker')} devices={local.speakers} session={session}>
      <button type="button" class="quiet" data-testid="test-sound" onClick={() => void playTestSound(session.media.speaker)}>
        {t('device.test')}
      </button>
    </DeviceList>
  );
  if (!session.media.sends) return speaker;
  return (
    <>
      <DeviceList kind="camera" icon={<CameraIcon />} name={t('device.camera')} devices={local.cameras} session={session} />
      <DeviceList kind="mic" icon={<MicIcon />} name={t('device.mic')} devices={local.mics} session={session} />
      <div class="level-row">
        <LevelMeter track={local.audio} on={local.micOn} />
        {local.audio && local.micOn && !silent && <p class="advice">{t('before.speak')}</p>}
        <div aria-live="polite">
          {silent && (
            <p class="warning" data-testid="silent">
              <WarningIcon />
              <span>{t('trouble.silent')}</span>
            </p>
          )}
        </div>
      </div>
      {speaker}
    </>
  );
}

/** Asked once for each site and remembered; the chair asks for it in the middle of a meeting otherwise. */
function Consent({ session }: { session: Session }) {
  const t = useWords();
  return (
    <label class="consent">
      <input
        type="checkbox"
        data-testid="consent"
        checked={session.consent}
        onChange={(event) => session.setConsent(event.currentTarget.checked)}
      />
      <span>
        {t('before.consent')} <small>{t('before.consent.hint')}</small>
      </span>
    </label>
  );
}

export function Before({ session, claims, title }: { session: Session; claims: Claims; title: string }) {
  const t = useWords();
  const local = session.media.state;
  const { sends } = session.media;
  useShortcuts(sends ? { m: () => void session.media.toggle('mic'), v: () => void session.media.toggle('camera') } : {});
  const prepare = () => session.client.prepare();
  return (
    <>
      <PageBar role={session.claims.role} />
      <main class={sends ? 'before' : 'before before-observer'}>
        {sends && <Preview session={session} local={local} />}
        <div class="before-side">
          <header>
            <p class="before-label">{t('before.meeting')}</p>
            <h1 data-testid="meeting-title">{title}</h1>
            <p class="before-site" data-testid="site-name">
              {t('before.site', { name: claims.name })}
            </p>
            {claims.role === 'chair' && <p class="advice">{t('before.role.chair')}</p>}
            {claims.role === 'secretary' && <p class="advice">{t('before.role.secretary')}</p>}
            {claims.role === 'operator' && <p class="advice">{t('before.role.operator')}</p>}
            {claims.role === 'observer' && <p class="advice">{t('before.role.observer')}</p>}
          </header>
          <Devices session={session} local={local} />
          {sends && claims.role !== 'chair' && <Consent session={session} />}
          <button
            type="button"
            class="main"
            data-testid="join"
            onPointerEnter={prepare}
            onFocus={prepare}
            onPointerDown={prepare}
            onClick={() => session.join()}
          >
            {t('before.join')}
          </button>
        </div>
      </main>
    </>
  );
}
