// The chat with its switch, and announcements.

import { useState } from 'preact/hooks';
import { ANNOUNCE_MAX_CHARS, ANNOUNCE_TO_MAX } from '../../../lib/work';
import { useWords } from '../../i18n';
import { Chat } from '../../tasks/Chat';
import { Words } from '../../tasks/text';
import { Dialog } from '../Dialog';
import { SitePicker, type TabProps } from './common';

function Announce({ session, rows }: Pick<TabProps, 'session' | 'rows'>) {
  const t = useWords();
  const [text, setText] = useState('');
  const [to, setTo] = useState<ReadonlySet<string>>(new Set());
  const [some, setSome] = useState(false);
  const [picks, setPicks] = useState(false);
  const { announcement } = session.meeting.work;
  const say = async (event: Event) => {
    event.preventDefault();
    const clean = text.trim().normalize('NFC');
    if (clean === '') return;
    const code = await session.client.command({ type: 'announce', text: clean, ...(some ? { to: [...to] } : {}) });
    if (code === null) setText('');
  };
  const toggle = (site: string, on: boolean) => {
    const next = new Set(to);
    if (on) next.add(site);
    else next.delete(site);
    setTo(next);
  };
  const wrong = some && (to.size === 0 || to.size > ANNOUNCE_TO_MAX);
  return (
    <section class="announce" aria-labelledby="announce-title">
      <h3 id="announce-title">{t('announce')}</h3>
      {announcement && (
        <div class="announced" data-testid="announced">
          <p>
            <Words>{announcement.text}</Words>
          </p>
          <p class="work-hint">{announcement.to.length === 0 ? t('announce.to.all') : t('announce.to.n', { n: announcement.to.length })}</p>
          <button type="button" class="plain" data-testid="announce-clear" onClick={() => void session.client.command({ type: 'announce', text: '' })}>
            {t('announce.clear')}
          </button>
        </div>
      )}
      <form onSubmit={(event) => void say(event)}>
        <label for="announce-text">{t('announce.text')}</label>
        <textarea
          id="announce-text"
          data-testid="announce-text"
          rows={2}
          maxLength={ANNOUNCE_MAX_CHARS}
          value={text}
          onInput={(event) => setText(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))}
        />
        <div class="choice-line" role="group" aria-label={t('chat.to')}>
          <button type="button" data-testid="announce-all" aria-pressed={!some} onClick={() => setSome(false)}>
            {t('announce.to.all')}
          </button>
          <button
            type="button"
            data-testid="announce-some"
            aria-pressed={some}
            aria-haspopup="dialog"
            onClick={() => {
              setSome(true);
              setPicks(true);
            }}
          >
            {some && to.size > 0 ? t('announce.to.n', { n: to.size }) : t('announce.to.some')}
          </button>
        </div>
        {some && to.size > ANNOUNCE_TO_MAX && <p class="work-wrong">{t('announce.to.many', { n: ANNOUNCE_TO_MAX })}</p>}
        <button type="submit" class="do" data-testid="announce-say" disabled={session.meeting.phase !== 'in' || text.trim() === '' || wrong}>
          {t('announce.say')}
        </button>
      </form>
      {picks && (
        <Dialog id="announce-pick" title={t('announce.to.some')} close={() => setPicks(false)}>
          <SitePicker id="announce-to" label={t('announce.to.some')} rows={rows.rows} chosen={(site) => to.has(site)} toggle={toggle} />
          <div class="dialog-buttons">
            <button type="button" class="main" data-testid="announce-picked" onClick={() => setPicks(false)}>
              {t('announce.picked', { n: to.size })}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

export function ChatTab({ session, rows }: TabProps) {
  const t = useWords();
  const { chatOpen } = session.meeting.work;
  return (
    <div class="chat-tab">
      <Chat session={session} />
      <div class="chat-side">
        <label class="check">
          <input type="checkbox" data-testid="chat-open" checked={chatOpen} onChange={(event) => void session.client.command({ type: 'chat-open', on: event.currentTarget.checked })} />
          <span>{t('chat.open')}</span>
        </label>
        <Announce session={session} rows={rows} />
      </div>
    </div>
  );
}
