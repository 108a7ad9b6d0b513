// The desk: left the sites, in the middle what all see and what is prepared, right who wants to speak, below
// what concerns the whole meeting.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { makeRows } from '../../lib/roster';
import { hasVoice } from '../../lib/room';
import { withLayout, withPane, type Scene } from '../../lib/scene';
import { wallSites } from '../../lib/wall';
import { toldOf, useAnnouncement } from '../announce';
import { SourceButton } from '../Controls';
import { Cover } from '../Cover';
import { useFullScreen } from '../fullscreen';
import { useArrival, useScreenAwake, useShortcuts, useSilentMic, useStream } from '../hooks';
import { useWords, type Key } from '../i18n';
import {
  AgendaIcon,
  ChatIcon,
  DoorIcon,
  EnlargeIcon,
  HelpIcon,
  MinutesIcon,
  RollIcon,
  ScreenIcon,
  TakeIcon,
  UndoIcon,
  VoteIcon,
  WallIcon,
  WindowIcon,
} from '../icons';
import { lazy } from '../lazy';
import { Notices } from '../Notices';
import { OwnFloor } from '../OwnFloor';
import { Programme } from '../Programme';
import type { Session } from '../session';
import { TopBar } from '../TopBar';
import { useUnread } from '../unread';
import { TabList, type Tab } from '../tasks/Tabs';
import { useInvited, useLayouts } from './data';
import { DeskBar } from './DeskBar';
import { Confirm } from './Dialog';
import { Door } from './Door';
import { useDraft } from './draft';
import { Help } from './Help';
import { Layouts } from './Layouts';
import { menuFor, type MenuAction, type MenuContext } from './menu-items';
import { PaneShow, Preview } from './Preview';
import { Queue } from './Queue';
import { Scenes } from './Scenes';
import { SiteList } from './SiteList';
import { SiteMenu, type MenuPlace } from './SiteMenu';
import { Speaker } from './Speaker';
import { useWallChannel } from './use-wall-channel';
import type { WorkTab } from './tasks/WorkArea';
import './desk.css';

const WorkArea = lazy(() => import('./tasks/WorkArea').then((part) => part.WorkArea));

const TOURS = [0, 5, 10, 20, 30, 60];

function OwnBox({ session }: { session: Session }) {
  const t = useWords();
  const local = session.media.state;
  const video = useStream<HTMLVideoElement>(local.video);
  if (!session.sends) return null;
  return (
    <section class="own-box" aria-label={t('own')}>
      <video ref={video} data-testid="self" aria-label={t('meeting.self')} autoplay playsInline muted hidden={!local.video} />
      <SourceButton source="mic" local={local} silenced={session.silenced} bare act={() => void session.toggleMic()} />
      <SourceButton source="camera" local={local} bare act={() => void session.media.toggle('camera')} />
    </section>
  );
}

interface LooksProps {
  scene: Scene;
  edit: (scene: Scene) => void;
}

function Looks({ scene, edit }: LooksProps) {
  const t = useWords();
  const looks: readonly ['labels' | 'border' | 'letterbox', Key, Key][] = [
    ['labels', 'look.labels', 'look.labels.hint'],
    ['border', 'look.border', 'look.border.hint'],
    ['letterbox', 'look.letterbox', 'look.letterbox.hint'],
  ];
  return (
    <>
      {looks.map(([look, words, hint]) => (
        <label key={look} class="check" title={t(hint)}>
          <input type="checkbox" data-testid={`look-${look}`} checked={scene[look]} onChange={(event) => edit({ ...scene, [look]: event.currentTarget.checked })} />
          <span>{t(words)}</span>
        </label>
      ))}
    </>
  );
}

/** A name for whoever is new in a list, to be said; null while nobody is. */
function useNewcomer(list: readonly { site: string }[]): string | null {
  const [newest, setNewest] = useState<string | null>(null);
  const before = useRef(new Set(list.map(({ site }) => site)));
  useEffect(() => {
    const added = list.filter(({ site }) => !before.current.has(site));
    before.current = new Set(list.map(({ site }) => site));
    if (added.length > 0) setNewest(added[added.length - 1]?.site ?? null);
  }, [list]);
  return newest;
}

const NOBODY: readonly never[] = [];

type DeskTab = 'preview' | WorkTab;

