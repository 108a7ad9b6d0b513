// Bad input over the real bridge: a clear error or a counted drop, and a meeting beside it that does
// not notice.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { connect, offer } from './lib/client.mjs';
import { seeAdvance, seeSites, startMeeting, undisturbed } from './lib/meeting.mjs';
import { request } from './lib/server.mjs';
import { assertUnbroken, listen } from './lib/sound.mjs';
import { until } from './lib/wait.mjs';

const meeting = 'giao-ban';
let room, witness;

before(async () => {
  room = await startMeeting({ sites: 2, meeting, options: ['--lost-grace', '2'] });
  witness = await room.join(21, { role: 'chair', name: 'Nhân chứng' });
  await seeSites(witness, [1, 2, 21]);
});
after(() => room?.end());

const COMPOSED = 'diemcau_frames_composed_total';

/** Runs `attack` while the witness watches and listens: the bridge must compose all its pictures, and the
 * witness, who shares the machine with all of this, must see and hear on. `tiles` are there after it. */
async function unnoticed(attack, { tiles = 3, gap = 250 } = {}) {
  const before = { at: Date.now(), pictures: (await room.server.metrics())[COMPOSED] };
  const { result, fps } = await undisturbed(witness, async () => {
    const listening = listen(witness.page, 3);
    const value = await attack();
    await seeAdvance(witness, [1, 2, 21], tiles);
    assertUnbroken(await listening, gap);
    return value;
  });
  const composed = ((await room.server.metrics())[COMPOSED] - before.pictures) / ((Date.now() - before.at) / 1000);
  assert.ok(composed > 20, `${composed.toFixed(1)} pictures composed per second`);
  assert.ok(fps > 12, `${fps.toFixed(1)} frames per second seen`);
  return result;
}

/** A client that has joined, as an observer: without a seat in the picture. */
async function joined(site) {
  const client = await connect(room.server);
  const answer = await client.ask('join', { token: await room.server.token({ meeting, site, role: 'observer' }) });
  assert.equal(answer.type, 'joined', JSON.stringify(answer));
  return client;
}

for (const [what, text, code] of [
  ['no JSON', '{"v":1,', 'bad-message'],
  ['an array', '[1,2,3]', 'bad-message'],
  ['a wrong version', '{"v":9,"id":1,"type":"ping"}', 'bad-version'],
  ['an unknown type', '{"v":1,"id":1,"type":"reboot"}', 'unknown-type'],
  ['100 nested arrays', `{"v":1,"id":1,"type":"ping","x":${'['.repeat(100)}${']'.repeat(100)}}`, 'too-large'],
  ['30,000 nested arrays', `{"v":1,"id":1,"type":"ping","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'too-large'],
  ['an unfinished nest', '['.repeat(60_000), 'too-large'],
  ['a request before joining', '{"v":1,"id":1,"type":"record","on":true}', 'not-joined'],
]) {
  test(`message: ${what} is answered by ${code}`, async () => {
    const client = await connect(room.server);
    client.socket.send(text);
    const answer = await client.answer(what);
    assert.equal(answer.type, 'error');
    assert.equal(answer.code, code, answer.message);
    client.socket.close();
  });
}

test('message: over 64 KiB closes with 1009', async () => {
  await unnoticed(async () => {
    const client = await connect(room.server);
    client.socket.send(`{"v":1,"id":1,"type":"ping","x":"${'x'.repeat(64 * 1024)}"}`);
    assert.equal(await client.close(), 1009);
  });
});

test('message: one of 1 MiB, as an SDP, closes with 1009', async () => {
  await unnoticed(async () => {
    const client = await joined('to-lon');
    client.socket.send(JSON.stringify({ v: 1, id: 9, type: 'offer', sdp: offer({ extra: `a=x:${'x'.repeat(1 << 20)}` }) }));
    assert.equal(await client.close(), 1009);
  });
});

test('tokens: wrong, unsigned, of another algorithm, expired', async () => {
  const { server } = room;
  const who = { meeting, site: 'gia-mao', role: 'chair' };
  const cases = [
    [`${await server.token(who)}x`, 'token-invalid'],
    ['', 'token-invalid'],
    [await server.forge(who, { key: randomBytes(32) }), 'token-invalid'],
    [await server.forge(who, { header: { alg: 'none', typ: 'JWT' } }), 'token-invalid'],
    [await server.forge({ ...who, iss: 'khac' }), 'token-invalid'],
    [await server.forge({ ...who, site: '../../etc' }), 'token-invalid'],
    [await server.forge({ ...who, exp: Math.floor(Date.now() / 1000) - 10 }), 'token-expired'],
  ];
  for (const [token, code] of cases) {
    const client = await connect(server);
    const answer = await client.ask('join', { token });
    assert.equal(answer.type, 'error', token);
    assert.equal(answer.code, code, token);
    client.socket.close();
  }
  const good = await connect(server);
  assert.equal((await good.ask('join', { token: await server.forge({ ...who, role: 'observer' }) })).type, 'joined', 'the forging itself is right');
  assert.equal((await good.ask('record', { on: true })).code, 'forbidden');
  good.socket.close();
});

test('SDP: without fingerprint, with 1,000 m-lines, without sense', async () => {
  await unnoticed(async () => {
    const client = await joined('sdp');
    const lines = Array(1000).fill('m=audio 9 UDP/TLS/RTP/SAVPF 111').join('\r\n');
    for (const sdp of [offer({ fingerprint: null }), offer({ extra: lines }), 'v=0', 'x'.repeat(60_000), offer().replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')]) {
      const answer = await client.ask('offer', { sdp });
      assert.equal(answer.type, 'error');
      assert.ok(['bad-sdp', 'too-large', 'no-common-codec'].includes(answer.code), `${answer.code}: ${answer.message}`);
    }
    assert.equal((await client.ask('ping')).type, 'pong', 'the session is intact');
    client.socket.close();

    const token = await room.server.token({ meeting, site: 'sdp-whip' });
    const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` };
    for (const extra of [lines, `a=x:${'x'.repeat(1 << 20)}`]) {
      const { status } = await request(`${room.server.url}/whip`, { method: 'POST', headers, body: offer({ extra }) });
      assert.ok(status === 400 || status === 413, `status ${status}`);
    }
  });
});

