// ./bench desk: how fast the desk is with many sites connected. Run by desk.py; its last line is one JSON object.
//
// Pictures and sounds are timed where they are shown: in a browser that is one of the sites. Its clock is the
// machine's, as is that of the chair whose commands are timed; the way through its decoder and jitter buffer counts.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startMeeting } from '../e2e/lib/meeting.mjs';
import { startSites, tone } from '../e2e/lib/sites.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { p95, pause, say, sit } from './commander.mjs';

const { values: options } = parseArgs({ options: { sites: { type: 'string' }, rounds: { type: 'string', default: '50' } } });
const SITES = Number(options.sites ?? 209);
const ROUNDS = Number(options.rounds);
const VIEWER = 900;
const RESTLESS = 40; // connections without media that change their state all the time
const CHANGES_PER_S = 5;

const readerSource = readFileSync(new URL('../e2e/mark.mjs', import.meta.url), 'utf8');

/** In the page: notes when which site's mark comes to be in the large pane, and when which tone is heard. */
function watch({ reader, cell, tones }) {
  const readMarkOf = new Function(`${reader}; return readMark;`)();
  globalThis.__seen = [];
  globalThis.__heard = [];
  globalThis.__cell = cell;
  const now = () => performance.timeOrigin + performance.now();
  const live = (kind) => globalThis.__peers.at(-1).getReceivers().map((r) => r.track).find((t) => t.kind === kind).clone();

  // Decoded frames, not painted ones: painting without a graphics card would take half of this machine from what is measured.
  const video = document.querySelector('[data-testid=programme]');
  const frames = new MediaStreamTrackProcessor({ track: live('video'), maxBufferSize: 5 }).readable.getReader();
  video.style.display = 'none';
  (async () => {
    for (;;) {
      const { value: frame, done } = await frames.read();
      if (done) return;
      const { width, height } = frame.codedRect;
      const planes = new Uint8Array(frame.allocationSize());
      const [{ offset, stride }] = await frame.copyTo(planes);
      frame.close();
      const { x, y, w, h } = globalThis.__cell;
      const tile = { x: x * width, y: y * height, width: w * width, height: h * height };
      const mark = readMarkOf({ luma: planes.subarray(offset), width: stride, height }, tile);
      if (mark && globalThis.__seen.at(-1)?.site !== mark.site) globalThis.__seen.push({ site: mark.site, at: now() });
    }
  })();

  const level = (samples, frequency) => {
    let real = 0;
    let imaginary = 0;
    for (let i = 0; i < samples.length; i++) {
      real += samples[i] * Math.cos((2 * Math.PI * frequency * i) / 48000);
      imaginary += samples[i] * Math.sin((2 * Math.PI * frequency * i) / 48000);
    }
    return (2 * Math.hypot(real, imaginary)) / samples.length;
  };
  const source = new MediaStreamTrackProcessor({ track: live('audio'), maxBufferSize: 200 }).readable.getReader();
  (async () => {
    let block = [];
    for (;;) {
      const { value, done } = await source.read();
      if (done) return;
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      value.close();
      block = block.concat([...samples]);
      if (block.length < 1920) continue; // 40 ms: the tones are 25 Hz apart
      const levels = tones.map(([site, hz]) => ({ site, level: level(block, hz) })).sort((a, b) => b.level - a.level);
      if (levels[0].level > 0.01 && globalThis.__heard.at(-1)?.site !== levels[0].site) globalThis.__heard.push({ site: levels[0].site, at: now() });
      block = [];
    }
  })();
}

const room = await startMeeting({ sites: 0, options: ['--max-members', String(SITES + 300)] });
const clients = [];
let sites;

/** Knows who is there. */
async function enter(site, role) {
  const roster = new Map();
  const client = await sit(room, site, role, (message) => {
    for (const id of message.gone ?? []) roster.delete(id);
    for (const one of message.sites ?? []) roster.set(one.id, one);
  });
  client.roster = roster;
  clients.push(client);
  return client;
}

/** Waits until the page has noted something about `site` after `at`; the time of it. */
const noted = (page, what, site, at) =>
  until(`site ${site} is ${what}`, () => page.evaluate(([list, wanted, after]) => globalThis[list].find((n) => n.site === wanted && n.at >= after)?.at ?? null, [`__${what}`, site, at]), { seconds: 10, every: 20 });

