// The menu of one site, beside what was pressed.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../i18n';
import type { MenuAction, MenuGroup } from './menu-items';

export interface MenuPlace {
  x: number;
  y: number;
}

interface Props {
  name: string;
  /** Under the name: telephone and the like. */
  about?: string;
  groups: MenuGroup[];
  place: MenuPlace;
  act: (action: MenuAction) => void;
  close: () => void;
}

const EDGE = 8;

export function SiteMenu({ name, about, groups, place, act, close }: Props) {
  const t = useWords();
  const menu = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(place);

  useLayoutEffect(() => {
    const box = menu.current?.getBoundingClientRect();
    if (!box) return;
    setAt({
      x: Math.max(EDGE, Math.min(place.x, innerWidth - box.width - EDGE)),
      y: Math.max(EDGE, Math.min(place.y, innerHeight - box.height - EDGE)),
    });
  }, [place, groups.length]);

  useEffect(() => {
    const before = document.activeElement;
    menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node) || !menu.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  const onKey = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const now = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    event.stopPropagation(); // the page's own keys rest meanwhile
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else if (step) items[(now + step + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
  };

  return (
    <div class="site-menu" ref={menu} style={{ left: `${at.x}px`, top: `${at.y}px` }} data-testid="site-menu" onKeyDown={onKey}>
      <p class="site-menu-name">
        <span>{name}</span>
        {about && <small>{about}</small>}
      </p>
      <div role="menu" aria-label={t('menu.of', { name })}>
        {groups.map(({ id, heading, items }) => (
          <div key={id} class={heading ? 'menu-line' : 'menu-list'} role="group" {...(heading ? { 'aria-label': t(heading) } : {})}>
            {heading && <span aria-hidden="true">{t(heading)}</span>}
            <div>
              {items.map((item) => (
                <button
                  key={item.id}
                  type="button"
                  role="menuitem"
                  tabIndex={-1}
                  data-testid={`menu-${item.id}`}
                  onClick={() => {
                    close();
                    act(item.action);
                  }}
                >
                  {t(item.words, item.values)}
                </button>
              ))}
            </div>
          </div>
        ))}
        {groups.length === 0 && (
          <button type="button" role="menuitem" tabIndex={-1} data-testid="menu-none" onClick={close}>
            {t('menu.none')}
          </button>
        )}
      </div>
    </div>
  );
}
