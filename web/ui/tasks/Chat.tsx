// What is said in writing: to all, or to those who lead.

import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { hasDesk } from '../../lib/room';
import { CHAT_MAX_CHARS, type ChatLine } from '../../lib/work';
import { useWords } from '../i18n';
import { LockIcon } from '../icons';
import type { Session } from '../session';
import { timeText, Words } from './text';

const NEAR_PX = 60; // from the end of the list: whoever reads further up is not drawn down

function Line({ line, own }: { line: ChatLine; own: boolean }) {
  const t = useWords();
  return (
    <li class={own ? 'line-said line-own' : 'line-said'} data-testid="chat-line" data-n={line.n} data-to={line.to}>
      <p class="line-head">
        <b>
          <Words>{line.name || line.site}</Words>
        </b>
        {own && <span>({t('sites.you')})</span>}
        <time>{timeText(line.at)}</time>
      </p>
      {line.to === 'desk' && (
        <p class="line-private">
          <LockIcon /> {t('chat.private')}
        </p>
      )}
      <p class="line-text">
        <Words>{line.text}</Words>
      </p>
    </li>
  );
}

export function Chat({ session }: { session: Session }) {
  const t = useWords();
  const { chat, work, role, site, phase } = session.meeting;
  const open = work.chatOpen || (role !== null && hasDesk(role));
  const [wanted, setTo] = useState<'all' | 'desk'>('all');
  const [text, setText] = useState('');
  const [sends, setSends] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const to = open ? wanted : 'desk';
  const own = site?.id;
  // What has been said does not change: a line is drawn once, however many follow.
  const drawn = useMemo(() => new WeakMap<ChatLine, VNode>(), [own]);
  const draw = (line: ChatLine): VNode => {
    const node = drawn.get(line) ?? <Line key={line.n} line={line} own={line.site === own} />;
    drawn.set(line, node);
    return node;
  };

  useLayoutEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [chat]);
  useEffect(() => {
    const { current } = list;
    const watch = current && new ResizeObserver(() => atEnd.current && (current.scrollTop = current.scrollHeight));
    if (current) watch?.observe(current);
    return () => watch?.disconnect();
  }, []);

  const say = async (event: Event) => {
    event.preventDefault();
    const clean = text.trim().normalize('NFC');
    if (clean === '' || sends) return;
    setSends(true);
    atEnd.current = true;
    const code = await session.client.command({ type: 'chat', to, text: clean });
    setSends(false);
    if (code === null) setText('');
  };

  return (
    <div class="chat" data-testid="chat" data-open={work.chatOpen} data-lines={chat.length}>
      {chat.length === 0 && <p class="panel-none">{t('chat.none')}</p>}
      <div
        ref={list}
        class="chat-lines"
        role="log"
        aria-label={t('chat')}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => (atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX)}
      >
        <ul>
          {chat.map(draw)}
        </ul>
      </div>
      {!work.chatOpen && (
        <p class="chat-closed" data-testid="chat-closed">
          <LockIcon /> {t(open ? 'chat.closed.desk' : 'chat.closed')}
        </p>
      )}
      <form class="chat-form" onSubmit={(event) => void say(event)}>
        <div class="choice-line" role="group" aria-label={t('chat.to')}>
          {(['all', 'desk'] as const).map((one) => (
            <button key={one} type="button" data-testid={`chat-to-${one}`} aria-pressed={to === one} disabled={one === 'all' && !open} onClick={() => setTo(one)}>
              {t(one === 'all' ? 'chat.to.all' : 'chat.to.desk')}
            </button>
          ))}
        </div>
        <div class="chat-say">
          <input
            data-testid="chat-text"
            autocomplete="off"
            maxLength={CHAT_MAX_CHARS}
            placeholder={t('chat.text')}
            aria-label={t('chat.text')}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="do" data-testid="chat-say" disabled={phase !== 'in' || sends || text.trim() === ''}>
            {t('chat.say')}
          </button>
        </div>
      </form>
    </div>
  );
}
