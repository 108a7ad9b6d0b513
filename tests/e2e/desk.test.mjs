// The chair's desk by the protocol, as it is seen and heard by a site with a browser: layouts, scenes, the floor, a
// restart in the middle, a locked database, races and pretenders.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { grab } from './lib/picture.mjs';
import { run } from './lib/process.mjs';
import { request } from './lib/server.mjs';
import { heardSites, listen } from './lib/sound.mjs';
import { readMark } from './mark.mjs';
import { until } from './lib/wait.mjs';

const SITES = 6;
const VIEWER = 21;

let room, viewer, chair, layouts, ids;

/** Someone at the desk, without media. */
async function sit(site, role, more = {}) {
  const client = await connect(room.server);
  const token = await room.server.token({ meeting: room.meeting, site, role });
  client.joined = await client.ask('join', { token, mic: false, camera: false, ...more });
  client.must = async (type, members) => assert.equal((await client.ask(type, members)).type, 'ok', type);
  client.last = (type) => client.messages.filter((m) => m.type === type).at(-1);
  return client;
}

/** The rectangle of a pane in a picture; as pipelines/grid.c rounds. */
function cellOf({ x, y, w, h }, { width, height }) {
  const even = (value) => Math.floor(value / 2) * 2;
  const at = (length, part) => even(Math.floor(length * part + 1e-3));
  const left = at(width, x);
  const top = at(height, y);
  return { x: left, y: top, width: at(width, x + w) - left, height: at(height, y + h) - top };
}

/** Where a whole 16:9 picture stands in a cell; as pipelines/planes.c fits. */
function fitOf(cell) {
  const even = (value) => Math.floor(value / 2) * 2;
  const width = Math.min(cell.width, even((cell.height * 16) / 9));
  const height = Math.min(cell.height, even((cell.width * 9) / 16));
  return { x: cell.x + even((cell.width - width) / 2), y: cell.y + even((cell.height - height) / 2), width, height };
}

/** Site numbers by pane, null where no mark is to be read. */
async function seen(layout) {
  const picture = await grab(viewer.page);
  return layout.panes.map((pane) => readMark(picture, fitOf(cellOf(pane, picture)))?.site ?? null);
}

const layoutOf = (name) => layouts.find((layout) => layout.name === name);

/** Waits until the panes of `layout` show these sites (undefined: whoever). */
function sees(layout, wanted, seconds = 10) {
  return until(`${layout.name} shows ${wanted}`, async () => {
    const now = await seen(layout);
    if (wanted.every((site, pane) => site === undefined || now[pane] === site)) return now;
    throw new Error(`seen: ${now}`);
  }, { seconds });
}

before(async () => {
  room = await startMeeting({ sites: SITES, options: ['--max-visible', '49'], seconds: 600 });
  chair = await sit('chu-tri', 'chair');
  assert.equal(chair.joined.type, 'joined');
  viewer = await room.join(VIEWER);
  const answer = await request(`${room.server.url}/api/layouts`);
  layouts = JSON.parse(answer.text).layouts;
  await until('all are there', () => chair.messages.some((m) => m.type === 'sites' && m.sites.length > 0) && chair.last('desk'));
  const again = await sit('thu-ky', 'secretary');
  ids = new Map(again.joined.sites.map((site) => [Number(site.id.match(/(\d+)$/)?.[1]), site.id]));
  again.socket.close();
});
after(() => room?.end());

describe('layouts', () => {
  test('each shows in each pane the site that was put there', { timeout: 240_000 }, async () => {
    for (const layout of layouts) {
      if (layout.panes.length === 0 || layout.name === 'lecture') continue;
      // Only panes that are large enough for a mark to be read, and no more than there are sites.
      const large = layout.panes.map((pane, i) => ({ i, area: pane.w * pane.h, w: pane.w })).filter(({ w }) => w * 1280 >= 64);
      const order = large.sort((a, b) => b.area - a.area).slice(0, SITES).map(({ i }) => i);
      const panes = layout.panes.map(() => 'nothing');
      const wanted = layout.panes.map(() => null);
      order.forEach((pane, n) => {
        panes[pane] = `site:${ids.get(n + 1)}`;
        wanted[pane] = n + 1;
      });
      // In picture in picture the upper pane hides no mark of the lower one.
      await chair.must('show', { scene: { layout: layout.name, panes, letterbox: true } });
      await sees(layout, wanted);
    }
  });

  test('the automatic one comes back with undo, twice', async () => {
    await chair.must('show', { scene: { layout: 'single', panes: [`site:${ids.get(1)}`] } });
    await sees(layoutOf('single'), [1]);
    await chair.must('show', { scene: { layout: 'single', panes: [`site:${ids.get(2)}`] } });
    await sees(layoutOf('single'), [2]);
    await chair.must('undo');
    await sees(layoutOf('single'), [1]);
    await chair.must('undo');
    await sees(layoutOf('single'), [2]);
  });
});

