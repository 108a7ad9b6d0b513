// Whose screen all see, and who may show one.

import { hasVoice } from '../../../lib/room';
import { useWords } from '../../i18n';
import { Words } from '../../tasks/text';
import { SitePicker, type TabProps } from './common';

export function PresentTab({ session, rows, nameOf }: TabProps) {
  const t = useWords();
  const { presenter, mayPresent } = session.meeting.work;
  const { client, presenting, presents } = session;
  const on = presents || presenting.on;
  const sites = rows.rows.filter(({ seat }) => seat !== null && hasVoice(seat.role) && seat.role === 'site');
  return (
    <div class="two">
      <section>
        <h3>{t('present')}</h3>
        <p class={presenter === null ? 'panel-none' : 'present-now'} data-testid="present-now" data-site={presenter ?? ''}>
          {presenter === null ? t('present.none') : <Words>{t('present.by', { name: nameOf(presenter) })}</Words>}
        </p>
        {presenter !== null && !presents && (
          <button type="button" class="do" data-testid="present-end" onClick={() => void client.command({ type: 'let-present', site: presenter, on: false })}>
            {t('present.end')}
          </button>
        )}
        {session.mayPresent && (
          <button type="button" class={on ? 'plain' : 'do'} data-testid="present" aria-pressed={on} disabled={session.meeting.phase !== 'in'} onClick={() => (on ? presenting.stop() : void presenting.start())}>
            {t(on ? 'present.stop' : 'present.own')}
          </button>
        )}
        <p class="work-hint">{t('present.hint')}</p>
      </section>
      <section class="fills">
        <h3>{t('present.may', { n: mayPresent.length })}</h3>
        <SitePicker
          id="may-present"
          label={t('present.may', { n: mayPresent.length })}
          rows={sites}
          chosen={(site) => mayPresent.includes(site)}
          toggle={(site, may) => void client.command({ type: 'let-present', site, on: may })}
        />
      </section>
    </div>
  );
}
