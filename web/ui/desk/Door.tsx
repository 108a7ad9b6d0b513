// Who waits in the lobby, and who is kept out.

import type { DeskState } from '../../lib/room';
import { useWords } from '../i18n';
import type { Session } from '../session';

interface Props {
  session: Session;
  lobby: DeskState['lobby'];
  keptOut: DeskState['keptOut'];
  nameOf: (site: string) => string;
}

export function Door({ session, lobby, keptOut, nameOf }: Props) {
  const t = useWords();
  const { client } = session;
  if (lobby.length === 0 && keptOut.length === 0) return null;
  const admit = (site: string, on: boolean) => void client.command({ type: 'admit', site, on });
  return (
    <section class="door" aria-labelledby="door-title" data-testid="door" data-waiting={lobby.length}>
      <h2 id="door-title">{t('door', { n: lobby.length })}</h2>
      <ul>
        {lobby.map(({ site, name }) => (
          <li key={site} data-testid="lobby-row" data-site={site}>
            <span class="hand-name" title={name}>
              {name}
            </span>
            <button type="button" class="grant" data-testid="admit" onClick={() => admit(site, true)}>
              <span aria-hidden="true">{t('door.admit')}</span>
              <span class="unseen">{t('door.admit.of', { name })}</span>
            </button>
            <button type="button" class="small" data-testid="refuse" onClick={() => admit(site, false)}>
              <span aria-hidden="true">{t('door.refuse')}</span>
              <span class="unseen">{t('door.refuse.of', { name })}</span>
            </button>
          </li>
        ))}
        {keptOut.map((site) => (
          <li key={`out ${site}`} data-testid="kept-out-row" data-site={site}>
            <span class="hand-name" title={nameOf(site)}>
              {nameOf(site)} <small>{t('door.out')}</small>
            </span>
            <button type="button" class="small" data-testid="let-in" onClick={() => void client.command({ type: 'let-in', site })}>
              <span aria-hidden="true">{t('door.let-in')}</span>
              <span class="unseen">{t('door.let-in.of', { name: nameOf(site) })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