describe('preview and programme', () => {
  test('what is prepared is not seen until it is taken', async () => {
    await chair.must('preview', { scene: { layout: '2x2', panes: [3, 4, 5, 6].map((n) => `site:${ids.get(n)}`) } });
    for (let i = 0; i < 10; i++) assert.deepEqual(await seen(layoutOf('single')), [2]);
    await chair.must('take');
    await sees(layoutOf('2x2'), [3, 4, 5, 6], 3);
  });
});

describe('the floor', () => {
  test('one action opens the microphone, shows the site and closes the one before', async () => {
    await chair.must('policy', { mic: 'permission' });
    await chair.must('show', { scene: { layout: '1+5' } });
    await chair.must('floor', { site: ids.get(2), on: true, seconds: 60 });
    await sees(layoutOf('1+5'), [2], 3);
    await until('only site 2 is heard', async () => heardSites(await listen(viewer.page, 1), [1, 2, 3, 4, 5, 6]).join() === '2');
    await chair.must('floor', { site: ids.get(5), on: true });
    await sees(layoutOf('1+5'), [5], 3);
    await until('only site 5 is heard', async () => heardSites(await listen(viewer.page, 1), [1, 2, 3, 4, 5, 6]).join() === '5');
    assert.deepEqual(chair.last('state').floor.site, ids.get(5));
  });

  test('two at the desk race: one of them has the last word, and both are told the same', async () => {
    const secretary = await sit('thu-ky', 'secretary');
    await Promise.all([chair.must('floor', { site: ids.get(1), on: true }), secretary.must('floor', { site: ids.get(3), on: true })]);
    await until('both are told of one', () => {
      const [a, b] = [chair.last('state')?.floor?.site, secretary.last('state')?.floor?.site];
      return a === b && (a === ids.get(1) || a === ids.get(3));
    });
    const site = chair.last('state').floor.site === ids.get(1) ? 1 : 3;
    await until('that one is heard', async () => heardSites(await listen(viewer.page, 1), [1, 2, 3, 4, 5, 6]).join() === String(site));
    assert.equal((await secretary.ask('hand-over', { site: 'thu-ky' })).code, 'forbidden');
    secretary.socket.close();
  });

  test('a second chair waits its turn', async () => {
    const second = await sit('chu-tri-2', 'chair');
    assert.equal(second.joined.role, 'secretary');
    assert.equal((await second.ask('end')).code, 'forbidden');
    second.socket.close();
  });
});

describe('pretenders', () => {
  test('are refused, and nobody else notices', async () => {
    const before = chair.messages.length;
    const site = await sit('xa-gia', 'site');
    for (const type of ['take', 'undo', 'end', 'lock', 'policy', 'silence-all', 'record', 'floor', 'hand-over', 'role', 'banner', 'show']) {
      const members = { on: true, mic: 'open', site: ids.get(1), role: 'chair', text: 'X', scene: { layout: 'single' } };
      assert.equal((await site.ask(type, members)).code, 'forbidden', type);
    }
    assert.equal((await site.ask('abdicate')).code, 'unknown-type');
    assert.equal((await site.ask('join', { token: 'x.y.z' })).code, 'already-joined');
    const screen = await connect(room.server);
    const token = await room.server.token({ meeting: room.meeting, site: 'xa-gia', role: 'chair' });
    assert.equal((await screen.ask('join', { token, screen: 'wall' })).code, 'forbidden');
    screen.socket.close();
    const told = chair.messages.slice(before).filter((m) => !['sites', 'line', 'lines', 'desk'].includes(m.type));
    assert.deepEqual(told, []);
    site.socket.close();
  });

  test('hostile names stay text', async () => {
    for (const name of ['<script>alert(1)</script>', '<b>&amp;</b>', 'A‮gpj.exe', 'x'.repeat(64)]) {
      const token = await room.server.forge({ meeting: room.meeting, site: 'ten-la', role: 'site', name });
      const client = await connect(room.server);
      const joined = await client.ask('join', { token });
      assert.equal(joined.type, 'joined');
      assert.doesNotMatch(joined.site.name, /[‪-‮⁦-⁩]/);
      await client.ask('leave');
    }
    const client = await connect(room.server);
    for (const [length, code] of [[65, 'token-invalid'], [2000, 'token-invalid'], [10_240, 'too-large']]) {
      const token = await room.server.forge({ meeting: room.meeting, site: 'ten-la', role: 'site', name: 'x'.repeat(length) });
      assert.equal((await client.ask('join', { token })).code, code);
    }
    client.socket.close();
    assert.deepEqual(viewer.problems, []);
  });
});

