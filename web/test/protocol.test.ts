import { beforeEach, describe, expect, it } from 'vitest';
import { backoffMs } from '../lib/backoff';
import type { BridgeMessage } from '../lib/messages';
import { Connection, OPEN_TIMEOUT_MS, PING_EVERY_MS, REQUEST_TIMEOUT_MS } from '../lib/protocol';
import { FakeEnv, settle } from './fake-env';

let env: FakeEnv;
let events: BridgeMessage[];
let lost: number[];
let connection: Connection;

beforeEach(() => {
  env = new FakeEnv();
  events = [];
  lost = [];
  connection = new Connection(env, 'wss://bridge/ws', { message: (message) => events.push(message), lost: (code) => lost.push(code) });
});

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code: string }) => error.code,
  );

describe('Connection', () => {
  it('asks for the protocol and waits for the socket to open', () => {
    void connection.request({ type: 'ping' }).catch(() => undefined);
    expect(env.socket.protocol).toBe('diemcau.1');
    expect(env.socket.sent).toEqual([]);
    env.socket.open();
    expect(env.socket.sent).toEqual([{ v: 1, id: 1, type: 'ping' }]);
  });

  it('matches answers with requests whatever their order', async () => {
    env.socket.open();
    const first = connection.request({ type: 'record', on: true });
    const second = connection.request({ type: 'offer', sdp: 'o' });
    env.socket.say({ type: 'answer', id: 2, sdp: 'a' });
    env.socket.say({ type: 'ok', id: 1 });
    expect((await second).sdp).toBe('a');
    expect((await first).type).toBe('ok');
    expect(events).toEqual([]);
  });

  it('rejects with the code of the bridge', async () => {
    env.socket.open();
    const request = connection.request({ type: 'record', on: true });
    env.socket.say({ type: 'error', id: 1, code: 'forbidden', message: 'chair only' });
    await expect(request).rejects.toMatchObject({ code: 'forbidden', message: 'chair only' });
  });

  it('rejects an answer of the wrong type', async () => {
    env.socket.open();
    const request = code(connection.request({ type: 'offer', sdp: 'o' }));
    env.socket.say({ type: 'ok', id: 1 });
    expect(await request).toBe('bad-answer');
  });

  it('gives up a request in time, and ignores the late answer', async () => {
    env.socket.open();
    const request = code(connection.request({ type: 'offer', sdp: 'o' }));
    await env.pass(REQUEST_TIMEOUT_MS);
    expect(await request).toBe('timeout');
    env.socket.say({ type: 'answer', id: 1, sdp: 'late' });
    expect(events).toEqual([]);
  });

  it('hands on what answers nothing, and errors without id', () => {
    env.socket.open();
    env.socket.say({ type: 'line', quality: 2, loss: 10, rtt: 40 });
    env.socket.say({ type: 'error', code: 'rate-limited', message: '' });
    expect(events.map(({ type }) => type)).toEqual(['line', 'error']);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another version', '{"v":2,"type":"ok"}'],
    ['no version', '{"type":"ok"}'],
    ['an unknown type', '{"v":1,"type":"dance"}'],
    ['a prototype name', '{"v":1,"type":"__proto__"}'],
    ['sites that are none', '{"v":1,"type":"sites","sites":[{"id":1}]}'],
    ['a site of no known role', '{"v":1,"type":"sites","sites":[{"id":"a","name":"A","role":"god"}]}'],
    ['a site without name', '{"v":1,"type":"sites","sites":[{"id":"a","role":"site"}]}'],
    ['a quality out of range', '{"v":1,"type":"line","quality":9,"loss":0,"rtt":0}'],
    ['half of a joined', '{"v":1,"type":"joined","meeting":{"id":"m"}}'],
    ['deep nesting', `{"v":1,"type":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['bytes', new ArrayBuffer(8)],
  ])('ignores %s', (_, data) => {
    env.socket.open();
    env.socket.onmessage?.({ data });
    expect(events).toEqual([]);
    expect(lost).toEqual([]);
  });

  it('sends nothing over 64 KiB', async () => {
    env.socket.open();
    expect(await code(connection.request({ type: 'offer', sdp: 'x'.repeat(70_000) }))).toBe('too-large');
    expect(await code(connection.request({ type: 'offer', sdp: 'ệ'.repeat(22_000) }))).toBe('too-large');
    expect(env.socket.sent).toEqual([]);
  });

  it('tells of the loss once and rejects what is open', async () => {
    env.socket.open();
    const request = code(connection.request({ type: 'ping' }));
    env.socket.die(1001);
    env.socket.die(1001);
    expect(await request).toBe('connection-lost');
    expect(await code(connection.request({ type: 'ping' }))).toBe('connection-lost');
    expect(lost).toEqual([1001]);
    expect(env.waiting).toBe(0);
  });

  it('gives up a socket that does not open', async () => {
    const request = code(connection.request({ type: 'ping' }, 60_000));
    await env.pass(OPEN_TIMEOUT_MS);
    expect(await request).toBe('connection-lost');
    expect(lost).toEqual([1006]);
    expect(env.socket.closed).toBe(true);
  });

  it('pings, and takes silence for a loss', async () => {
    env.socket.open();
    const clocks: [number, number][] = [];
    connection.keepAlive((now, age) => clocks.push([now, age]));
    await env.pass(PING_EVERY_MS);
    await env.pass(40);
    env.socket.answer('ping', { type: 'pong', now: 5000 });
    await settle();
    expect(clocks).toEqual([[5000, 20]]);
    await env.pass(PING_EVERY_MS);
    expect(env.socket.sent.length).toBe(2);
    await env.pass(PING_EVERY_MS);
    expect(lost).toEqual([1006]);
  });

  it('closes without a word', async () => {
    env.socket.open();
    connection.close();
    env.socket.die();
    expect(lost).toEqual([]);
    expect(env.socket.closed).toBe(true);
  });
});

describe('backoffMs', () => {
  it('doubles from 0.5 s to 8 s and is cut by up to half', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(backoffMs(1, 0)).toBe(250);
    expect(backoffMs(9, 0)).toBe(4000);
  });
});
