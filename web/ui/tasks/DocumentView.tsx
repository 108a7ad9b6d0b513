// The page of a document that all look at. It is asked for with the token, so it is no address that an image could
// have by itself; the page before stays until the next has come.

import { useEffect, useState } from 'preact/hooks';
import { RestError } from '../../lib/rest';
import type { MeetingDocument } from '../../lib/work';
import { useWords } from '../i18n';
import { CloseIcon, EnlargeIcon, ReduceIcon } from '../icons';
import { pageRest } from '../rest';
import type { Session } from '../session';
import { Words } from './text';

const AGAIN_MS = 3000;

interface Shown {
  key: string;
  url: string;
}

/** The address of the picture of a page, and whether it is the one asked for. */
export function usePage(session: Session, document: string, page: number): { url: string | null; state: 'loading' | 'shown' | 'failed' } {
  const meeting = session.meeting.meeting?.id ?? '';
  const key = `${meeting}/${document}/${page}`;
  const [shown, setShown] = useState<Shown | null>(null);
  const [failed, setFailed] = useState('');

  useEffect(() => {
    const ended = new AbortController();
    let timer = 0;
    const ask = () =>
      pageRest(session.token)
        .page(meeting, document, page, ended.signal)
        .then(
          (blob) => ended.signal.aborted || setShown({ key, url: URL.createObjectURL(blob) }),
          (error: unknown) => {
            if (ended.signal.aborted) return;
            setFailed(key);
            const gone = error instanceof RestError && (error.status === 404 || error.status === 403);
            if (!gone) timer = setTimeout(() => void ask(), AGAIN_MS) as unknown as number;
          },
        );
    void ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [key]);
  useEffect(() => () => (shown ? URL.revokeObjectURL(shown.url) : undefined), [shown]);

  const state = shown?.key === key ? 'shown' : failed === key ? 'failed' : 'loading';
  return { url: shown?.url ?? null, state };
}

/** The page that is shown, to be turned by whoever may. */
export function PageTurner({ session, document, page }: { session: Session; document: MeetingDocument; page: number }) {
  const t = useWords();
  const turn = (to: number) => void session.client.command({ type: 'document-show', document: document.id, page: to });
  const off = session.meeting.phase !== 'in';
  return (
    <div class="page-turner" role="group" aria-label={t('document.pages')}>
      <button type="button" class="plain" data-testid="page-before" disabled={off || page <= 1} onClick={() => turn(page - 1)}>
        {t('document.before')}
      </button>
      <button type="button" class="plain" data-testid="page-next" disabled={off || page >= document.pages} onClick={() => turn(page + 1)}>
        {t('document.next')}
      </button>
    </div>
  );
}

export function PageImage({ session, document, page }: { session: Session; document: MeetingDocument; page: number }) {
  const t = useWords();
  const { url, state } = usePage(session, document.id, page);
  return (
    <div class={`page-image page-${state}`} data-testid="page" data-document={document.id} data-page={page} data-state={state}>
      {url && <img src={url} alt={t('document.page.of', { title: document.title, page, pages: document.pages })} />}
      {state !== 'shown' && (
        <p class="page-state" role="status">
          {t(state === 'failed' ? 'document.failed' : 'document.loading')}
        </p>
      )}
    </div>
  );
}

interface Props {
  session: Session;
  document: MeetingDocument;
  page: number;
  large: boolean;
  toggleLarge: () => void;
  hide: () => void;
}

export function DocumentView({ session, document, page, large, toggleLarge, hide }: Props) {
  const t = useWords();
  return (
    <section class="document" aria-labelledby="document-title" data-testid="document">
      <header>
        <h2 id="document-title">
          <Words>{document.title}</Words>
        </h2>
        <button type="button" class="icon-plain" data-testid="document-large" aria-pressed={large} aria-label={t('document.large')} title={t('document.large')} onClick={toggleLarge}>
          {large ? <ReduceIcon /> : <EnlargeIcon />}
        </button>
        <button type="button" class="icon-plain" data-testid="document-hide" aria-label={t('document.hide')} title={t('document.hide')} onClick={hide}>
          <CloseIcon />
        </button>
      </header>
      <PageImage session={session} document={document} page={page} />
      <footer>
        <p data-testid="page-number">{t('document.page', { page, pages: document.pages })}</p>
        {session.turnsPages && <PageTurner session={session} document={document} page={page} />}
      </footer>
    </section>
  );
}
