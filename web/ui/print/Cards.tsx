// One card per site: name, code, QR code, link. Six on a page of A4, none cut by the edge of a page.

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RestError, SiteLink } from '../../lib/rest';
import { restError, RestTrouble } from '../admin/trouble';
import { useWords } from '../i18n';
import { LanguageSwitch } from '../PageBar';
import { pageRest } from '../rest';
import { drawQr } from './qr';

const QUIET = 4; // modules of white that a reader needs around the code
const AT_ONCE = 12; // cards drawn before the page breathes

function Card({ link, meeting }: { link: SiteLink; meeting: string }) {
  const t = useWords();
  const qr = useMemo(() => drawQr(link.url), [link.url]);
  return (
    <li class="card-print" data-testid="card" data-site={link.site}>
      <div class="card-words">
        <p class="card-meeting">{meeting}</p>
        <h2>{link.name}</h2>
        <p>{t('print.code', { code: link.site })}</p>
        <p class="card-how">{t('print.how')}</p>
      </div>
      {qr && (
        <svg
          class="qr"
          role="img"
          aria-label={t('print.qr', { name: link.name })}
          viewBox={`${-QUIET} ${-QUIET} ${qr.size + 2 * QUIET} ${qr.size + 2 * QUIET}`}
          shape-rendering="crispEdges"
        >
          <rect x={-QUIET} y={-QUIET} width={qr.size + 2 * QUIET} height={qr.size + 2 * QUIET} fill="#fff" />
          <path d={qr.path} fill="#000" />
        </svg>
      )}
      <p class="card-link">{link.url}</p>
    </li>
  );
}

export function Cards({ token, meeting, title }: { token: string; meeting: string; title: string }) {
  const t = useWords();
  const rest = useMemo(() => pageRest(token), [token]);
  const [links, setLinks] = useState<SiteLink[] | null>(null);
  const [named, setNamed] = useState(title);
  const [drawn, setDrawn] = useState(0);
  const [trouble, setTrouble] = useState<RestError | null>(null);
  useEffect(() => {
    rest.links(meeting).then(setLinks, (error: unknown) => setTrouble(restError(error)));
    if (title === '') {
      rest.meetings().then(
        (list) => setNamed(list.find(({ id }) => id === meeting)?.title ?? meeting),
        () => setNamed(meeting),
      );
    }
  }, []);
  const n = links?.length ?? 0;
  useEffect(() => {
    if (drawn >= n) return;
    const timer = setTimeout(() => setDrawn(drawn + AT_ONCE), 0);
    return () => clearTimeout(timer);
  }, [drawn, n]);
  const ready = links !== null && drawn >= n;
  return (
    <>
      <header class="page-bar print-bar">
        <span class="product">{t('product')}</span>
        <span class="space" />
        <LanguageSwitch />
      </header>
      <main class="print" data-testid="print" data-ready={ready}>
        <div class="print-head">
          <h1>{t('print.title', { meeting: named })}</h1>
          <RestTrouble error={trouble} />
          <p role="status">{links === null ? '' : ready ? t('print.hint', { n }) : t('print.drawing', { done: Math.min(drawn, n), n })}</p>
          <button type="button" class="main" data-testid="print-do" disabled={!ready || n === 0} onClick={() => print()}>
            {t('print.print')}
          </button>
        </div>
        <ul class="cards">
          {links?.slice(0, drawn).map((link) => (
            <Card key={link.site} link={link} meeting={named} />
          ))}
        </ul>
      </main>
    </>
  );
}
