// Tabs by the pattern that screen readers know: one stop for the Tab key, arrows between them.

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

export interface Tab<T extends string> {
  id: T;
  words: string;
  icon?: ComponentChildren;
  /** Something new; `said` is what a screen reader says of it. */
  badge?: { text: string; said: string } | null;
}

interface Props<T extends string> {
  /** Of the ids of tabs and panel. */
  name: string;
  label: string;
  tabs: readonly Tab<T>[];
  chosen: T;
  choose: (id: T) => void;
  upright?: boolean;
}

export function TabList<T extends string>({ name, label, tabs, chosen, choose, upright }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [before, next] = upright ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
  const onKey = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = { [before as string]: at - 1, [next as string]: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = tabs[(to + tabs.length) % tabs.length];
    if (!tab) return;
    choose(tab.id);
    box.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  };
  return (
    <div ref={box} class="tab-list" role="tablist" aria-label={label} {...(upright ? { 'aria-orientation': 'vertical' as const } : {})} onKeyDown={onKey}>
      {tabs.map(({ id, words, icon, badge }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${name}-tab-${id}`}
          data-testid={`${name}-tab-${id}`}
          data-tab={id}
          aria-selected={id === chosen}
          {...(id === chosen ? { 'aria-controls': `${name}-panel` } : {})}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => choose(id)}
        >
          {icon}
          <span>{words}</span>
          {badge && (
            <>
              <b class="badge" aria-hidden="true">
                {badge.text}
              </b>
              <span class="unseen">{badge.said}</span>
            </>
          )}
        </button>
      ))}
    </div>
  );
}
