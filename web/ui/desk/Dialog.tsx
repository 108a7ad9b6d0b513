// What must be answered before anything else: the browser's own dialog keeps the focus and Escape.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useWords } from '../i18n';

interface Props {
  id: string;
  title: string;
  children: ComponentChildren;
  close: () => void;
}

export function Dialog({ id, title, children, close }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={ref} class="dialog" data-testid={id} aria-labelledby={`${id}-title`} onClose={close} onKeyDown={(event) => event.stopPropagation()}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  words: string;
  yes: string;
  act: () => void;
  close: () => void;
}

/** Only for what cannot be taken back: end, hand-over, removal. */
export function Confirm({ title, words, yes, act, close }: ConfirmProps) {
  const t = useWords();
  return (
    <Dialog id="confirm" title={title} close={close}>
      <p>{words}</p>
      <div class="dialog-buttons">
        <button type="button" class="quiet" data-testid="confirm-no" onClick={close}>
          {t('dialog.no')}
        </button>
        <button
          type="button"
          class="main"
          data-testid="confirm-yes"
          onClick={() => {
            close();
            act();
          }}
        >
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
