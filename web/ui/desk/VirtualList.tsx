// A long list of which only what is in view is in the page.

import type { ComponentChild, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const BEYOND = 6; // rows kept above and below

interface Props<T> {
  items: readonly T[];
  rowHeight: number;
  label: string;
  keyOf: (item: T, index: number) => string;
  children: (item: T, index: number) => ComponentChild;
  /** This one is brought into view when it changes. */
  reveal?: number;
  listRef?: RefObject<HTMLUListElement>;
}

export function VirtualList<T>({ items, rowHeight, label, keyOf, children, reveal = -1, listRef }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element || reveal < 0) return;
    const top = reveal * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
  }, [reveal]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - BEYOND);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + BEYOND);
  const shown = items.slice(first, last);
  return (
    <div class="virtual" ref={box} tabIndex={-1}>
      <ul {...(listRef ? { ref: listRef } : {})} aria-label={label} style={{ height: `${items.length * rowHeight}px` }}>
        {shown.map((item, offset) => {
          const index = first + offset;
          return (
            <li
              key={keyOf(item, index)}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
            >
              {children(item, index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
