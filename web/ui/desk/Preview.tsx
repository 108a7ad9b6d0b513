// What is prepared: the panes drawn with whom they show. A site is drawn into a pane, or the pane is
// chosen and told what to show.

import { useRef, useState } from 'preact/hooks';
import { paneParts, paneWords, withPane, type Layout, type PaneKind, type Scene } from '../../lib/scene';
import { wallCell } from '../../lib/wall';
import { useWords, type Key, type Translate } from '../i18n';
import { droppedSite, overSite } from './drag';

const PANE_SHOW = 'pane-show';
const SHOWS = ['auto', 'floor', 'chair', 'loudest', 'previous', 'roll:10', 'content', 'nothing'] as const;

const WORD: Record<Exclude<PaneKind, 'site' | 'roll'>, Key> = {
  auto: 'pane.auto',
  floor: 'pane.floor',
  chair: 'pane.chair',
  loudest: 'pane.loudest',
  previous: 'pane.previous',
  content: 'pane.content',
  nothing: 'pane.nothing',
};

export function paneText(t: Translate, word: string, nameOf: (site: string) => string): string {
  const { kind, value } = paneParts(word);
  switch (kind) {
    case 'site':
      return nameOf(value);
    case 'roll':
      return t('pane.roll', { seconds: value });
    default:
      return t(WORD[kind]);
  }
}

interface Props {
  scene: Scene;
  layout: Layout | null;
  /** Sites with a picture, for the equal grid. */
  nTiles: number;
  nameOf: (site: string) => string;
  sites: readonly { id: string; name: string }[];
  edit: (scene: Scene) => void;
  /** The pane that is chosen, from 0. */
  pane: number;
  choosePane: (pane: number) => void;
}

function EqualGrid({ nTiles }: { nTiles: number }) {
  const t = useWords();
  const cells = Array.from({ length: Math.min(nTiles, 256) }, (_, index) => wallCell(640, 360, Math.min(nTiles, 256), index));
  return (
    <div class="equal" data-testid="equal-grid">
      <svg viewBox="0 0 640 360" aria-hidden="true">
        {cells.map(({ x, y, width, height }) => (
          <rect key={`${x} ${y}`} x={x + 1} y={y + 1} width={Math.max(1, width - 2)} height={Math.max(1, height - 2)} />
        ))}
      </svg>
      <p>{t('preview.equal', { n: nTiles })}</p>
    </div>
  );
}

export function Preview({ scene, layout, nTiles, nameOf, pane: chosen, choosePane: setChosen, edit }: Omit<Props, 'sites'>) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(-1);
  const words = paneWords(scene, layout);
  const put = (pane: number, word: string) => layout && edit(withPane(scene, layout, pane, word));

  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') document.getElementById(PANE_SHOW)?.focus();
    else if (step) {
      const next = Math.min(words.length - 1, Math.max(0, chosen + step));
      setChosen(next);
      box.current?.querySelectorAll<HTMLElement>('.pane')[next]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
      <div class="preview-scheme" ref={box} role="group" aria-label={t('preview')} data-testid="preview" data-layout={scene.layout}>
        {(!layout || layout.panes.length === 0) && <EqualGrid nTiles={nTiles} />}
        {layout?.panes.map(({ x, y, w, h }, index) => (
          <button
            key={index}
            type="button"
            class={`pane ${index === chosen ? 'pane-chosen' : ''} ${index === over ? 'pane-over' : ''} pane-${paneParts(words[index] ?? 'auto').kind}`}
            style={{ left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${h * 100}%` }}
            data-testid="pane"
            data-pane={index + 1}
            data-show={words[index]}
            tabIndex={index === chosen ? 0 : -1}
            aria-pressed={index === chosen}
            onClick={() => setChosen(index)}
            onKeyDown={onKey}
            onDragOver={(event) => overSite(event) && setOver(index)}
            onDragLeave={() => setOver(-1)}
            onDrop={(event) => {
              const site = droppedSite(event);
              setOver(-1);
              if (site === null) return;
              setChosen(index);
              put(index, `site:${site}`);
            }}
          >
            <b aria-hidden="true">{index + 1}</b>
            <span aria-hidden="true">{paneText(t, words[index] ?? 'auto', nameOf)}</span>
            <span class="unseen">{t('pane.of', { n: index + 1, what: paneText(t, words[index] ?? 'auto', nameOf) })}</span>
          </button>
        ))}
      </div>
  );
}

/** What the chosen pane shows. */
export function PaneShow({ scene, layout, nameOf, sites, pane: chosen, edit }: Omit<Props, 'nTiles' | 'choosePane'>) {
  const t = useWords();
  if (!layout || layout.panes.length === 0) return null;
  const word = paneWords(scene, layout)[chosen] ?? 'auto';
  const usual = SHOWS.includes(word as (typeof SHOWS)[number]);
  const known = usual || sites.some(({ id }) => word === `site:${id}`);
  return (
    <div class="pane-show">
          <label for={PANE_SHOW}>{t('pane.shows', { n: chosen + 1 })}</label>
          <select
            id={PANE_SHOW}
            data-testid={PANE_SHOW}
            value={word}
            onChange={(event) => edit(withPane(scene, layout, chosen, event.currentTarget.value))}
          >
            {!known && <option value={word}>{paneText(t, word, nameOf)}</option>}
            {SHOWS.map((show) => (
              <option key={show} value={show}>
                {paneText(t, show, nameOf)}
              </option>
            ))}
            <optgroup label={t('control.sites')}>
              {sites.map(({ id, name }) => (
                <option key={id} value={`site:${id}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          </select>
        </div>
  );
}
