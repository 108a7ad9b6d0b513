// The layouts as little pictures.

import { useContext } from 'preact/hooks';
import type { Layout } from '../../lib/scene';
import { LanguageContext, useWords } from '../i18n';

function Drawing({ layout }: { layout: Layout }) {
  if (layout.panes.length === 0) {
    const at = [0, 1, 2, 3];
    return (
      <svg viewBox="0 0 64 36" aria-hidden="true">
        {at.flatMap((row) => at.map((column) => <rect key={`${row} ${column}`} x={column * 16 + 0.7} y={row * 9 + 0.7} width="14.6" height="7.6" />))}
      </svg>
    );
  }
  return (
    <svg viewBox="0 0 64 36" aria-hidden="true">
      {layout.panes.map(({ x, y, w, h }, index) => (
        <rect
          key={index}
          class={w * h > 0.2 ? 'large' : ''}
          x={x * 64 + 0.7}
          y={y * 36 + 0.7}
          width={Math.max(0.6, w * 64 - 1.4)}
          height={Math.max(0.6, h * 36 - 1.4)}
        />
      ))}
    </svg>
  );
}

interface Props {
  layouts: readonly Layout[];
  chosen: string;
  choose: (layout: Layout) => void;
}

export function Layouts({ layouts, chosen, choose }: Props) {
  const t = useWords();
  const { language } = useContext(LanguageContext);
  return (
    <div class="layouts" role="group" aria-label={t('layouts')} data-testid="layouts">
      {layouts.map((layout) => {
        const title = language === 'vi' ? layout.titleVi : layout.title;
        return (
          <button
            key={layout.name}
            type="button"
            class="layout"
            data-testid="layout"
            data-layout={layout.name}
            aria-pressed={layout.name === chosen}
            title={title}
            onClick={() => choose(layout)}
          >
            <Drawing layout={layout} />
            <span aria-hidden="true">{layout.name === 'auto' ? t('layouts.auto') : layout.panes.length === 1 || layout.speaker ? title.split(':')[0] : layout.name}</span>
            <span class="unseen">{title}</span>
          </button>
        );
      })}
      {layouts.length === 0 && <p role="status">{t('layouts.none')}</p>}
    </div>
  );
}
