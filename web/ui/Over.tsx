// When there is nothing to join, or no more: what happened, and what to do.

import { useArrival } from './hooks';
import { useWords, type Key } from './i18n';
import { PageBar } from './PageBar';

/** Why a page has no meeting: a code of the protocol, or one of the page itself. */
interface Reason {
  title: Key;
  hint: Key;
  again?: Key;
  details?: boolean;
}

const REASONS: Record<string, Reason> = {
  left: { title: 'over.left', hint: 'over.left.hint', again: 'over.left.again' },
  replaced: { title: 'over.replaced', hint: 'over.replaced.hint', again: 'over.replaced.again' },
  occupied: { title: 'over.occupied', hint: 'over.occupied.hint', again: 'over.occupied.again' },
  refused: { title: 'over.refused', hint: 'over.refused.hint', again: 'over.refused.again' },
  removed: { title: 'over.removed', hint: 'over.removed.hint' },
  ended: { title: 'over.ended', hint: 'over.ended.hint' },
  'not-found': { title: 'over.not-found', hint: 'over.not-found.hint', again: 'over.retry' },
  forbidden: { title: 'over.forbidden', hint: 'over.forbidden.hint', again: 'over.retry', details: true },
  full: { title: 'over.full', hint: 'over.full.hint', again: 'over.retry' },
  'token-expired': { title: 'over.expired', hint: 'over.expired.hint', again: 'over.retry' },
  'token-invalid': { title: 'over.bad', hint: 'over.bad.hint' },
  'no-token': { title: 'over.none', hint: 'over.none.hint' },
  'no-webrtc': { title: 'over.old', hint: 'over.old.hint' },
  'no-common-codec': { title: 'over.old', hint: 'over.old.hint', details: true },
};

const OTHER: Reason = { title: 'over.other', hint: 'over.other.hint', again: 'over.retry', details: true };

interface Props {
  code: string;
  meeting: string;
  /** Absent: there is nothing to try. */
  onAgain?: () => void;
  onPrepare?: () => void;
}

export function Over({ code, meeting, onAgain, onPrepare }: Props) {
  const t = useWords();
  const heading = useArrival<HTMLHeadingElement>();
  const reason = REASONS[code] ?? OTHER;
  return (
    <>
      <PageBar />
      <main class="over" data-testid="over" data-reason={code}>
        {meeting && <p class="before-label">{meeting}</p>}
        <h1 ref={heading} tabIndex={-1}>
          {t(reason.title)}
        </h1>
        <p>{t(reason.hint)}</p>
        {reason.again && onAgain && (
          <button type="button" class="main" data-testid="rejoin" onPointerEnter={onPrepare} onFocus={onPrepare} onClick={onAgain}>
            {t(reason.again)}
          </button>
        )}
        {reason.details && <p class="details">{t('over.details', { code })}</p>}
      </main>
    </>
  );
}