/** What stands below the programme: what is prepared, or the meeting's work. */
function useTabs(session: Session, chosen: DeskTab): Tab<DeskTab>[] {
  const t = useWords();
  const { work, deskWork } = session.meeting;
  const unread = useUnread(session, chosen === 'chat');
  const goesOn = (on: boolean, said: Key) => (on ? { text: '●', said: t(said) } : null);
  return [
    { id: 'preview', words: t('preview'), icon: <TakeIcon /> },
    { id: 'roll', words: t('roll'), icon: <RollIcon />, badge: goesOn(deskWork?.roll.tour != null, 'calls.now') },
    { id: 'vote', words: t('vote'), icon: <VoteIcon />, badge: goesOn(work.vote?.open === true, 'vote.now') },
    { id: 'chat', words: t('chat'), icon: <ChatIcon />, badge: unread > 0 ? { text: unread > 99 ? '99+' : String(unread), said: t('chat.unread', { n: unread }) } : null },
    { id: 'agenda', words: t('agenda'), icon: <AgendaIcon /> },
    { id: 'present', words: t('present'), icon: <ScreenIcon />, badge: goesOn(work.presenter !== null, 'present.now') },
    { id: 'aside', words: t('aside'), icon: <DoorIcon />, badge: work.aside.length > 0 ? { text: String(work.aside.length), said: t('aside.room', { n: work.aside.length }) } : null },
    { id: 'minutes', words: t('minutes'), icon: <MinutesIcon /> },
  ];
}

