// What the tabs of the work area have in common.

import { useRef, useState } from 'preact/hooks';
import { fold, type Row, type Rows } from '../../../lib/roster';
import { useWords } from '../../i18n';
import type { Session } from '../../session';
import { Words } from '../../tasks/text';
import { VirtualList } from '../VirtualList';

export interface TabProps {
  session: Session;
  rows: Rows;
  nameOf: (site: string) => string;
}

const ROW_HEIGHT = 48;

interface PickerProps {
  id: string;
  label: string;
  rows: readonly Row[];
  chosen: (site: string) => boolean;
  toggle: (site: string, on: boolean) => void;
  disabled?: boolean;
}

/** Sites to be ticked, found by a few letters. */
export function SitePicker({ id, label, rows, chosen, toggle, disabled }: PickerProps) {
  const t = useWords();
  const [search, setSearch] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const wanted = fold(search.trim()).split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => wanted.every((word) => fold(row.name).includes(word) || row.id.toLowerCase().includes(word)));
  return (
    <div class="picker" role="group" aria-label={label} data-testid={id}>
      <input
        type="search"
        data-testid={`${id}-search`}
        placeholder={t('search')}
        aria-label={t('search')}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {found.length === 0 && <p class="panel-none">{t('search.none')}</p>}
      <VirtualList<Row> items={found} rowHeight={ROW_HEIGHT} label={label} keyOf={(row) => row.id} listRef={list}>
        {(row) => (
          <label class="picker-row" data-state={row.state}>
            <input
              type="checkbox"
              data-testid={`${id}-site`}
              data-site={row.id}
              checked={chosen(row.id)}
              disabled={disabled ?? false}
              onChange={(event) => toggle(row.id, event.currentTarget.checked)}
            />
            <span title={row.name}>
              <Words>{row.name}</Words>
            </span>
            {row.state !== 'present' && <small>{t(row.state === 'lost' ? 'sites.lost' : 'sites.absent')}</small>}
          </label>
        )}
      </VirtualList>
    </div>
  );
}
