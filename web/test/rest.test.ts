import { describe, expect, it } from 'vitest';
import { Rest, RestError, ROSTER_MAX_BYTES } from '../lib/rest';

type Call = { url: string; method: string; headers: Record<string, string>; body?: unknown };

function made(status: number, answer: string) {
  const calls: Call[] = [];
  const fetch = async (url: string, init: Omit<Call, 'url'>) => {
    calls.push({ url, ...init });
    return new Response(status === 204 ? null : answer, { status });
  };
  return { rest: new Rest(fetch as never, 'https://b/', 'TOKEN'), calls };
}

const failure = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RestError) return error;
  }
  throw new Error('no RestError');
};

describe('Rest', () => {
  it('asks with the token', async () => {
    const { rest, calls } = made(200, '{"meetings":[{"id":"m","title":"","planned":5,"invited":3,"present":1},{"title":"no id"},7]}');
    expect(await rest.meetings()).toEqual([{ id: 'm', title: 'm', planned: 5, invited: 3, present: 1, running: true }]);
    expect(calls).toEqual([{ url: 'https://b/api/meetings', method: 'GET', headers: { authorization: 'Bearer TOKEN' } }]);
  });

  it('reads a site’s meetings as a list, or within an object', async () => {
    const one = '{"id":"m","title":"M","planned":0,"running":false}';
    expect((await made(200, `[${one}]`).rest.mine()).length).toBe(1);
    expect((await made(200, `{"meetings":[${one}]}`).rest.mine()).length).toBe(1);
  });

  it('writes ids into addresses as they are meant', async () => {
    const { rest, calls } = made(204, '');
    await rest.end('a/../b');
    expect(calls[0]?.url).toBe('https://b/api/meetings/a%2F..%2Fb/end');
  });

  it('takes no link that is no address of a page', async () => {
    const links = JSON.stringify({ links: [{ site: 'a', url: 'javascript:alert(1)' }, { site: 'b', url: 'https://b/#x' }] });
    expect((await made(200, links).rest.links('m')).map(({ site }) => site)).toEqual(['b']);
  });

  it('tells the faults of a list, line by line', async () => {
    const answer = '{"errors":[{"line":3,"message":"bad","messageVi":"sai"},{"line":4,"message":"worse"}]}';
    const error = await failure(made(422, answer).rest.setRoster('m', new Blob(['x'])));
    expect(error.faults).toEqual([
      { line: 3, message: 'bad', messageVi: 'sai' },
      { line: 4, message: 'worse', messageVi: 'worse' },
    ]);
  });

  it('does not send a list that is too large', async () => {
    const { rest, calls } = made(200, '{}');
    expect((await failure(rest.setRoster('m', new Blob([new Uint8Array(ROSTER_MAX_BYTES + 1)])))).code).toBe('too-large');
    expect(calls).toEqual([]);
  });

  it.each([
    [403, '{"code":"forbidden"}', 'forbidden'],
    [404, 'not-found: no such meeting', 'not-found'],
    [500, '<html>', 'http-500'],
    [200, '<html>', 'bad-answer'],
    [200, '[]', 'bad-answer'],
  ])('%d %s: %s', async (status, answer, code) => {
    expect((await failure(made(status, answer).rest.meetings())).code).toBe(code);
  });

  it('says that nobody answers', async () => {
    const rest = new Rest(() => Promise.reject(new TypeError('network')), 'https://b/', 'T');
    expect((await failure(rest.meetings())).code).toBe('unreachable');
  });
});
