// The agenda, written here and gone through; and the documents that all look at.

import { useEffect, useRef, useState } from 'preact/hooks';
import { RestError } from '../../../lib/rest';
import {
  AGENDA_MAX,
  AGENDA_MINUTES_MAX,
  AGENDA_TITLE_MAX_CHARS,
  AGENDA_WHO_MAX_CHARS,
  DOCUMENTS_MAX,
  type AgendaItem,
  type MeetingDocument,
} from '../../../lib/work';
import { useWords, type Key } from '../../i18n';
import { CloseIcon, DownIcon, UpIcon } from '../../icons';
import { pageRest } from '../../rest';
import type { Session } from '../../session';
import { upload } from '../../upload';
import { ItemClock } from '../../tasks/Agenda';
import { PageImage, PageTurner } from '../../tasks/DocumentView';
import { Words } from '../../tasks/text';
import { Confirm, Dialog } from '../Dialog';
import type { TabProps } from './common';

const TITLE_MAX_CHARS = 64; // of a document

interface Draft extends AgendaItem {
  key: number;
}

function Editor({ session, close }: { session: Session; close: () => void }) {
  const t = useWords();
  const next = useRef(0);
  const drafted = (item: AgendaItem): Draft => ({ ...item, key: next.current++ });
  const [items, setItems] = useState<Draft[]>(() => {
    const { items: now } = session.meeting.work.agenda;
    return (now.length > 0 ? now : [{ title: '', minutes: 10, who: '' }]).map(drafted);
  });
  const edit = (key: number, part: Partial<AgendaItem>) => setItems(items.map((item) => (item.key === key ? { ...item, ...part } : item)));
  const move = (at: number, to: number) => {
    const moved = [...items];
    moved.splice(to, 0, ...moved.splice(at, 1));
    setItems(moved);
  };
  const save = async (event: Event) => {
    event.preventDefault();
    const clean = (text: string) => text.trim().normalize('NFC');
    const said = items.map(({ title, minutes, who }) => ({ title: clean(title), minutes, who: clean(who) })).filter(({ title }) => title !== '');
    if ((await session.client.command({ type: 'agenda', items: said })) === null) close();
  };
  return (
    <Dialog id="agenda-editor" title={t('agenda.edit')} close={close}>
      <form onSubmit={(event) => void save(event)}>
        <ol class="agenda-rows">
          {items.map(({ key, title, minutes, who }, index) => (
            <li key={key} data-testid="agenda-row">
              <input class="agenda-what" data-testid="agenda-title" aria-label={t('agenda.title', { n: index + 1 })} placeholder={t('agenda.title', { n: index + 1 })} maxLength={AGENDA_TITLE_MAX_CHARS} value={title} onInput={(event) => edit(key, { title: event.currentTarget.value })} />
              <input type="number" data-testid="agenda-minutes" aria-label={t('agenda.minutes.of')} title={t('agenda.minutes.of')} min={0} max={AGENDA_MINUTES_MAX} value={minutes} onInput={(event) => edit(key, { minutes: Math.min(AGENDA_MINUTES_MAX, Math.max(0, Math.floor(event.currentTarget.valueAsNumber || 0))) })} />
              <input data-testid="agenda-who" aria-label={t('agenda.who')} placeholder={t('agenda.who')} maxLength={AGENDA_WHO_MAX_CHARS} value={who} onInput={(event) => edit(key, { who: event.currentTarget.value })} />
              <button type="button" class="icon-plain" data-testid="agenda-up" disabled={index === 0} aria-label={t('agenda.up', { n: index + 1 })} onClick={() => move(index, index - 1)}>
                <UpIcon />
              </button>
              <button type="button" class="icon-plain" data-testid="agenda-down" disabled={index === items.length - 1} aria-label={t('agenda.down', { n: index + 1 })} onClick={() => move(index, index + 1)}>
                <DownIcon />
              </button>
              <button type="button" class="icon-plain" data-testid="agenda-drop" aria-label={t('agenda.drop', { n: index + 1 })} onClick={() => setItems(items.filter((item) => item.key !== key))}>
                <CloseIcon />
              </button>
            </li>
          ))}
        </ol>
        <button type="button" class="quiet" data-testid="agenda-add" disabled={items.length >= AGENDA_MAX} onClick={() => setItems([...items, drafted({ title: '', minutes: 10, who: '' })])}>
          {t('agenda.add')}
        </button>
        <div class="dialog-buttons">
          <button type="button" class="quiet" data-testid="agenda-cancel" onClick={close}>
            {t('dialog.no')}
          </button>
          <button type="submit" class="main" data-testid="agenda-save">
            {t('scenes.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function AgendaList({ session }: { session: Session }) {
  const t = useWords();
  const [edits, setEdits] = useState(false);
  const { agenda } = session.meeting.work;
  const last = agenda.items.length - 1;
  const go = (item: number) => void session.client.command({ type: 'agenda-at', item });
  return (
    <section class="agenda-tab" aria-labelledby="agenda-title">
      <header class="work-line">
        <h3 id="agenda-title">{t('agenda')}</h3>
        <span class="space" />
        <button type="button" class={agenda.items.length === 0 ? 'do' : 'plain'} data-testid="agenda-edit" onClick={() => setEdits(true)}>
          {agenda.items.length === 0 ? (
            t('agenda.write')
          ) : (
            <>
              <span aria-hidden="true">{t('agenda.edit.short')}</span>
              <span class="unseen">{t('agenda.edit')}</span>
            </>
          )}
        </button>
        {last >= 0 && (
          <button type="button" class="do" data-testid="agenda-next" onClick={() => go(agenda.at < last ? agenda.at + 1 : -1)}>
            {t(agenda.at < 0 ? 'agenda.begin' : agenda.at < last ? 'agenda.next' : 'agenda.end')}
          </button>
        )}
      </header>
      {agenda.items.length === 0 && <p class="panel-none">{t('agenda.none')}</p>}
      <ol class="agenda" data-testid="agenda" data-at={agenda.at}>
        {agenda.items.map(({ title, minutes, who }, index) => {
          const now = index === agenda.at;
          return (
            <li key={index} class={now ? 'agenda-now' : index < agenda.at ? 'agenda-done' : ''} data-testid="agenda-item">
              <button type="button" class="agenda-go" data-testid="agenda-go" {...(now ? { 'aria-current': 'step' as const } : {})} title={t('agenda.go')} onClick={() => go(index)}>
                <b>{index + 1}</b>
                <span class="agenda-title">
                  <Words>{title}</Words>
                  <small>
                    {minutes > 0 && <span>{t('agenda.minutes', { n: minutes })} </span>}
                    <Words>{who}</Words>
                  </small>
                </span>
              </button>
              {now && <ItemClock since={agenda.since} minutes={minutes} offset={session.meeting.clockOffset} />}
            </li>
          );
        })}
      </ol>
      {edits && <Editor session={session} close={() => setEdits(false)} />}
    </section>
  );
}

function uploadWords(code: string): Key {
  switch (code) {
    case 'bad-type':
    case 'http-415':
      return 'document.trouble.type';
    case 'too-large':
    case 'http-413':
      return 'document.trouble.large';
    case 'full':
    case 'conflict':
      return 'document.trouble.full';
    case 'unreachable':
      return 'admin.trouble.unreachable';
    case 'bad-message':
    case 'http-422':
      return 'document.trouble.broken';
    default:
      return 'admin.trouble.other';
  }
}

function Add({ session, full }: { session: Session; full: boolean }) {
  const t = useWords();
  const [share, setShare] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const there = useRef(true);
  useEffect(() => () => void (there.current = false), []);
  const send = async (file: File) => {
    const title = [...file.name.replace(/\.[^.]*$/, '').normalize('NFC')].slice(0, TITLE_MAX_CHARS).join('') || file.name;
    setTrouble(null);
    setShare(0);
    try {
      const id = session.meeting.meeting?.id ?? '';
      await pageRest(session.token).addDocument(id, title, file.name, file, upload, (sent) => there.current && setShare(sent));
    } catch (error) {
      if (there.current) setTrouble(error instanceof RestError ? error.code : 'internal');
    }
    if (there.current) setShare(null);
  };
  return (
    <div class="document-add">
      <label class={share !== null || full ? 'file-button file-off' : 'file-button'}>
        <span>{t('document.add')}</span>
        <input
          type="file"
          data-testid="document-add"
          accept=".pdf,.png,.jpg,.jpeg"
          disabled={share !== null || full}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            event.currentTarget.value = '';
            if (file) void send(file);
          }}
        />
      </label>
      <p class="work-hint">{t(full ? 'document.trouble.full' : 'document.add.hint')}</p>
      {share !== null && (
        <div role="progressbar" data-testid="document-progress" aria-label={t('document.sends')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * share)}>
          {t(share < 1 ? 'document.sending' : 'document.reading', { percent: Math.round(100 * share) })}
          <span class="bar">
            <span style={{ width: `${Math.round(100 * share)}%` }} />
          </span>
        </div>
      )}
      {trouble && (
        <p class="work-wrong" role="alert" data-testid="document-trouble" data-code={trouble}>
          {t(uploadWords(trouble))}
        </p>
      )}
    </div>
  );
}