try {
  const chair = await enter('chu-tri', 'chair');
  sites = await startSites(room.server, { meeting: room.meeting, count: SITES, seconds: 2000, options: ['--join-rate', '40', '--return'] });
  sites.ended.then((code) => say(`the simulated sites ended with ${code}: ${sites.output().slice(-500)}`));
  await until(`${SITES} sites are there`, () => [...chair.roster.keys()].filter((id) => id.startsWith('sim-')).length >= SITES, { seconds: 120 });
  const viewer = await room.join(VIEWER);
  say(`${SITES} sites and a browser are there`);
  const numbers = Array.from({ length: 8 }, (_, i) => i + 1);
  const idOf = (n) => `sim-${n}`;
  await chair.command('policy', { mic: 'permission' });
  await chair.command('show', { scene: { layout: 'single', panes: [`site:${idOf(1)}`] } });
  await until('the picture is there', () => viewer.page.evaluate(() => document.querySelector('[data-testid=programme]').videoWidth > 0), { seconds: 20 });
  await viewer.page.evaluate(watch, { reader: readerText(), cell: { x: 0, y: 0, w: 1, h: 1 }, tones: numbers.map((n) => [n, tone(n)]) });
  await noted(viewer.page, 'seen', 1, 0);

  const changes = [];
  for (let i = 1; i <= ROUNDS; i++) {
    const n = numbers[i % numbers.length];
    const at = Date.now();
    await chair.command('show', { scene: { layout: 'single', panes: [`site:${idOf(n)}`] } });
    changes.push((await noted(viewer.page, 'seen', n, at)) - at);
    await pause(300);
  }
  say(`layout changes: ${changes.map(Math.round).join(' ')} ms`);

  await chair.command('show', { scene: { layout: '1+5' } });
  await viewer.page.evaluate((cell) => (globalThis.__cell = cell), { x: 0, y: 0, w: 2 / 3, h: 2 / 3 });
  const floors = [];
  for (let i = 0; i < ROUNDS; i++) {
    const known = await viewer.page.evaluate(() => [globalThis.__seen.at(-1)?.site, globalThis.__heard.at(-1)?.site]);
    const others = numbers.filter((one) => !known.includes(one));
    const n = others[i % others.length];
    const at = Date.now();
    await chair.command('floor', { site: idOf(n), on: true });
    const [seen, heard] = await Promise.all([noted(viewer.page, 'seen', n, at), noted(viewer.page, 'heard', n, at)]);
    floors.push(Math.max(seen, heard) - at);
    await pause(500);
  }
  say(`floor seen and heard: ${floors.map(Math.round).join(' ')} ms`);

  await viewer.close(); // what it showed is measured
  const restless = [];
  for (let i = 0; i < RESTLESS; i++) restless.push(await enter(`ban-${i}`, 'site'));
  let stop = false;
  const storm = restless.map(async (client, i) => {
    for (let k = 0; !stop; k++) {
      await client.command('media', { mic: k % 2 === 0, camera: false });
      if (k % 5 === 0) await client.command('hand', { on: k % 2 === 0 });
      await pause(1000 / CHANGES_PER_S + (i % 7));
    }
  });
  // The chair's browser is on a machine of its own; here it would only keep the bridge from a core.
  const times = await command(chair);
  const task = await deskTask(() => command(chair));
  stop = true;
  await Promise.all(storm);
  for (const client of restless) client.socket.close();

  say('ending the bridge with SIGKILL');
  chair.socket.close();
  await room.server.end('SIGKILL');
  const began = Date.now();
  await room.server.begin();
  const ready = Date.now();
  const again = await enter('chu-tri', 'chair');
  await until('all are back in their seats', () => Array.from({ length: SITES }, (_, i) => idOf(i + 1)).every((id) => again.roster.get(id)?.present), { seconds: 60, every: 50 });
  const restart = Date.now() - began;
  say(`all back ${restart} ms after the restart, ${Date.now() - ready} ms after it answered`);

  const figures = {
    sites: SITES,
    layout_change_ms_p95: Math.round(p95(changes)),
    command_ms_p95: Math.round(p95(times) * 10) / 10,
    floor_ms_p95: Math.round(p95(floors)),
    restart_ms_max: restart,
    longest_task_ms: task && Math.round(task.longest),
    opening_task_ms: task && Math.round(task.opening),
    layout_change_ms_p50: Math.round(p95(changes.slice().sort((a, b) => a - b).slice(0, Math.ceil(changes.length / 2)))),
    command_ms_max: Math.round(Math.max(...times)),
  };
  console.log(JSON.stringify(figures));
} finally {
  for (const client of clients) client.socket.terminate();
  await sites?.stop();
  await room.end();
}

/** What a chair does in quick succession; ms to each answer. */
async function command(chair) {
  const times = [];
  for (let i = 0; i < 200; i++) {
    const at = performance.now();
    if (i % 4 === 0) await chair.command('banner', { text: `Băng chữ ${i}` });
    else if (i % 4 === 1) await chair.command('preview', { scene: { layout: '2+8', panes: [`site:sim-${1 + (i % 8)}`] } });
    else if (i % 4 === 2) await chair.command('take');
    else await chair.command('silence', { site: `sim-${1 + (i % SITES)}`, on: i % 8 === 3 });
    times.push(performance.now() - at);
    await pause(40);
  }
  return times;
}

/** The longest tasks of the desk's page in a browser of its own, ms: while it opens, and while `work` runs. null: it did not open. */
async function deskTask(work) {
  const browser = await room.open(0, { initScripts: [countTasks] });
  await browser.page.goto(await room.server.link({ meeting: room.meeting, site: 'ky-thuat', role: 'operator' }));
  await browser.page.getByTestId('join').click({ timeout: 20_000 });
  const opened = await browser.page.getByTestId('take').waitFor({ timeout: 20_000 }).then(() => true, () => false);
  if (!opened) say('the desk did not open: its tasks are not counted');
  if (!opened) return null;
  await pause(2000); // tasks are told of after they have ended
  const take = () => browser.page.evaluate(() => {
    const longest = globalThis.__longest;
    globalThis.__longest = 0;
    return longest;
  });
  const opening = await take();
  await work();
  return { opening, longest: await take() };
}

function countTasks() {
  globalThis.__longest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.__longest = Math.max(globalThis.__longest, entry.duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** mark.mjs as text of one function, for the page. */
function readerText() {
  return readerSource.replace(/^import .*$/gm, '').replace(/export /g, '');
}