/** Claims another certificate than it has. */
function wrongFingerprint() {
  const swap = (sdp) => sdp.replace(/a=fingerprint:sha-256 .*/g, `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`);
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const message = JSON.parse(text);
    return send.call(this, JSON.stringify(message.sdp ? { ...message, sdp: swap(message.sdp) } : message));
  };
}

test('DTLS: a certificate other than announced gives no media', async () => {
  const liar = await room.open(22, { initScripts: [wrongFingerprint] });
  await unnoticed(async () => {
    await room.enter(liar);
    await until('the handshake is refused', () =>
      liar.page.evaluate(() => globalThis.__peers.some((p) => ['failed', 'closed'].includes(p.connectionState))), { seconds: 40 });
  }, { tiles: 4, gap: 600 }); // a second browser starts on the same processor
  await seeSites(witness, [1, 2, 21], { tiles: 4 });
  assert.equal(await liar.page.evaluate(() => document.querySelector('[data-testid=programme]')?.videoWidth ?? 0), 0);
  await liar.die();
  await seeSites(witness, [1, 2, 21], { seconds: 60 });
});

/** Where the bridge receives the witness' media. */
async function mediaAddress() {
  const found = await witness.page.evaluate(async () => {
    const stats = [...(await globalThis.__peers.at(-1).getStats()).values()];
    const pair = stats.find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
    const { address, ip, port } = stats.find((s) => s.id === pair.remoteCandidateId);
    return { address: address ?? ip, port };
  });
  assert.equal(found.address, '127.0.0.1');
  return found.port;
}

const header = (type, length) => Buffer.concat([Buffer.from([0x80, type]), randomBytes(Math.max(0, length - 2))]);
const PACKETS = {
  'random bytes': (i) => randomBytes(1 + ((i * 37) % 1400)),
  'truncated RTP': (i) => header(111, 2 + (i % 10)),
  'RTP with a false extension': () => Buffer.concat([Buffer.from([0x9f, 0x60]), randomBytes(10), Buffer.alloc(8, 0xff)]),
  'truncated RTCP': (i) => header(200 + (i % 7), 2 + (i % 6)),
  'truncated STUN': (i) => Buffer.concat([Buffer.from([0, 1, 0, 200, 0x21, 0x12, 0xa4, 0x42]), randomBytes(i % 30)]),
  'truncated DTLS': (i) => Buffer.concat([Buffer.from([20 + (i % 5), 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, i % 256, 4, 0]), randomBytes(i % 60)]),
  'empty packets': () => Buffer.alloc(0),
  'large packets': () => randomBytes(9000),
};

/** Sends datagrams to the port; resolves when the kernel has them all. */
async function sendAll(socket, datagrams, port) {
  await Promise.all(datagrams.map((datagram) => new Promise((resolve, reject) => {
    socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  })));
}

const drops = (metrics) => Object.entries(metrics)
  .filter(([name]) => name.startsWith('diemcau_packets_dropped_total'))
  .reduce((sum, [, value]) => sum + value, 0);
const RECEIVED = 'diemcau_packets_received_total';

for (const [what, make] of Object.entries(PACKETS)) {
  test(`media port: 200 of ${what} are dropped and counted`, async () => {
    const port = await mediaAddress();
    const atFirst = drops(await room.server.metrics());
    await unnoticed(async () => {
      const socket = dgram.createSocket('udp4').unref();
      // Few at a time: what a full socket buffer loses, the kernel counts and not the bridge.
      for (let sent = 0; sent < 200; sent += 10) {
        const before = (await room.server.metrics())[RECEIVED];
        await sendAll(socket, Array.from({ length: 10 }, (_, i) => make(sent + i)), port);
        await until('the sites\' own packets still arrive', async () => (await room.server.metrics())[RECEIVED] > before, { every: 20 });
      }
      socket.close();
      await once(socket, 'close');
    });
    // Strangers that arrive together with a site's own packets are dropped by libnice, which does not count.
    await until('at least half of them are counted', async () => drops(await room.server.metrics()) - atFirst >= 100, { seconds: 3 });
  });
}

test('afterwards the bridge is well', async () => {
  assert.equal((await request(`${room.server.url}/healthz`)).status, 200);
  await seeAdvance(witness, [1, 2, 21], 3);
  assert.deepEqual(witness.problems, []);
});

test('the simulated pair had its pictures and lost no sound', async () => {
  const report = await room.simulated.finish();
  assert.equal(report.joined, 2);
  assert.ok(report.rx_fps.min > 15, `${report.rx_fps.min} frames per second`);
  assert.equal(report.audio_packets_lost, 0);
});
