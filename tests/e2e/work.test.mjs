// The meeting's work by the protocol, against the real bridge and its real store: votes by a whole province, named and
// secret, chat, roll call, documents, minutes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { request, startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const SITES = 209;
const MEETING = 'giao-ban';

let server, chair, chairToken, siteToken;

async function sit(site, role = 'site') {
  const client = await connect(server);
  client.token = await server.token({ meeting: MEETING, site, role });
  client.joined = await client.ask('join', { token: client.token, mic: false, camera: false });
  assert.equal(client.joined.type, 'joined', JSON.stringify(client.joined));
  client.must = async (type, members) => assert.equal((await client.ask(type, members)).type, 'ok', type);
  client.last = (type) => client.messages.filter((m) => m.type === type).at(-1);
  return client;
}

/** Many at a time: making a token is a process each. */
async function sitAll(ids) {
  const clients = [];
  for (let i = 0; i < ids.length; i += 8) clients.push(...(await Promise.all(ids.slice(i, i + 8).map((id) => sit(id)))));
  return clients;
}

const api = (path, token, how = {}) => request(`${server.url}/api/meetings/${MEETING}/${path}`, { ...how, headers: { authorization: `Bearer ${token}`, ...how.headers } });
const upload = (title, type, body, token = chairToken) =>
  api(`documents?title=${encodeURIComponent(title)}`, token, { method: 'POST', headers: { 'content-type': type, 'content-length': body.length }, body });

