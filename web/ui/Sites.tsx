// The sites of the meeting with their state, in the order of the seats.

import type { SiteInfo } from '../lib/messages';
import { siteState, type SiteState } from '../lib/roster';
import { hasVoice, type Since } from '../lib/room';
import { useWords, type Key } from './i18n';
import { CameraOffIcon, HandIcon, MicIcon, MicOffIcon } from './icons';


const WORD: Record<SiteState, Key> = { present: 'sites.present', lost: 'sites.lost', absent: 'sites.absent' };

function Site({ site, own, hand }: { site: SiteInfo; own: boolean; hand: number }) {
  const t = useWords();
  const state = siteState(site);
  const remarks = [
    own && t('sites.you'),
    site.role === 'chair' && t('sites.chair'),
    site.role === 'secretary' && t('sites.secretary'),
    site.role === 'operator' && t('sites.operator'),
    site.role === 'observer' && t('sites.observer'),
    state !== 'present' && t(WORD[state]),
  ].filter(Boolean);
  const floor = state === 'present' && site.floor;
  const sends = state === 'present' && hasVoice(site.role);
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
      {hand > 0 && (
        <span class="site-hand" title={t('sites.hand', { n: hand })}>
          <HandIcon />
          <span aria-hidden="true">{hand}</span>
          <span class="unseen">{t('sites.hand', { n: hand })}</span>
        </span>
      )}
      {sends && (!site.mic || site.silenced) && (
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

export function Sites({ sites, own, queue }: { sites: SiteInfo[]; own: string; queue: readonly Since[] }) {
  const t = useWords();
  const places = new Map(queue.map(({ site }, index) => [site, index + 1]));
  const present = sites.filter((site) => siteState(site) === 'present').length;
  return (
    <section class="sites" id="sites" aria-labelledby="sites-title" data-testid="sites">
      <h2 id="sites-title">{t('sites.title', { present, all: sites.length })}</h2>
      {/* Scrolls by itself, so it must be reachable by keyboard. */}
      <ul tabIndex={0} aria-labelledby="sites-title">
        {sites.map((site) => (
          <Site key={site.id} site={site} own={site.id === own} hand={places.get(site.id) ?? 0} />
        ))}
      </ul>
    </section>
  );
}
