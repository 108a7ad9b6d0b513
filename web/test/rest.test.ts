import { describe, expect, it } from 'vitest';
import { documentType, Rest, RestError, ROSTER_MAX_BYTES, type Upload } from '../lib/rest';
import { DOCUMENT_MAX_BYTES } from '../lib/work';

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
    expect(await rest.meetings()).toEqual([{ id: 'm', title: 'm', planned: 5, invited: 3, present: 1, running: true, role: null }]);
    expect(calls).toEqual([{ url: 'https://b/api/meetings', method: 'GET', headers: { authorization: 'Bearer TOKEN' } }]);
  });

  it('reads a site’s meetings as a list, or within an object', async () => {
    const one = '{"id":"m","title":"M","planned":0,"running":false}';
    expect((await made(200, `[${one}]`).rest.mine()).length).toBe(1);
    expect((await made(200, `{"meetings":[${one}]}`).rest.mine()).length).toBe(1);
  });

  it('reads its role in each, and none that it does not know', async () => {
    const answer = '[{"id":"a","role":"operator"},{"id":"b","role":"king"},{"id":"c"}]';
    expect((await made(200, answer).rest.mine()).map(({ role }) => role)).toEqual(['operator', null, null]);
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

describe('documents and minutes', () => {
  const MADE = '{"id":"d1","title":"Báo cáo","kind":"pdf","bytes":3,"pages":2}';
  const adds = (status: number, text: string) => {
    const calls: { url: string; headers: Record<string, string> }[] = [];
    const upload: Upload = async (url, headers, _, onSent) => {
      calls.push({ url, headers });
      onSent(0.5);
      return { status, text };
    };
    return { upload, calls };
  };

  it('knows what it takes by its name', () => {
    expect(['a.PDF', 'a.jpg', 'b.x.jpeg', 'c.png'].map(documentType)).toEqual(['application/pdf', 'image/jpeg', 'image/jpeg', 'image/png']);
    expect(['a.docx', 'pdf', 'a.pdf.exe', 'a.constructor', ''].map(documentType)).toEqual([null, null, null, null, null]);
  });

  it('sends one with its title and type, and tells how far it is', async () => {
    const { upload, calls } = adds(201, MADE);
    const shares: number[] = [];
    const made_ = await made(200, '').rest.addDocument('m', 'Báo cáo & số', 'a.pdf', new Blob(['abc']), upload, (share) => shares.push(share));
    expect(made_).toEqual({ id: 'd1', title: 'Báo cáo', kind: 'pdf', bytes: 3, pages: 2 });
    expect(calls).toEqual([
      {
        url: `https://b/api/meetings/m/documents?title=${encodeURIComponent('Báo cáo & số')}`,
        headers: { authorization: 'Bearer TOKEN', 'content-type': 'application/pdf' },
      },
    ]);
    expect(shares).toEqual([0.5]);
  });

  it.each([
    ['a.docx', 3, 'bad-type'],
    ['a.pdf', DOCUMENT_MAX_BYTES + 1, 'too-large'],
  ])('%s of %d bytes is not sent: %s', async (name, size, code) => {
    const { upload, calls } = adds(201, MADE);
    const body = { size } as Blob;
    expect((await failure(made(200, '').rest.addDocument('m', 't', name, body, upload, () => undefined))).code).toBe(code);
    expect(calls).toEqual([]);
  });

  it.each([
    [422, '{"code":"bad-message","message":"no pdf"}', 'bad-message'],
    [413, '', 'http-413'],
    [201, '{}', 'bad-answer'],
  ])('%d %s: %s', async (status, text, code) => {
    const { upload } = adds(status, text);
    expect((await failure(made(200, '').rest.addDocument('m', 't', 'a.pdf', new Blob(['x']), upload, () => undefined))).code).toBe(code);
  });

  it('says that nobody answers', async () => {
    const upload: Upload = () => Promise.reject(new Error('network'));
    expect((await failure(made(200, '').rest.addDocument('m', 't', 'a.pdf', new Blob(['x']), upload, () => undefined))).code).toBe('unreachable');
  });

  it('gets pages and minutes with the token', async () => {
    const { rest, calls } = made(200, 'bytes');
    expect(await (await rest.page('m', 'd/1', 3)).text()).toBe('bytes');
    await rest.minutes('m', 'csv');
    expect(calls.map(({ url }) => url)).toEqual(['https://b/api/meetings/m/documents/d%2F1/pages/3', 'https://b/api/meetings/m/minutes.csv']);
    expect(calls[0]?.headers).toEqual({ authorization: 'Bearer TOKEN' });
    expect((await failure(made(404, '{"code":"not-found"}').rest.page('m', 'd', 9))).code).toBe('not-found');
  });
});
