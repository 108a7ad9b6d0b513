// In the lobby: the chair lets people in one by one.

import { ControlButton, SourceButton } from './Controls';
import { useArrival, useStream } from './hooks';
import { useWords } from './i18n';
import { CameraOffIcon, LeaveIcon } from './icons';
import { PageBar } from './PageBar';
import type { Session } from './session';

export function Waiting({ session, title }: { session: Session; title: string }) {
  const t = useWords();
  const heading = useArrival<HTMLHeadingElement>();
  const { media } = session;
  const local = media.state;
  const video = useStream<HTMLVideoElement>(local.video);
  return (
    <>
      <PageBar />
      <main class="waiting" data-testid="waiting">
        <p class="before-label">{title}</p>
        <h1 ref={heading} tabIndex={-1}>
          {t('waiting')}
        </h1>
        <p role="status">{t('waiting.hint')}</p>
        {media.sends && (
          <>
            <div class="preview-picture">
              <video ref={video} data-testid="self" aria-label={t('before.preview')} autoplay playsInline muted hidden={!local.video} />
              {!local.video && (
                <div class="preview-empty">
                  <CameraOffIcon />
                  <span>{t('before.preview.none')}</span>
                </div>
              )}
            </div>
            <div class="preview-controls">
              <SourceButton source="mic" local={local} act={() => void media.toggle('mic')} />
              <SourceButton source="camera" local={local} act={() => void media.toggle('camera')} />
              <ControlButton id="leave" icon={<LeaveIcon />} words={t('waiting.leave')} act={() => session.client.leave()} />
            </div>
          </>
        )}
        {!media.sends && <ControlButton id="leave" icon={<LeaveIcon />} words={t('waiting.leave')} act={() => session.client.leave()} />}
      </main>
    </>
  );
}
