// The administration: all meetings, or one of them.

import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { MeetingInfo, RestError } from '../../lib/rest';
import { Confirm, Dialog } from '../desk/Dialog';
import '../desk/desk.css';
import { GuideLink } from '../GuideLink';
import { useArrival } from '../hooks';
import { LanguageContext, useWords } from '../i18n';
import { LanguageSwitch } from '../PageBar';
import { pageRest } from '../rest';
import { whenText } from '../when';
import { OneMeeting } from './OneMeeting';
import { PlanForm, type PlanValues } from './PlanForm';
import { restError, RestTrouble } from './trouble';

const REFRESH_MS = 10_000;

function Table({ meetings, open, copy, end }: { meetings: MeetingInfo[]; open: (id: string) => void; copy: (one: MeetingInfo) => void; end: (one: MeetingInfo) => void }) {
  const t = useWords();
  const { language } = useContext(LanguageContext);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('admin.column.title')}</th>
          <th scope="col">{t('admin.column.when')}</th>
          <th scope="col">{t('admin.column.sites')}</th>
          <th scope="col">{t('admin.column.do')}</th>
        </tr>
      </thead>
      <tbody>
        {meetings.map((meeting) => {
          const { id, title, planned, present, invited } = meeting;
          return (
            <tr key={id} data-testid="meeting-row" data-meeting={id}>
              <th scope="row">{title}</th>
              <td>{whenText(planned, language)}</td>
              <td class="number">
                {present}/{invited}
              </td>
              <td>
                <div class="row-buttons">
                  <button type="button" class="quiet" data-testid="meeting-open" aria-label={t('admin.open.of', { title })} onClick={() => open(id)}>
                    {t('admin.open')}
                  </button>
                  <button type="button" class="quiet" data-testid="meeting-copy" aria-label={t('admin.copy.of', { title })} onClick={() => copy(meeting)}>
                    {t('admin.copy')}
                  </button>
                  <button type="button" class="quiet" data-testid="meeting-end" aria-label={t('admin.end.of', { title })} onClick={() => end(meeting)}>
                    {t('admin.end')}
                  </button>
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function Admin({ token }: { token: string }) {
  const t = useWords();
  const rest = useMemo(() => pageRest(token), [token]);
  const heading = useArrival<HTMLHeadingElement>();
  const [meetings, setMeetings] = useState<MeetingInfo[] | null>(null);
  const [trouble, setTrouble] = useState<RestError | null>(null);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState(0); // forms begin anew
  const [opened, setOpened] = useState<string | null>(null);
  const [copied, setCopied] = useState<MeetingInfo | null>(null);
  const [ended, setEnded] = useState<MeetingInfo | null>(null);

  const look = async () => {
    try {
      const list = await rest.meetings();
      setMeetings(list.sort((a, b) => (a.planned || Infinity) - (b.planned || Infinity) || a.title.localeCompare(b.title, 'vi')));
      setTrouble((now) => (now?.code === 'unreachable' ? null : now));
    } catch (error) {
      setTrouble(restError(error));
    }
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => document.hidden || void look(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [rest]);

  /** Whether it is done; if not, why is said. */
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    let done = false;
    setBusy(true);
    setTrouble(null);
    try {
      await act();
      done = true;
      setMade((count) => count + 1);
      await look();
    } catch (error) {
      setTrouble(restError(error));
    }
    setBusy(false);
    return done;
  };
  const plan = ({ title, planned }: PlanValues) => ({ title, ...(planned ? { planned } : {}) });
  const one = meetings?.find(({ id }) => id === opened) ?? null;

  return (
    <>
      <header class="page-bar">
        <span class="product">{t('product')}</span>
        <span class="space" />
        <GuideLink role="operator" />
        <LanguageSwitch />
      </header>
      <main class="admin" data-testid="admin">
        <RestTrouble error={trouble} />
        {one ? (
          <OneMeeting key={one.id} token={token} rest={rest} meeting={one} back={() => setOpened(null)} change={(values) => attempt(() => rest.change(one.id, values))} changed={() => void look()} />
        ) : (
          <>
            <h1 ref={heading} tabIndex={-1}>
              {t('admin')}
            </h1>
            <section class="card" aria-labelledby="make-title">
              <h2 id="make-title">{t('admin.make')}</h2>
              <PlanForm key={made} id="make" first={{ title: '', planned: 0 }} words={t('admin.create')} busy={busy} act={(values) => void attempt(() => rest.make(plan(values)))} />
            </section>
            <section class="card" aria-labelledby="list-title">
              <h2 id="list-title">{t('admin.list', { n: meetings?.length ?? 0 })}</h2>
              {meetings === null && !trouble && <p role="status">{t('admin.loading')}</p>}
              {meetings?.length === 0 && <p>{t('admin.none')}</p>}
              {meetings && meetings.length > 0 && <Table meetings={meetings} open={setOpened} copy={setCopied} end={setEnded} />}
            </section>
          </>
        )}
      </main>
      {copied && (
        <Dialog id="copy-dialog" title={t('admin.copy.title')} close={() => setCopied(null)}>
          <p>{t('admin.copy.hint')}</p>
          <PlanForm
            id="copy"
            first={{ title: copied.title, planned: 0 }}
            words={t('admin.copy')}
            busy={busy}
            act={(values) => {
              const { id } = copied;
              setCopied(null);
              void attempt(() => rest.copy(id, plan(values)));
            }}
          />
          <button type="button" class="quiet" data-testid="copy-cancel" onClick={() => setCopied(null)}>
            {t('dialog.no')}
          </button>
        </Dialog>
      )}
      {ended && (
        <Confirm title={t('admin.end.of', { title: ended.title })} words={t('admin.end.words')} yes={t('end.yes')} act={() => void attempt(() => rest.end(ended.id))} close={() => setEnded(null)} />
      )}
    </>
  );
}