function Documents({ session }: { session: Session }) {
  const t = useWords();
  const [asked, setAsked] = useState<MeetingDocument | null>(null);
  const { documents, document } = session.meeting.work;
  const shown = documents.find(({ id }) => id === document?.id);
  const { client } = session;
  const page = Math.min(document?.page ?? 1, shown?.pages ?? 1);
  return (
    <section class="documents" aria-labelledby="documents-title" data-testid="documents" data-documents={documents.length}>
      <h3 id="documents-title">{t('documents', { n: documents.length })}</h3>
      {shown && (
        <div class="document-shown" data-testid="document-shown" data-document={shown.id}>
          <PageImage session={session} document={shown} page={page} />
          <div class="work-line">
            <p>{t('document.page', { page, pages: shown.pages })}</p>
            <PageTurner session={session} document={shown} page={page} />
          </div>
        </div>
      )}
      <Add session={session} full={documents.length >= DOCUMENTS_MAX} />
      <ul>
        {documents.map((one) => {
          const on = one.id === shown?.id;
          return (
            <li key={one.id} data-testid="document-row" data-document={one.id}>
              <span class="document-name" title={one.title}>
                <Words>{one.title}</Words>
                <small>{t('document.about', { kind: one.kind.toUpperCase(), pages: one.pages })}</small>
              </span>
              <button type="button" class={on ? 'plain' : 'do'} data-testid="document-on" aria-pressed={on} onClick={() => void client.command(on ? { type: 'document-show', document: '' } : { type: 'document-show', document: one.id, page: 1 })}>
                <span aria-hidden="true">{t(on ? 'document.off' : 'document.on')}</span>
                <span class="unseen">{t(on ? 'document.off.of' : 'document.on.of', { title: one.title })}</span>
              </button>
              <button type="button" class="icon-plain" data-testid="document-remove" aria-label={t('document.remove', { title: one.title })} title={t('document.remove', { title: one.title })} onClick={() => setAsked(one)}>
                <CloseIcon />
              </button>
            </li>
          );
        })}
      </ul>
      {asked && (
        <Confirm
          title={t('document.remove', { title: asked.title })}
          words={t('document.remove.words')}
          yes={t('scenes.drop')}
          act={() => void client.command({ type: 'document-remove', document: asked.id })}
          close={() => setAsked(null)}
        />
      )}
    </section>
  );
}

export function AgendaTab({ session }: TabProps) {
  return (
    <div class="two">
      <AgendaList session={session} />
      <Documents session={session} />
    </div>
  );
}
