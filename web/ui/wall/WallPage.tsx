// The wall on the second screen: all sites as large as fits. It comes back by itself, whatever happens:
// nobody sits before it.

import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { browserEnv } from '../../lib/env';
import { MeetingClient } from '../../lib/meeting';
import { BrowserPeer } from '../../lib/peer';
import { hasDesk } from '../../lib/room';
import type { Claims, TokenReading } from '../../lib/token';
import { wallSites } from '../../lib/wall';
import { Cover } from '../Cover';
import { Confirm } from '../desk/Dialog';
import { menuFor, type MenuAction } from '../desk/menu-items';
import { SiteMenu, type MenuPlace } from '../desk/SiteMenu';
import '../desk/desk.css';
import { Frames } from '../frames';
import { useScreenAwake } from '../hooks';
import { useWords, type Key } from '../i18n';
import { RecordIcon } from '../icons';
import { Over } from '../Over';
import { bridgeUrl } from '../session';
import { Shell } from '../Shell';
import { Tiles } from './Tiles';
import { useDesk } from './use-desk';

const AGAIN_MS = 5000;
/** Codes after which a person has to do something first. */
const HOPELESS = new Set(['token-invalid', 'token-expired', 'ended', 'no-common-codec', 'bad-version', 'replaced']);

function useScreen(token: string, claims: Claims, meeting: string) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const screen = useMemo(() => {
    const held: { stream: MediaStream | null } = { stream: null };
    const frames = new Frames(() => redraw(undefined));
    const client: MeetingClient<BrowserPeer> = new MeetingClient<BrowserPeer>({
      env: browserEnv,
      url: bridgeUrl(),
      token,
      ...(claims.meeting === '' ? { meeting } : {}),
      screen: 'wall',
      makePeer: (events) => new BrowserPeer({ sends: false, audio: null, video: null }, events),
      media: () => ({ mic: false, camera: false }),
      onState: () => frames.ask(),
      onPeer: (peer) => {
        held.stream = peer.stream;
        frames.ask();
      },
    });
    return { client, held };
  }, [token, meeting]);
  const { phase, over } = screen.client.state;
  useEffect(() => screen.client.join(), [screen]);
  useEffect(() => {
    if (phase !== 'over' || (over !== null && HOPELESS.has(over))) return;
    const timer = setTimeout(() => screen.client.join(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [phase, over]);
  return { client: screen.client, stream: screen.held.stream };
}

const ASK: Record<NonNullable<Extract<MenuAction, { command: object }>['confirm']>, [title: Key, words: Key, yes: Key]> = {
  'hand-over': ['confirm.hand-over', 'confirm.hand-over.words', 'confirm.hand-over.yes'],
  remove: ['confirm.remove', 'confirm.remove.words', 'confirm.remove.yes'],
  'keep-out': ['confirm.keep-out', 'confirm.keep-out.words', 'confirm.keep-out.yes'],
};

function Wall({ token, claims, meeting }: { token: string; claims: Claims; meeting: string }) {
  const t = useWords();
  const { client, stream } = useScreen(token, claims, meeting);
  const desk = useDesk(meeting, claims.site);
  const [picture, setPicture] = useState(false);
  const [menu, setMenu] = useState<{ site: string; place: MenuPlace } | null>(null);
  const [asked, setAsked] = useState<{ site: string; action: Extract<MenuAction, { command: object }> } | null>(null);
  useScreenAwake();
  const { state } = client;
  // The list of its own connection, as the picture is: the desk's page may be on another machine, or have stopped.
  const { sites } = state;
  const tiles = useMemo(() => wallSites(sites), [sites]);
  const seatOf = (site: string) => sites.find(({ id }) => id === site) ?? null;
  const nameOf = (site: string) => seatOf(site)?.name ?? site;
  const act = (site: string, action: MenuAction) => {
    if ('command' in action && action.confirm) setAsked({ site, action });
    else desk.act(site, action);
  };
  const over = state.phase === 'over';
  if (over && state.over !== null && HOPELESS.has(state.over)) {
    return <Over code={state.over} meeting={state.meeting?.title ?? claims.title} onAgain={() => client.join()} />;
  }
  const ask = asked?.action.confirm ? ASK[asked.action.confirm] : null;
  return (
    <main class="meeting wall-page" data-testid="wall-page" data-phase={state.phase} data-desk={desk.news !== null}>
      <h1 class="unseen">{t('wall.title', { meeting: state.meeting?.title ?? claims.title })}</h1>
      <Tiles stream={stream} dimmed={state.phase !== 'in'} sites={tiles} open={(site, place) => setMenu({ site, place })} onPicture={() => setPicture(true)} />
      {!over && <Cover meeting={state} picture={picture} />}
      {over && (
        <div class="cover cover-warns" role="status" data-testid="wall-waits">
          <p class="cover-words">{t(state.over === 'forbidden' ? 'wall.desk-first' : 'meeting.reconnecting')}</p>
          <p>{t('wall.again')}</p>
        </div>
      )}
      {state.recording && (
        <p class="on-air wall-on-air" data-testid="recording">
          <RecordIcon /> {t('meeting.recording')}
        </p>
      )}
      {menu && (
        <SiteMenu
          key={`${menu.site} ${menu.place.x} ${menu.place.y}`}
          name={nameOf(menu.site)}
          {...(desk.news ? {} : { about: t('wall.no-desk') })}
          groups={desk.news ? menuFor(menu.site, seatOf(menu.site), desk.news.context) : []}
          place={menu.place}
          act={(action) => act(menu.site, action)}
          close={() => setMenu(null)}
        />
      )}
      {asked && ask && (
        <Confirm
          title={t(ask[0], { name: nameOf(asked.site) })}
          words={t(ask[1])}
          yes={t(ask[2])}
          act={() => desk.act(asked.site, asked.action)}
          close={() => setAsked(null)}
        />
      )}
    </main>
  );
}

export function WallPage({ token, reading, meeting }: { token: string; reading: TokenReading; meeting: string }) {
  const claims = 'claims' in reading ? reading.claims : null;
  const id = claims?.meeting || meeting;
  const fits = claims !== null && id !== '' && (claims.role === null || hasDesk(claims.role));
  const code = reading.kind === 'none' ? 'no-token' : typeof RTCPeerConnection === 'undefined' ? 'no-webrtc' : fits ? null : 'token-invalid';
  return (
    <Shell title={(t) => t('wall.title', { meeting: claims?.title ?? '' })}>
      {claims && code === null ? <Wall token={token} claims={claims} meeting={id} /> : <Over code={code ?? 'token-invalid'} meeting="" />}
    </Shell>
  );
}