function pdf(pages) {
  const kids = Array.from({ length: pages }, (_, i) => `${3 + i} 0 R`).join(' ');
  const each = Array.from({ length: pages }, (_, i) => `${3 + i} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n`).join('');
  return Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages}>>endobj\n${each}trailer<</Root 1 0 R>>\n%%EOF\n`);
}

before(async () => {
  server = await startServer({ options: ['--agency', 'UBND TỈNH LÂM ĐỒNG', '--max-members', '600'] });
  chair = await sit('chu-tri', 'chair');
  chairToken = chair.token;
  siteToken = await server.token({ meeting: MEETING, site: 'xa-1', role: 'site' });
});
after(async () => {
  chair?.socket.terminate();
  await server?.stop();
});

describe('votes', () => {
  const ids = Array.from({ length: SITES }, (_, i) => `xa-${i + 1}`);
  const choiceOf = (i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
  const truth = [0, 1, 2].map((choice) => ids.filter((_, i) => choiceOf(i) === choice).length);
  let clients;

  test(`${SITES} sites vote once each, with doubles and reconnects`, { timeout: 180_000 }, async () => {
    clients = await sitAll(ids);
    await chair.must('vote-open', { question: 'Thông qua nghị quyết?', choices: ['Đồng ý', 'Không đồng ý', 'Ý kiến khác'], voters: ids, secret: true, quorum: 50, seconds: 0 });
    await Promise.all(
      clients.map(async (client, i) => {
        await until('its ballot', () => client.last('ballot')?.entitled, { every: 20 });
        if (i % 7 === 0) {
          // Votes, loses its connection, comes again, tries once more.
          await client.must('vote', { vote: 1, choice: choiceOf(i) });
          client.socket.terminate();
          clients[i] = await sit(ids[i]);
          assert.equal(clients[i].joined.ballot.voted, true);
          assert.equal((await clients[i].ask('vote', { vote: 1, choice: 2 })).code, 'conflict');
          return;
        }
        const answers = await Promise.all([client.ask('vote', { vote: 1, choice: choiceOf(i) }), client.ask('vote', { vote: 1, choice: choiceOf(i) })]);
        assert.deepEqual(answers.map((a) => a.code ?? a.type).sort(), ['conflict', 'ok']);
      }),
    );
    await chair.must('vote-close');
    const work = await until('the result', () => chair.messages.filter((m) => m.type === 'work').find((m) => m.vote?.counts));
    assert.deepEqual(work.vote.counts, truth);
    assert.equal(work.vote.quorate, true);
  });

  test('nothing that is stored ties a secret vote to its site', async () => {
    // Everything that SQLite and the log have written, pages that are free included.
    const files = await Promise.all(['diemcau.db', 'diemcau.db-wal'].map((name) => readFile(join(server.data, name)).catch(() => Buffer.alloc(0))));
    const stored = Buffer.concat(files).toString('latin1');
    const used = [...stored.matchAll(/vote-used[^{]*(\{[^}]*\})/g)].map(([, payload]) => JSON.parse(payload));
    assert.ok(new Set(used.map(({ site }) => site)).size >= SITES - 1, `${used.length}`);
    for (const payload of used) assert.deepEqual(Object.keys(payload).sort(), ['number', 'site']);
    assert.doesNotMatch(stored, /vote-cast/);
    assert.doesNotMatch(server.output(), /choice/);
  });

  test('a named vote says who chose what, to the desk', async () => {
    await chair.must('vote-open', { question: 'Có tên?', choices: ['A', 'B'], voters: ids.slice(0, 3), secret: false, quorum: 0, seconds: 0 });
    await clients[0].must('vote', { vote: 2, choice: 1 });
    assert.equal((await clients[5].ask('vote', { vote: 2, choice: 1 })).code, 'forbidden');
    await chair.must('vote-close');
    const desk = await until('the desk is told', () => chair.last('desk-work')?.votes.find((v) => v.number === 2 && !v.open));
    assert.deepEqual(desk.cast, [{ site: 'xa-1', choice: 1 }]);
    assert.equal((await clients[0].ask('vote-open', { question: 'Q', choices: ['A', 'B'], secret: false, quorum: 0, seconds: 0 })).code, 'forbidden');
    for (const client of clients.slice(4)) client.socket.terminate();
  });
});

describe('chat', () => {
  test('lines to the desk are read by the desk, and by whoever wrote them', async () => {
    const [a, b] = [await sit('chat-a'), await sit('chat-b')];
    await a.must('chat', { to: 'all', text: '<script>alert(1)</script> \u202e' });
    await a.must('chat', { to: 'desk', text: 'chỉ cho bàn điều khiển' });
    const lines = (client) => client.messages.filter((m) => m.type === 'said').flatMap((m) => m.lines);
    await until('the desk reads both', () => lines(chair).length >= 2);
    await until('its writer too', () => lines(a).some(({ to }) => to === 'desk'));
    await until('the other reads one', () => lines(b).length >= 1);
    assert.deepEqual(lines(b).map(({ text }) => text), ['<script>alert(1)</script>']);
    await chair.must('chat-open', { on: false });
    assert.equal((await b.ask('chat', { to: 'all', text: 'x' })).code, 'forbidden');
    await b.must('chat', { to: 'desk', text: 'x' });
    a.socket.terminate();
    b.socket.terminate();
  });
});

describe('roll call', () => {
  test('is filled in by what is measured, and corrected by a person', async () => {
    const away = await sit('di-vang');
    away.socket.close();
    await chair.must('roll-open');
    const marks = await until('marks', () => chair.last('desk-work')?.roll.marks.length > 0 && chair.last('desk-work').roll.marks);
    assert.equal(marks.find(({ site }) => site === 'chu-tri').status, 'no-sound'); // its microphone is off
    await chair.must('roll-mark', { site: 'xa-2', status: 'excused', reason: 'Đi công tác' });
    await until('the mark', () => chair.last('desk-work').roll.marks.find(({ site, status, byHand }) => site === 'xa-2' && status === 'excused' && byHand));
    await chair.must('roll-close');
  });
});

describe('documents', () => {
  let id;

  test('a PDF is shown by pictures of its pages', async () => {
    const made = await upload('Báo cáo tháng 11', 'application/pdf', pdf(3));
    assert.equal(made.status, 201, made.text);
    ({ id } = JSON.parse(made.text));
    assert.deepEqual({ ...JSON.parse(made.text), id: '' }, { id: '', title: 'Báo cáo tháng 11', kind: 'pdf', bytes: pdf(3).length, pages: 3 });
    await chair.must('document-show', { document: id, page: 2 });
    await until('the page is told', () => chair.last('work')?.document?.page === 2);
    const page = await api(`documents/${id}/pages/2`, siteToken);
    assert.equal(page.status, 200);
    assert.equal(page.headers['content-type'], 'image/png');
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    assert.equal(page.bytes.subarray(1, 4).toString(), 'PNG');
    assert.equal((await api(`documents/${id}/pages/4`, siteToken)).status, 404);
    assert.equal((await api(`documents/..%2f..%2ftoken.key/pages/1`, siteToken)).status, 404);
    assert.equal((await api(`documents/${id}/pages/1`, await server.token({ meeting: 'other', site: 'xa-1', role: 'site' }))).status, 403);
  });

  test('what is none is refused, whatever it is called', async () => {
    const script = Buffer.from('<html><script>alert(1)</script>');
    const bomb = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from('00010000000100000802000000', 'hex')]);
    assert.equal((await upload('script', 'application/pdf', script)).status, 422);
    assert.equal((await upload('hidden script', 'application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), script]))).status, 422);
    assert.equal((await upload('bomb', 'image/png', bomb)).status, 422);
    assert.equal((await upload('page', 'text/html', script)).status, 415);
    assert.equal((await upload('', 'application/pdf', pdf(1))).status, 400);
    assert.equal((await upload('from a site', 'application/pdf', pdf(1), siteToken)).status, 403);
    const huge = await api('documents?title=huge', chairToken, { method: 'POST', headers: { 'content-type': 'application/pdf', 'content-length': 2 ** 30 }, body: Buffer.alloc(10) }).catch(() => ({ status: 413 }));
    assert.equal(huge.status, 413);
    assert.deepEqual(chair.last('work').documents.map((d) => d.id), [id]);
  });
});

describe('large uploads', () => {
  const SIZE = 20 * 1024 * 1024;

  /** The head of an upload; `send` says how much of its body follows. */
  function start(token) {
    const url = new URL(server.url);
    const socket = tls.connect({ host: url.hostname, port: url.port, rejectUnauthorized: false });
    const text = [];
    socket.on('data', (data) => text.push(data.toString()));
    socket.on('error', () => undefined);
    socket.write(`POST /api/meetings/${MEETING}/documents?title=to HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/pdf\r\nContent-Length: ${SIZE}\r\n\r\n`);
    return { socket, answer: () => text.join('') };
  }

  test('are refused by their token before a byte of them is sent, and not read to their end', async () => {
    for (const [token, status] of [['a.b.c', 401], [siteToken, 403]]) {
      const { socket, answer } = start(token);
      await until('the refusal', () => answer().includes('\r\n\r\n'), { seconds: 5 });
      assert.match(answer(), new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer(), /^connection: close\r$/im);
      // It is sent all the same, as fast as the bridge takes it.
      const piece = Buffer.alloc(256 * 1024);
      let closed = false;
      socket.on('close', () => (closed = true));
      const send = () => {
        while (!closed && socket.bytesWritten < SIZE) if (!socket.write(piece)) return;
      };
      socket.on('drain', send);
      send();
      await until('the end of the connection', () => closed, { seconds: 10 });
      assert.ok(socket.bytesWritten < SIZE, `${socket.bytesWritten} bytes were taken`);
    }
  });

  test('of the desk are read whole', async () => {
    const body = Buffer.concat([pdf(1), Buffer.alloc(SIZE - pdf(1).length, '\n')]);
    const made = await upload('Lớn nhất', 'application/pdf', body);
    assert.equal(made.status, 201, made.text);
    assert.equal(JSON.parse(made.text).bytes, SIZE);
    await chair.must('document-remove', { document: JSON.parse(made.text).id });
  });
});

describe('minutes', () => {
  test('say what happened, as JSON, CSV and PDF', async () => {
    const json = await api('minutes.json', chairToken);
    assert.equal(json.status, 200, json.text.slice(0, 200));
    const minutes = JSON.stringify(JSON.parse(json.text));
    assert.match(minutes, /Thông qua nghị quyết\?/);
    assert.match(minutes, /Đi công tác/);
    assert.doesNotMatch(minutes, /chỉ cho bàn điều khiển/);
    const csv = await api('minutes.csv', chairToken);
    assert.match(csv.headers['content-type'], /text\/csv/);
    assert.ok(csv.text.includes('Xin') || csv.text.includes('Thông qua'));
    const made = await api('minutes.pdf', chairToken);
    assert.equal(made.headers['content-type'], 'application/pdf');
    assert.equal(made.bytes.subarray(0, 5).toString(), '%PDF-');
    assert.match(made.headers['content-disposition'], /attachment/);
    assert.equal((await api('minutes.pdf', siteToken)).status, 403);
  });
});
