// The sites of the meeting with their state, in the order of the seats.

import type { SiteInfo } from '../lib/messages';
import { useWords, type Key } from './i18n';
import { CameraOffIcon, MicIcon, MicOffIcon } from './icons';

type SiteState = 'present' | 'lost' | 'absent';

export function siteState(site: SiteInfo): SiteState {
  return site.lost ? 'lost' : site.present ? 'present' : 'absent';
}

const WORD: Record<SiteState, Key> = { present: 'sites.present', lost: 'sites.lost', absent: 'sites.absent' };

function Site({ site, own }: { site: SiteInfo; own: boolean }) {
  const t = useWords();
  const state = siteState(site);
  const remarks = [
    own && t('sites.you'),
    site.role === 'chair' && t('sites.chair'),
    site.role === 'observer' && t('sites.observer'),
    state !== 'present' && t(WORD[state]),
  ].filter(Boolean);
  const floor = state === 'present' && site.floor;
  const sends = state === 'present' && site.role !== 'observer';
  return (
    <li
      class={`site site-${state}`}
      data-testid="site"
      data-site={site.id}
      data-state={state}
      data-mic={site.mic}
      data-camera={site.camera}
      data-floor={site.floor}
    >
      <span class="site-dot" aria-hidden="true" />
      <span class="site-words">
        <span class="site-name">{site.name}</span>
        {floor && (
          <span class="site-floor">
            <MicIcon /> {t('sites.floor')}
          </span>
        )}
        {remarks.length > 0 && <span class="site-remark">{remarks.join(' · ')}</span>}
      </span>
      {state === 'present' && <span class="unseen">{t('sites.present')}</span>}
      {sends && !site.mic && (
        <span class="site-sign" title={t('sites.mic.off')}>
          <MicOffIcon />
          <span class="unseen">{t('sites.mic.off')}</span>
        </span>
      )}
      {sends && !site.camera && (
        <span class="site-sign" title={t('sites.camera.off')}>
          <CameraOffIcon />
          <span class="unseen">{t('sites.camera.off')}</span>
        </span>
      )}
    </li>
  );
}

export function Sites({ sites, own }: { sites: SiteInfo[]; own: string }) {
  const t = useWords();
  const present = sites.filter((site) => siteState(site) === 'present').length;
  return (
    <section class="sites" id="sites" aria-labelledby="sites-title" data-testid="sites">
      <h2 id="sites-title">{t('sites.title', { present, all: sites.length })}</h2>
      {/* Scrolls by itself, so it must be reachable by keyboard. */}
      <ul tabIndex={0} aria-labelledby="sites-title">
        {sites.map((site) => (
          <Site key={site.id} site={site} own={site.id === own} />
        ))}
      </ul>
    </section>
  );
}
