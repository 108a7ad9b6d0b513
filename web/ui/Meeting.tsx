// In the meeting: the programme as large as fits, the state of things above, the buttons below.

import { useEffect, useState } from 'preact/hooks';
import { isFor, voteToCast } from '../lib/work';
import { Aside } from './Aside';
import { toldOf, useAnnouncement } from './announce';
import { ControlButton, HandButton, SourceButton } from './Controls';
import { Cover } from './Cover';
import { useFullScreen, type FullScreen } from './fullscreen';
import { useArrival, useScreenAwake, useShortcuts, useSilentMic } from './hooks';
import { useWords } from './i18n';
import { ChatIcon, EnlargeIcon, LeaveIcon, ListIcon, ReduceIcon, ScreenIcon } from './icons';
import { lazy } from './lazy';
import { Notices } from './Notices';
import { OwnFloor } from './OwnFloor';
import { loadPreferences, savePreferences } from './preferences';
import { Programme } from './Programme';
import { SelfView } from './SelfView';
import type { Session } from './session';
import { Silenced } from './Silenced';
import { Sites } from './Sites';
import { TopBar } from './TopBar';
import { useUnread } from './unread';

const work = () => import('./tasks/site');
const SitePanel = lazy(() => work().then((part) => part.SitePanel));
const DocumentView = lazy(() => work().then((part) => part.DocumentView));
const Announcement = lazy(() => work().then((part) => part.Announcement));

/** What stands beside the picture. */
type Side = 'sites' | 'work' | null;

interface BarProps {
  session: Session;
  screen: FullScreen;
  side: Side;
  unread: number;
  toggleSites: () => void;
  toggleWork: () => void;
  toggleMic: () => void;
  toggleHand: () => void;
}

/** Shows the own screen, or ends that. */
function ScreenButton({ session }: { session: Session }) {
  const t = useWords();
  const { presenting, presents, meeting } = session;
  const on = presents || presenting.on;
  return (
    <ControlButton
      id="present"
      icon={<ScreenIcon />}
      words={t(on ? 'present.stop' : 'present')}
      pressed={on}
      kind={on ? 'in-use' : ''}
      disabled={meeting.phase !== 'in'}
      act={() => (on ? presenting.stop() : void presenting.start())}
    />
  );
}

function BottomBar({ session, screen, side, unread, toggleSites, toggleWork, toggleMic, toggleHand }: BarProps) {
  const t = useWords();
  const { meeting, media, client } = session;
  const votes = voteToCast(meeting.work, meeting.ballot) !== null;
  return (
    <div class={session.mayPresent ? 'bottom-bar crowded' : 'bottom-bar'} role="group" aria-label={t('control.group')}>
      {session.sends && (
        <>
          <SourceButton source="mic" local={media.state} silenced={session.silenced} act={toggleMic} />
          <SourceButton source="camera" local={media.state} act={() => void media.toggle('camera')} />
        </>
      )}
      {meeting.role === 'site' && <HandButton place={session.hand} disabled={meeting.phase !== 'in' || session.hasFloor} act={toggleHand} />}
      {screen.possible && (
        <ControlButton
          id="fullscreen"
          icon={screen.on ? <ReduceIcon /> : <EnlargeIcon />}
          words={t(screen.on ? 'control.fullscreen.exit' : 'control.fullscreen')}
          shortcut="F"
          act={screen.toggle}
        />
      )}
      <ControlButton id="sites-toggle" icon={<ListIcon />} words={t('control.sites')} expanded={side === 'sites'} controls="sites" act={toggleSites} />
      <ControlButton
        id="work-toggle"
        icon={<ChatIcon />}
        words={t('chat')}
        {...(votes ? { state: t('vote.now') } : unread > 0 ? { state: t('chat.unread', { n: unread }) } : {})}
        kind={side !== 'work' && (votes || unread > 0) ? 'in-use' : ''}
        expanded={side === 'work'}
        controls="work"
        act={toggleWork}
      />
      {session.mayPresent && <ScreenButton session={session} />}
      <span class="space" />
      <ControlButton id="leave" icon={<LeaveIcon />} words={t('control.leave')} kind="leave" act={() => client.leave()} />
    </div>
  );
}

