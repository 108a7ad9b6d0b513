// The side room: who is in it, and who shall go there.

import { useState } from 'preact/hooks';
import { useWords } from '../../i18n';
import { Words } from '../../tasks/text';
import { SitePicker, type TabProps } from './common';

/** The bridge takes 50 messages a second of one page. */
const BETWEEN_MS = 30;

export function AsideTab({ session, rows, nameOf }: TabProps) {
  const t = useWords();
  const aside = session.meeting.work.aside;
  const move = (site: string, on: boolean) => void session.client.command({ type: 'aside', site, on });
  const [busy, setBusy] = useState(false);
  const allBack = async () => {
    setBusy(true);
    for (const site of aside) {
      await session.client.command({ type: 'aside', site, on: false });
      await new Promise((done) => setTimeout(done, BETWEEN_MS));
    }
    setBusy(false);
  };
  const movable = rows.rows.filter(({ seat }) => seat?.role === 'site' || seat?.role === 'secretary');
  return (
    <div class="two">
      <section data-testid="aside-room" data-sites={aside.length}>
        <header class="work-line">
          <h3>{t('aside.room', { n: aside.length })}</h3>
          <span class="space" />
          {aside.length > 1 && (
            <button type="button" class="plain" data-testid="aside-all-back" disabled={busy} onClick={() => void allBack()}>
              {t('aside.all-back')}
            </button>
          )}
        </header>
        <p class="work-hint">{t('aside.hint')}</p>
        <ul class="aside-list">
          {aside.map((site) => (
            <li key={site} data-testid="aside-row" data-site={site}>
              <span>
                <Words>{nameOf(site)}</Words>
              </span>
              <button type="button" class="plain" data-testid="aside-back" onClick={() => move(site, false)}>
                <span aria-hidden="true">{t('aside.back')}</span>
                <span class="unseen">{t('aside.back.of', { name: nameOf(site) })}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="fills">
        <h3>{t('aside.move')}</h3>
        <SitePicker id="aside-to" label={t('aside.move')} rows={movable} chosen={(site) => aside.includes(site)} toggle={move} />
      </section>
    </div>
  );
}