describe('what goes wrong', () => {
  test('a database that is locked for long does not disturb the meeting, and loses nothing', { timeout: 120_000 }, async () => {
    const lock = spawn('python3', ['-c', 'import sqlite3,sys,time\nd=sqlite3.connect(sys.argv[1],isolation_level=None)\nd.execute("BEGIN EXCLUSIVE")\nprint("locked",flush=True)\nsys.stdin.read()\nd.execute("ROLLBACK")', join(room.server.data, 'diemcau.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(lock.stdout, 'data');
    const started = Date.now();
    let slowest = 0;
    for (let i = 0; Date.now() - started < 30_000; i++) {
      const asked = Date.now();
      await chair.must('banner', { text: `Băng chữ ${i}` });
      slowest = Math.max(slowest, Date.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.ok(slowest < 1000, `a command took ${slowest} ms`);
    assert.match(room.server.output(), /events queue in their order/);
    lock.stdin.end();
    await once(lock, 'exit');
    await chair.must('banner', { text: '' });
    await until('the disk has caught up', () => /the disk has caught up/.test(room.server.output()), { seconds: 30 });
  });

  test('after kill -9 everything is as it was, and the browser is back by itself', { timeout: 120_000 }, async () => {
    await chair.must('floor', { site: `trinh-duyet-${VIEWER}`, on: true, seconds: 600 });
    await chair.must('scene-save', { name: 'Khai mạc', scene: { layout: '2+8' } });
    await chair.must('show', { scene: { layout: '1+5', letterbox: true } });
    await until('told', () => chair.last('desk')?.programme.letterbox === true);
    // A disk that does not answer in time has it later, in order: the last of it is waited for.
    const script = 'import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nprint([p for p, in d.execute("select payload from event order by seq desc limit 20")])';
    await until('the disk has it', async () => (await run('python3', ['-c', script, join(room.server.data, 'diemcau.db')])).includes('1+5'), { seconds: 30 });
    const before = { state: chair.last('state'), desk: chair.last('desk') };
    await room.server.end('SIGKILL');
    await viewer.page.locator('[data-testid=overlay][data-phase=reconnecting]').waitFor({ timeout: 20_000 });
    await room.server.begin();
    const back = await sit('chu-tri', 'chair');
    assert.equal(back.joined.role, 'chair');
    const { state, desk } = back.joined;
    for (const key of ['policy', 'selfUnmute', 'locked', 'banner', 'chair', 'tour']) assert.deepEqual(state[key], before.state[key], key);
    assert.equal(state.floor.site, before.state.floor.site);
    assert.equal(state.floor.limit, 600);
    assert.ok(Math.abs(state.floor.since - before.state.floor.since) < 1500);
    for (const key of ['programme', 'scenes', 'canUndo', 'layoutLocked']) assert.deepEqual(desk[key], before.desk[key], key);
    await until('the browser is in its seat', () => [back.joined, ...back.messages.filter((m) => m.type === 'sites')].some((m) => m.sites.some((s) => s.id === `trinh-duyet-${VIEWER}` && s.present)), { seconds: 15 });
    await sees(layoutOf('1+5'), [VIEWER], 15);
  });
});