export function Meeting({ session, title }: { session: Session; title: string }) {
  const t = useWords();
  const root = useArrival<HTMLElement>();
  const { meeting, media, claims } = session;
  const local = media.state;
  const screen = useFullScreen(root);
  const [picture, setPicture] = useState(false);
  const [refused, setRefused] = useState(false);
  const [side, setSide] = useState<Side>(loadPreferences().sitesShown ? 'sites' : null);
  const [tab, setTab] = useState<'chat' | 'agenda'>('chat');
  const [seen, setSeen] = useState(0); // time of the announcement that was seen
  const [hidden, setHidden] = useState(''); // document that this person has put away
  const [large, setLarge] = useState(false);
  const { announcement, document, documents } = meeting.work;
  const own = meeting.site?.id ?? claims.site;
  const cast = voteToCast(meeting.work, meeting.ballot);
  const shown = documents.find(({ id }) => id === document?.id);
  const read = shown && document && hidden !== shown.id ? { document: shown, page: Math.min(document.page, shown.pages) } : null;
  const unread = useUnread(session, side === 'work' && tab === 'chat');
  useEffect(() => SitePanel.preload(), []);
  useEffect(() => {
    if (cast) setSide('work'); // it shall be seen, and is put away like the rest
  }, [cast?.number]);
  useEffect(() => setHidden((one) => (one === document?.id ? one : '')), [document?.id]);
  const silent = useSilentMic(local.audio, local.micOn && meeting.phase === 'in');
  useScreenAwake();
  const said = useAnnouncement(toldOf(meeting, local, session));
  const toggleMic = () => setRefused(!session.toggleMic());
  const canRaise = meeting.role === 'site' && meeting.phase === 'in' && !session.hasFloor;
  const toggleHand = () => void session.client.command({ type: 'hand', on: session.hand === 0 });
  useEffect(() => setRefused(false), [session.silenced, session.hand > 0]);
  useShortcuts({
    f: screen.toggle,
    ...(canRaise ? { h: toggleHand } : {}),
    ...(session.sends ? { m: toggleMic, v: () => void media.toggle('camera') } : {}),
  });
  const toggleSites = () => setSide(savePreferences({ sitesShown: side !== 'sites' }).sitesShown ? 'sites' : null);
  const toggleWork = () => setSide(side === 'work' ? (loadPreferences().sitesShown ? 'sites' : null) : 'work');
  const classes = [
    'meeting',
    side ? `with-${side}` : '',
    read ? 'with-document' : '',
    read && large ? 'document-first' : '',
    session.sends ? '' : 'watches',
    session.hasFloor && media.sending.mic ? 'speaks' : '',
    screen.on ? 'full' : '',
    screen.idle ? 'idle' : '',
  ];
  return (
    <main ref={root} tabIndex={-1} class={classes.join(' ')} data-testid="meeting" data-phase={meeting.phase}>
      <TopBar meeting={meeting} title={meeting.meeting?.title ?? title} />
      <div class="stage">
        <Programme view={meeting.view} stream={session.stream} speaker={media.speaker} dimmed={meeting.phase === 'reconnecting'} onPicture={setPicture} />
        <Cover meeting={meeting} picture={picture} />
        <div class="over-picture">
          <Notices session={session} silent={silent} />
          <OwnFloor session={session} />
        </div>
        <Silenced session={session} asked={refused} />
        <Aside session={session} />
        {announcement && announcement.at !== seen && isFor(announcement, own) && (
          <Announcement key={announcement.at} text={announcement.text} seen={() => setSeen(announcement.at)} />
        )}
      </div>
      {read && (
        <DocumentView
          session={session}
          document={read.document}
          page={read.page}
          large={large}
          toggleLarge={() => setLarge(!large)}
          hide={() => setHidden(read.document.id)}
        />
      )}
      {side === 'sites' && <Sites sites={meeting.sites} own={own} queue={meeting.room.queue} />}
      {side === 'work' && (
        <SitePanel session={session} tab={tab} choose={setTab} unread={unread} hidden={shown !== undefined && read === null} showDocument={() => setHidden('')} />
      )}
      {session.sends && <SelfView local={local} silenced={session.silenced} />}
      <BottomBar session={session} screen={screen} side={side} unread={unread} toggleSites={toggleSites} toggleWork={toggleWork} toggleMic={toggleMic} toggleHand={toggleHand} />
      <p class="unseen" role="status" data-testid="status">
        {said && t(said)}
      </p>
      <p class="unseen" role="status" data-testid="status-work">
        {cast ? t('said.vote', { question: cast.question }) : unread > 0 ? t('chat.unread', { n: unread }) : ''}
      </p>
    </main>
  );
}
