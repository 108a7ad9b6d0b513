// The spoken roll call over twenty simulated sites: some say nothing, some hum, one is away and one comes late; the marks
// that the minutes tell are the truth.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { request, startServer } from './lib/server.mjs';
import { startSites } from './lib/sites.mjs';
import { until } from './lib/wait.mjs';

const SITES = 20;
const MEETING = 'diem-danh';
const PATIENCE = 4;

let server, chair, token, sites;

async function sit(site, role) {
  const client = await connect(server);
  client.token = await server.token({ meeting: MEETING, site, role });
  client.joined = await client.ask('join', { token: client.token, mic: role === 'site', camera: false });
  assert.equal(client.joined.type, 'joined');
  return client;
}

before(async () => {
  server = await startServer();
  chair = await sit('chu-tri', 'chair');
  token = chair.token;
  const away = await sit('di-vang', 'site');
  away.socket.terminate(); // its line is lost: it has its seat still
  sites = await startSites(server, { meeting: MEETING, count: SITES, seconds: 300, options: ['--answers'] });
  await until('all are there', () => {
    const seats = new Set(chair.messages.flatMap((m) => (m.type === 'sites' ? m.sites : [])).filter((s) => s.present).map((s) => s.id));
    return [...seats].filter((id) => id.startsWith('sim-')).length === SITES;
  }, { seconds: 60 });
});
after(async () => {
  chair?.socket.terminate();
  await sites?.stop();
  await server?.stop();
});

describe('the spoken roll call', () => {
  test('calls each site in turn, and its marks are the truth', { timeout: 240_000 }, async (t) => {
    const last = () => chair.messages.filter((m) => m.type === 'desk-work').at(-1);
    const began = Date.now();
    assert.equal((await chair.ask('calls', { do: 'start', patience: PATIENCE })).type, 'ok');
    const late = setTimeout(() => void sit('den-muon', 'site').then((client) => (sites.late = client)), 5000);
    await until('the tour has ended', () => last()?.roll.marks.length > SITES && last().roll.tour === null, { seconds: 200, every: 200 });
    clearTimeout(late);
    const seconds = (Date.now() - began) / 1000;
    sites.late?.socket.terminate();

    const marks = new Map(last().roll.marks.map(({ site, status }) => [site, status]));
    const silent = (n) => n % 5 === 0 || n % 7 === 0; // says nothing, or hums
    const truth = Object.fromEntries(Array.from({ length: SITES }, (_, i) => [`sim-${i + 1}`, silent(i + 1) ? 'no-sound' : 'present']));
    const told = Object.fromEntries([...marks].filter(([site]) => site.startsWith('sim-')));
    assert.deepEqual(told, truth);
    assert.equal(marks.get('di-vang'), 'lost');
    assert.equal(marks.get('den-muon'), 'no-sound'); // it came late, was called, and has no sound at all

    // As it is told in the minutes.
    const answer = await request(`${server.url}/api/meetings/${MEETING}/minutes.json`, { headers: { authorization: `Bearer ${token}` } });
    const calls = JSON.parse(answer.text).rolls;
    const exported = Object.fromEntries(calls.at(-1).marks.map(({ site, status }) => [site, status]));
    assert.deepEqual(Object.fromEntries(Object.entries(exported).filter(([site]) => site.startsWith('sim-'))), truth);
    const present = Object.values(truth).filter((status) => status === 'present').length;
    const quiet = SITES - present + 1;
    t.diagnostic(`${seconds.toFixed(1)} s for ${present} who spoke and ${quiet} who did not: ${((seconds - quiet * (PATIENCE + 0.3)) / present).toFixed(2)} s for each who spoke`);
  });
});
