// The meeting's picture and sound. The sound has an element of its own: it starts without waiting for
// the first picture, and a picture without sound never needs the browser's permission to play. While
// the connection is made anew the last picture stays, on a canvas above.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../lib/messages';
import { useWords } from './i18n';
import { SpeakerIcon } from './icons';
import { FIRST_PICTURE, JOIN_MARK } from './session';
import { useSpeaker } from './sound';

interface Props {
  view: View;
  stream: MediaStream | null;
  speaker: string;
  dimmed: boolean;
  onPicture: (there: boolean) => void;
}

/** Keeps what `video` shows now on `canvas`. */
function hold(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  if (video.videoWidth === 0) return;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.hidden = false;
}

function onFirstFrame(video: HTMLVideoElement, call: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    const handle = video.requestVideoFrameCallback(call);
    return () => video.cancelVideoFrameCallback(handle);
  }
  const element: HTMLVideoElement = video;
  element.addEventListener('loadeddata', call, { once: true });
  return () => element.removeEventListener('loadeddata', call);
}

function measureFirstPicture(): void {
  if (performance.getEntriesByName(JOIN_MARK).length === 0) return;
  performance.measure(FIRST_PICTURE, JOIN_MARK);
  performance.clearMarks(JOIN_MARK);
}

export function Programme({ view, stream, speaker, dimmed, onPicture }: Props) {
  const t = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const last = useRef<HTMLCanvasElement>(null);
  const [blocked, setBlocked] = useState(false);

  const listen = () => {
    audio.current?.play().then(
      () => setBlocked(false),
      (error: unknown) => setBlocked(error instanceof DOMException && error.name === 'NotAllowedError'),
    );
  };

  useEffect(() => {
    const picture = video.current;
    const sound = audio.current;
    const canvas = last.current;
    if (!picture || !sound || !canvas) return;
    hold(picture, canvas);
    picture.srcObject = stream;
    sound.srcObject = stream && new MediaStream(stream.getAudioTracks());
    if (!stream) return;
    listen();
    picture.play().catch(() => undefined); // muted: browsers allow it; replaced: the next one plays
    return onFirstFrame(picture, () => {
      canvas.hidden = true;
      onPicture(true);
      measureFirstPicture();
    });
  }, [stream]);

  useEffect(() => {
    if (audio.current) void useSpeaker(audio.current, speaker);
  }, [speaker]);

  return (
    <div class={dimmed ? 'programme dimmed' : 'programme'}>
      <video
        ref={video}
        data-testid="programme"
        data-view={view}
        aria-label={t(view === 'wall' ? 'meeting.wall' : 'meeting.programme')}
        autoplay
        playsInline
        muted
        disablePictureInPicture
      />
      <canvas ref={last} hidden aria-hidden="true" />
      <audio ref={audio} data-testid="sound" autoplay />
      {blocked && (
        <button type="button" class="listen" data-testid="listen" onClick={listen}>
          <SpeakerIcon />
          <span>{t('meeting.listen')}</span>
          <small>{t('meeting.listen.hint')}</small>
        </button>
      )}
    </div>
  );
}
