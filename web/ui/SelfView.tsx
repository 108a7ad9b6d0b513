// One's own picture, and that nobody hears one.

import type { LocalState } from './devices';
import { useStream } from './hooks';
import { useWords } from './i18n';
import { CameraOffIcon, MicOffIcon } from './icons';

export function SelfView({ local, silenced }: { local: LocalState; silenced: boolean }) {
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
      {(!local.micOn || silenced) && (
        <p class="self-muted">
          <MicOffIcon />
          {t(silenced ? 'meeting.self.silenced' : 'meeting.self.muted')}
        </p>
      )}
    </div>
  );
}
