// The messages against their schemas and the examples that the bridge's tests use too.

import { readdirSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import { ANSWER_OF, readMessage, writeMessage, type ClientMessage } from '../lib/messages';

const SCHEMAS = new URL('../../docs/schema/', import.meta.url);
const EXAMPLES = new URL('../../tests/messages/', import.meta.url);
const INVALID = new URL('invalid/', EXAMPLES);

const list = (folder: URL, ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));
const text = (folder: URL, name: string) => readFileSync(new URL(name, folder), 'utf8');

const ajv = new Ajv2020({ strict: true, strictRequired: false });
const schemas = new Map(
  list(SCHEMAS, '.json').map((name) => {
    const schema = JSON.parse(text(SCHEMAS, name));
    return [
      name.replace('.json', ''),
      { check: ajv.compile(schema), fromBridge: String(schema.description).startsWith('bridge to client') },
    ];
  }),
);

function problems(message: { type?: unknown }): string {
  const schema = schemas.get(String(message.type));
  if (!schema) return `no schema for ${String(message.type)}`;
  return schema.check(message) ? '' : ajv.errorsText(schema.check.errors);
}

const SCENE = { layout: '1+7', letterbox: false, labels: true, border: true, panes: ['floor', 'site:xa-1', 'roll:10'] };

const CLIENT: ClientMessage[] = [
  { type: 'join', token: 'a.b.c' },
  { type: 'join', token: 'a.b.c', mic: true, camera: false },
  { type: 'offer', sdp: 'v=0\r\n' },
  { type: 'candidate', candidate: 'candidate:1 1 udp 1 192.0.2.1 5000 typ host' },
  { type: 'candidate', candidate: '' },
  { type: 'media', mic: false, camera: true },
  { type: 'record', on: true },
  { type: 'watch', view: 'wall' },
  { type: 'watch', view: 'programme', height: 360 },
  { type: 'join', token: 'a.b.c', meeting: 'giao-ban', client: 't-81c2', replace: true },
  { type: 'join', token: 'a.b.c', screen: 'wall' },
  { type: 'watch', view: 'preview' },
  { type: 'hand', on: true },
  { type: 'consent', on: true },
  { type: 'lower', site: 'xa-1' },
  { type: 'queue', site: 'xa-1', to: 0 },
  { type: 'floor', site: 'xa-dong-van', on: true },
  { type: 'floor', site: 'xa-dong-van', on: true, seconds: 180 },
  { type: 'policy', mic: 'permission', selfUnmute: false },
  { type: 'silence', site: 'xa-1', on: true },
  { type: 'silence-all', on: true, except: ['xa-1'] },
  { type: 'show', scene: SCENE },
  { type: 'preview', scene: SCENE },
  { type: 'take' },
  { type: 'undo' },
  { type: 'scene-save', name: 'Khai mạc' },
  { type: 'scene-save', name: 'Khai mạc', scene: SCENE },
  { type: 'scene-drop', name: 'Khai mạc' },
  { type: 'layout-lock', on: true },
  { type: 'banner', text: '' },
  { type: 'tour', seconds: 10 },
  { type: 'lock', on: true },
  { type: 'admit', site: 'xa-1', on: false },
  { type: 'remove', site: 'xa-1', keepOut: true },
  { type: 'let-in', site: 'xa-1' },
  { type: 'role', site: 'xa-1', role: 'secretary' },
  { type: 'hand-over', site: 'xa-1' },
  { type: 'end' },
  { type: 'chat', to: 'desk', text: 'Xin chào' },
  { type: 'chat-open', on: false },
  { type: 'announce', text: 'Nghỉ 10 phút', to: ['xa-1'] },
  { type: 'announce', text: '' },
  { type: 'vote-open', question: 'Thông qua?', choices: ['Đồng ý', 'Không đồng ý'], secret: true, quorum: 50, seconds: 60 },
  { type: 'vote', vote: 1, choice: 0 },
  { type: 'vote-close' },
  { type: 'vote-show', vote: 1, on: true },
  { type: 'roll-open' },
  { type: 'roll-mark', site: 'xa-1', status: 'excused', reason: 'Đi công tác' },
  { type: 'roll-close' },
  { type: 'calls', do: 'start', patience: 8 },
  { type: 'calls', do: 'next' },
  { type: 'agenda', items: [{ title: 'Khai mạc', minutes: 10, who: '' }] },
  { type: 'agenda-at', item: -1 },
  { type: 'document-show', document: 'd-1', page: 2 },
  { type: 'document-show', document: '' },
  { type: 'document-remove', document: 'd-1' },
  { type: 'let-present', site: 'xa-1', on: true },
  { type: 'present', on: true },
  { type: 'aside', site: 'xa-1', on: true },
  { type: 'leave' },
  { type: 'ping' },
];

describe('schemas', () => {
  it('exist for all that the client says and expects', () => {
    const wanted = [...Object.keys(ANSWER_OF), ...Object.values(ANSWER_OF), 'error', 'sites', 'picture', 'recording', 'line', 'connection', 'closed', 'waiting', 'state', 'desk', 'lines', 'work', 'desk-work', 'ballot', 'said'];
    expect([...schemas.keys()].sort()).toEqual([...new Set(wanted)].sort());
  });
});

describe('what the client says', () => {
  it.each(CLIENT.map((message) => [message.type, message] as const))('%s obeys its schema', (_, message) => {
    const written = JSON.parse(writeMessage(message, 7));
    expect(problems(written)).toBe('');
    expect(written).toEqual({ v: 1, id: 7, ...message });
  });
});

describe('examples', () => {
  const examples = list(EXAMPLES, '.json').map((name) => [name, text(EXAMPLES, name)] as const);

  it('there is one for every schema', () => {
    const seen = new Set(examples.map(([, data]) => JSON.parse(data).type));
    expect([...schemas.keys()].filter((type) => !seen.has(type))).toEqual([]);
  });

  it.each(examples)('%s obeys its schema, and is read if it comes from the bridge', (_, data) => {
    const message = JSON.parse(data);
    expect(problems(message)).toBe('');
    const { v: _v, ...body } = message;
    if (schemas.get(message.type)?.fromBridge) expect(readMessage(data)).toEqual(body);
    else expect(readMessage(data)).toBeNull();
  });
});

describe('invalid examples', () => {
  const files = readdirSync(INVALID);
  // The client is lenient where a later bridge may say more, and where nothing depends on it.
  const LENIENT = ['connection-failed-silently.json', 'error-unknown-code.json', 'ok-without-id.json', 'recording-code-alone.json'];

  it('are there', () => expect(files.length).toBeGreaterThan(0));

  it.each(files.filter((name) => name.endsWith('.json')))('%s is refused by the schema', (name) => {
    expect(problems(JSON.parse(text(INVALID, name)))).not.toBe('');
  });

  it.each(files.filter((name) => !LENIENT.includes(name)))('%s is not taken for a message of the bridge', (name) => {
    expect(readMessage(text(INVALID, name))).toBeNull();
  });
});