export function Desk({ session, title }: { session: Session; title: string }) {
  const t = useWords();
  const root = useArrival<HTMLElement>();
  const { meeting, media, client } = session;
  const { room, desk, sites, role } = meeting;
  const local = media.state;
  const stage = useRef<HTMLDivElement>(null);
  const screen = useFullScreen(stage);
  const layouts = useLayouts(session);
  const invited = useInvited(session);
  const draft = useDraft(session);
  const [picture, setPicture] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ site: string; place: MenuPlace } | null>(null);
  const [asked, setAsked] = useState<{ site: string; action: MenuAction } | null>(null);
  const [help, setHelp] = useState(false);
  const [pane, setPane] = useState(0);
  const [tab, setTab] = useState<DeskTab>('preview');
  const tabs = useTabs(session, tab);
  useEffect(() => WorkArea.preload(), []);
  useEffect(() => setPane(0), [draft.scene.layout]);
  const silent = useSilentMic(local.audio, local.micOn && session.sends && meeting.phase === 'in');
  useScreenAwake();
  const said = useAnnouncement(toldOf(meeting, local, session));
  const newHand = useNewcomer(room.queue);
  const newGuest = useNewcomer(desk?.lobby ?? NOBODY);

  const rows = useMemo(() => makeRows({ sites, invited, room, lines: meeting.lines }), [sites, invited, room, meeting.lines]);
  const nameOf = (site: string) => rows.names.get(site) ?? desk?.lobby.find((one) => one.site === site)?.name ?? site;
  const seatOf = (site: string) => sites.find(({ id }) => id === site) ?? null;
  // Who may stand in a pane, as an option: observers have no picture.
  const choices = useMemo(
    () => rows.rows.filter(({ seat }) => !seat || hasVoice(seat.role)).map(({ id, name }) => ({ id, name })),
    [rows.rows.map(({ id, seat }) => `${id}${seat?.role ?? ''}`).join(' ')],
  );
  const layout = layouts.find(({ name }) => name === draft.scene.layout) ?? null;
  const context: MenuContext = {
    role: role ?? session.claims.role ?? 'operator',
    own: meeting.site?.id ?? session.claims.site,
    room,
    panes: layout?.panes.length ?? 0,
    mayPresent: meeting.work.mayPresent,
    aside: meeting.work.aside,
  };
  const ready = meeting.phase === 'in' && desk !== null;

  const perform = (site: string, action: MenuAction) => {
    if ('pane' in action) {
      if (layout) draft.edit(withPane(draft.scene, layout, action.pane, `site:${site}`));
    } else {
      void client.command(action.command);
    }
  };
  const act = (site: string, action: MenuAction) => {
    if ('command' in action && action.confirm) setAsked({ site, action });
    else perform(site, action);
  };
  const openWall = useWallChannel(session, context, perform);

  const invite = (site: string) => void client.command({ type: 'floor', site, on: true });
  const take = () => ready && draft.differs && void client.command({ type: 'take' });
  const undo = () => ready && desk.canUndo && void client.command({ type: 'undo' });
  const recall = (index: number) => {
    const scene = desk?.scenes[index]?.scene;
    if (ready && scene) draft.edit(scene);
  };
  const muteChosen = () => {
    const seat = chosen === null ? null : seatOf(chosen);
    if (ready && seat && hasVoice(seat.role)) void client.command({ type: 'silence', site: seat.id, on: !seat.silenced });
  };
  useShortcuts({
    // Not while what it takes is out of sight.
    ...(tab === 'preview' ? { ' ': take } : {}),
    z: undo,
    enter: () => {
      const first = room.queue[0];
      if (ready && first) invite(first.site);
    },
    m: muteChosen,
    w: () => meeting.phase === 'in' && session.switchView(),
    f: screen.toggle,
    '?': () => setHelp(true),
    ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [String(index + 1), () => recall(index)])),
  });

  /** After a press of the mouse the keys belong to the desk again: Space shall take, not press once more. */
  const onClick = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('button, input[type=checkbox]') : null;
    if (event.detail > 0 && button && button === document.activeElement) root.current?.focus({ preventScroll: true });
  };

  const about = (site: string) => {
    const one = invited.find((other) => other.site === site);
    return [one?.phone, one?.email].filter(Boolean).join(' · ');
  };
  const confirmWords = (action: MenuAction): { title: Key; words: Key; yes: Key } => {
    const what = 'command' in action ? action.confirm : undefined;
    if (what === 'hand-over') return { title: 'confirm.hand-over', words: 'confirm.hand-over.words', yes: 'confirm.hand-over.yes' };
    if (what === 'keep-out') return { title: 'confirm.keep-out', words: 'confirm.keep-out.words', yes: 'confirm.keep-out.yes' };
    return { title: 'confirm.remove', words: 'confirm.remove.words', yes: 'confirm.remove.yes' };
  };

  return (
    <main
      ref={root}
      tabIndex={-1}
      class="meeting desk"
      data-testid="meeting"
      data-desk="true"
      data-phase={meeting.phase}
      onClick={onClick}
    >
      <TopBar meeting={meeting} title={meeting.meeting?.title ?? title}>
        <p class="roll-call" data-testid="roll-call">
          {t('roll-call', { present: rows.counts.present, all: rows.counts.all })}
        </p>
        <button type="button" class="top-button" data-testid="help-open" aria-keyshortcuts="?" onClick={() => setHelp(true)}>
          <HelpIcon /> {t('help.short')} <kbd aria-hidden="true">?</kbd>
        </button>
      </TopBar>
      <SiteList rows={rows} own={context.own} chosen={chosen} choose={setChosen} menu={(site, place) => setMenu({ site, place })} />
      <div class="work-rail">
        <TabList name="desk" label={t('work.area')} tabs={tabs} chosen={tab} choose={setTab} upright />
      </div>
      <div class="desk-middle">
        <section class="on-programme" aria-labelledby="programme-title">
          <header>
            <h2 id="programme-title" class={meeting.view === 'programme' ? 'tally' : 'tally tally-off'}>
              {t(meeting.view === 'wall' ? 'meeting.wall.short' : 'programme')}
            </h2>
            <span class="space" />
            <button type="button" class="small" data-testid="wall" aria-pressed={meeting.view === 'wall'} disabled={meeting.phase !== 'in'} onClick={() => session.switchView()}>
              <WallIcon /> {t(meeting.view === 'wall' ? 'programme.back' : 'programme.wall')} <kbd aria-hidden="true">W</kbd>
            </button>
            <button type="button" class="small" data-testid="wall-window" disabled={meeting.phase !== 'in'} onClick={openWall}>
              <WindowIcon /> {t('programme.window')}
            </button>
            {screen.possible && (
              <button type="button" class="small" data-testid="fullscreen" onClick={screen.toggle}>
                <EnlargeIcon /> {t('control.fullscreen')} <kbd aria-hidden="true">F</kbd>
              </button>
            )}
          </header>
          <div class="stage" ref={stage}>
            <Programme view={meeting.view} stream={session.stream} speaker={media.speaker} dimmed={meeting.phase === 'reconnecting'} onPicture={setPicture} />
            <Cover meeting={meeting} picture={picture} />
            <div class="over-picture">
              <Notices session={session} silent={silent} />
              {role !== 'chair' && <OwnFloor session={session} />}
            </div>
          </div>
        </section>
        {tab !== 'preview' && (
          <section class="desk-work" id="desk-panel" role="tabpanel" aria-labelledby={`desk-tab-${tab}`} data-testid="desk-work" data-tab={tab}>
            <WorkArea key={tab} tab={tab} session={session} rows={rows} nameOf={nameOf} />
          </section>
        )}
        {tab === 'preview' && (
        <section class="on-preview" id="desk-panel" role="tabpanel" aria-labelledby="desk-tab-preview">
          <header>
            <h2 class="tally tally-preview">
              {t('preview')}
            </h2>
            <Scenes session={session} scenes={desk?.scenes ?? []} draft={draft.scene} recall={draft.edit} />
          </header>
          <div class="preview-body">
            <Preview
              scene={draft.scene}
              layout={layout}
              nTiles={wallSites(sites).length}
              nameOf={nameOf}
              pane={pane}
              choosePane={setPane}
              edit={draft.edit}
            />
            <div class="preview-right">
              <div class="take-line">
                <button type="button" class="take" data-testid="take" aria-keyshortcuts="Space" disabled={!ready || !draft.differs} onClick={() => void take()}>
                  <TakeIcon /> {t('take')} <kbd aria-hidden="true">Space</kbd>
                </button>
                <button type="button" class="small undo" data-testid="undo" aria-keyshortcuts="Z" disabled={!ready || !desk.canUndo} onClick={() => void undo()}>
                  <UndoIcon /> {t('undo')} <kbd aria-hidden="true">Z</kbd>
                </button>
              </div>
              <Layouts layouts={layouts} chosen={draft.scene.layout} choose={(next) => draft.edit(withLayout(draft.scene, next))} />
            </div>
          </div>
          <div class="looks" role="group" aria-label={t('looks')}>
            <PaneShow scene={draft.scene} layout={layout} nameOf={nameOf} sites={choices} pane={pane} edit={draft.edit} />
            <Looks scene={draft.scene} edit={draft.edit} />
            <label class="check" title={t('layout-lock.hint')}>
              <input
                type="checkbox"
                data-testid="layout-lock"
                checked={desk?.layoutLocked ?? false}
                disabled={!ready}
                onChange={(event) => void client.command({ type: 'layout-lock', on: event.currentTarget.checked })}
              />
              <span>{t('layout-lock')}</span>
            </label>
            <label class="tour" title={t('tour.hint')}>
              <span>{t('tour')}</span>
              <select
                data-testid="tour"
                value={String(room.tour)}
                disabled={!ready}
                onChange={(event) => void client.command({ type: 'tour', seconds: Number(event.currentTarget.value) })}
              >
                {(TOURS.includes(room.tour) ? TOURS : [...TOURS, room.tour]).map((seconds) => (
                  <option key={seconds} value={String(seconds)}>
                    {seconds === 0 ? t('tour.off') : t('tour.seconds', { seconds })}
                  </option>
                ))}
              </select>
            </label>
          </div>
        </section>
        )}
      </div>
      <aside class="desk-right" aria-label={t('queue.panel')}>
        <Speaker session={session} floor={room.floor} nameOf={nameOf} />
        <Queue session={session} queue={room.queue} nameOf={nameOf} invite={invite} />
        <Door session={session} lobby={desk?.lobby ?? []} keptOut={desk?.keptOut ?? []} nameOf={nameOf} />
        <OwnBox session={session} />
      </aside>
      <DeskBar session={session} chosen={chosen} nameOf={nameOf} />
      {menu && (
        <SiteMenu
          key={`${menu.site} ${menu.place.x} ${menu.place.y}`}
          name={nameOf(menu.site)}
          about={about(menu.site)}
          groups={menuFor(menu.site, seatOf(menu.site), context)}
          place={menu.place}
          act={(action) => act(menu.site, action)}
          close={() => setMenu(null)}
        />
      )}
      {asked && (
        <Confirm
          title={t(confirmWords(asked.action).title, { name: nameOf(asked.site) })}
          words={t(confirmWords(asked.action).words)}
          yes={t(confirmWords(asked.action).yes)}
          act={() => perform(asked.site, asked.action)}
          close={() => setAsked(null)}
        />
      )}
      {help && <Help close={() => setHelp(false)} />}
      <p class="unseen" role="status" data-testid="status">
        {said && t(said)}
      </p>
      <p class="unseen" role="status">
        {newHand && room.queue.some(({ site }) => site === newHand) && t('said.hand', { name: nameOf(newHand) })}
      </p>
      <p class="unseen" role="status">
        {newGuest && desk?.lobby.some(({ site }) => site === newGuest) && t('said.lobby', { name: nameOf(newGuest) })}
      </p>
    </main>
  );
}
