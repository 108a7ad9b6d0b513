// The picture of the wall, with a button over each tile. One stop for Tab; arrow keys go from tile to tile.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { SiteInfo } from '../../lib/messages';
import { wallCell, wallColumns } from '../../lib/wall';
import type { MenuPlace } from '../desk/SiteMenu';
import { useWords } from '../i18n';

const WIDTH = 1920;
const HEIGHT = 1080;

interface Props {
  stream: MediaStream | null;
  dimmed: boolean;
  /** In the order of the tiles. */
  sites: readonly SiteInfo[];
  open: (site: string, place: MenuPlace) => void;
  onPicture: () => void;
}

export function Tiles({ stream, dimmed, sites, open, onPicture }: Props) {
  const t = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const group = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, Math.max(0, sites.length - 1));

  useEffect(() => {
    if (!video.current) return;
    // Silent: the sound of the meeting comes from the desk's machine, and two would be an echo.
    video.current.srcObject = stream && new MediaStream(stream.getVideoTracks());
    video.current.play().catch(() => undefined);
  }, [stream]);

  const onKey = (event: KeyboardEvent) => {
    const columns = wallColumns(sites.length);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = chosen + step;
    if (next < 0 || next >= sites.length) return;
    setAt(next);
    group.current?.querySelectorAll<HTMLElement>('.tile')[next]?.focus();
  };

  return (
    <div class={dimmed ? 'wall-picture dimmed' : 'wall-picture'}>
      <video ref={video} data-testid="wall-video" aria-label={t('meeting.wall')} muted autoplay playsInline disablePictureInPicture onLoadedData={onPicture} />
      <div class="tiles" ref={group} role="group" aria-label={t('control.sites')} onKeyDown={onKey}>
        {sites.map(({ id, name }, index) => {
          const cell = wallCell(WIDTH, HEIGHT, sites.length, index);
          const part = (length: number, of: number) => `${(length / of) * 100}%`;
          return (
            <button
              key={id}
              type="button"
              class="tile"
              data-testid="tile"
              data-site={id}
              tabIndex={index === chosen ? 0 : -1}
              aria-haspopup="menu"
              aria-label={t('menu.of', { name })}
              title={name}
              style={{ left: part(cell.x, WIDTH), top: part(cell.y, HEIGHT), width: part(cell.width, WIDTH), height: part(cell.height, HEIGHT) }}
              onClick={(event) => {
                setAt(index);
                const box = event.currentTarget.getBoundingClientRect();
                open(id, event.detail > 0 ? { x: event.clientX, y: event.clientY } : { x: box.right, y: box.top });
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
