// ./bench work: votes, chat, presentation, the spoken roll call and minutes with many sites connected. Run by desk.py; its
// last line is one JSON object.
import { parseArgs } from 'node:util';
import { openScreen } from '../e2e/lib/browser.mjs';
import { startMeeting } from '../e2e/lib/meeting.mjs';
import { request } from '../e2e/lib/server.mjs';
import { startSites } from '../e2e/lib/sites.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { p95, pause, say, sit } from './commander.mjs';

const { values: options } = parseArgs({ options: { sites: { type: 'string' } } });
const SITES = Number(options.sites ?? 209);
const CALLS = Math.min(15, Math.floor(SITES / 2)); // of the spoken roll call, of sites that speak
const CHATS = 40;
const PRESENTATIONS = 8;

const room = await startMeeting({ sites: 0, options: ['--max-members', String(3 * SITES + 100)] });
const clients = [];
let sites;

async function enter(site, role) {
  const client = await sit(room, site, role);
  clients.push(client);
  return client;
}

/** In the page: when the middle of what is presented comes to be white, or not. */
function watchWhite() {
  globalThis.__white = [];
  const track = globalThis.__peers.at(-1).getReceivers().map((r) => r.track).find((t) => t.kind === 'video').clone();
  const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 5 }).readable.getReader();
  document.querySelector('[data-testid=programme]').style.display = 'none';
  (async () => {
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done) return;
      const { width, height } = frame.codedRect;
      let white = true;
      for (const [x, y] of [[0.1, 0.3], [0.4, 0.5], [0.7, 0.7]]) {
        const rect = { x: 2 * Math.round((x * width) / 2), y: 2 * Math.round((y * height) / 2), width: 2, height: 2 };
        const few = new Uint8Array(frame.allocationSize({ rect }));
        await frame.copyTo(few, { rect });
        white &&= few[0] > 200;
      }
      frame.close();
      if (white !== globalThis.__white.at(-1)?.white) globalThis.__white.push({ white, at: performance.timeOrigin + performance.now() });
    }
  })();
}

const turned = (page, white, after) =>
  until(`the screen is ${white ? 'there' : 'gone'}`, () => page.evaluate(([w, t]) => globalThis.__white.find((n) => n.white === w && n.at >= t)?.at ?? null, [white, after]), { seconds: 15, every: 30 });

try {
  const chair = await enter('chu-tri', 'chair');
  sites = await startSites(room.server, { meeting: room.meeting, count: SITES, seconds: 2000, options: ['--join-rate', '40', '--answers'] });
  await until(`${SITES} sites are there`, async () => (await room.server.metrics()).diemcau_members >= SITES + 1, { seconds: 120 });
  say(`${SITES} sites are there`);

  const ids = Array.from({ length: SITES }, (_, i) => `xa-${i + 1}`);
  const voters = [];
  for (let i = 0; i < SITES; i += 8) voters.push(...(await Promise.all(ids.slice(i, i + 8).map((id) => enter(id, 'site')))));
  say(`and ${SITES} pages`);

  // Votes: all within one second, then shown: until the last page knows the result.
  const votes = [];
  for (let round = 1; round <= 5; round++) {
    await chair.command('vote-open', { question: `Biểu quyết ${round}`, choices: ['Đồng ý', 'Không đồng ý'], voters: ids, secret: round % 2 === 0, quorum: 50, seconds: 0 });
    await Promise.all(voters.map(async (voter, i) => {
      await pause((1000 * i) / SITES);
      await voter.command('vote', { vote: round, choice: i % 2 });
    }));
    const shown = voters.map((voter) => new Promise((resolve) => {
      voter.hear = (m) => m.type === 'work' && m.vote?.number === round && m.vote.counts && resolve([Date.now(), m.vote.counts]);
    }));
    const at = Date.now();
    await chair.command('vote-close');
    const all = await Promise.all(shown);
    const right = Math.ceil(SITES / 2);
    if (all.some(([, counts]) => counts[0] !== right || counts[1] !== SITES - right)) throw new Error('votes were miscounted');
    votes.push(...all.map(([when]) => when - at));
  }
  say(`votes: shown after ${Math.max(...votes)} ms at most`);

  const chats = [];
  for (let i = 0; i < CHATS; i++) {
    const heard = voters.map((voter) => new Promise((resolve) => {
      voter.hear = (m) => m.type === 'said' && m.lines.some((line) => line.text === `dòng ${i}`) && resolve(Date.now());
    }));
    const at = Date.now();
    await chair.command('chat', { to: 'all', text: `dòng ${i}` });
    for (const when of await Promise.all(heard)) chats.push(when - at);
    await pause(150);
  }
  for (const voter of voters) voter.hear = () => undefined;
  say(`chat: ${Math.max(...chats)} ms at most`);

  // The spoken roll call, some way into it.
  const calls = [];
  let before = null;
  const ended = new Promise((resolve) => {
    chair.hear = (m) => {
      if (m.type !== 'work' || m.called === before?.site) return;
      const now = Date.now();
      const n = Number(before?.site?.match(/^sim-(\d+)$/)?.[1] ?? 0);
      if (n && n % 5 && n % 7) calls.push(now - before.at);
      before = m.called ? { site: m.called, at: now } : null;
      if (calls.length >= CALLS) resolve();
    };
  });
  // Pages without sound are called as well: they go first, as they are not on a list and the sites came before them.
  await chair.command('calls', { do: 'start', patience: 4 });
  await ended;
  chair.hear = () => undefined;
  await chair.command('calls', { do: 'stop' });
  await chair.command('roll-close');
  say(`called: ${calls.join(' ')} ms`);

  for (const voter of voters) voter.socket.close();
  const presenter = await room.open(901, { presents: true });
  await openScreen(presenter, ''); // white
  await room.enter(presenter, { site: 'trinh-chieu' });
  // It watches itself: all see the same programme, and a second browser would only take the processors from this one.
  const { page } = presenter;
  await until('the picture is there', () => page.evaluate(() => document.querySelector('[data-testid=programme]').videoWidth > 0), { seconds: 30 });
  await page.evaluate(watchWhite);
  await chair.command('let-present', { site: 'trinh-chieu', on: true });
  const starts = [];
  for (let i = 0; i < PRESENTATIONS; i++) {
    const button = page.getByTestId('present');
    await button.waitFor({ timeout: 15_000 });
    const at = await button.evaluate((one) => {
      one.click();
      return performance.timeOrigin + performance.now();
    });
    starts.push((await turned(page, true, at)) - at);
    await page.locator('[data-testid=present][aria-pressed=true]').waitFor(); // else it is not yet the one that stops
    const stop = Date.now();
    await button.evaluate((one) => one.click());
    await turned(page, false, stop);
    await pause(500);
  }
  say(`presentation: ${starts.map(Math.round).join(' ')} ms`);

  const minutes = [];
  for (const kind of ['json', 'csv', 'pdf']) {
    const at = performance.now();
    const answer = await request(`${room.server.url}/api/meetings/${room.meeting}/minutes.${kind}`, { headers: { authorization: `Bearer ${chair.token}` } });
    if (answer.status !== 200) throw new Error(`minutes.${kind}: ${answer.status} ${answer.text}`);
    minutes.push(performance.now() - at);
  }
  console.log(JSON.stringify({
    sites: SITES,
    tour_s_per_site: Math.round(p95(calls) / 10) / 100,
    vote_ms_p95: p95(votes),
    presentation_start_ms_p95: Math.round(p95(starts)),
    chat_ms_p95: p95(chats),
    minutes_ms: Math.round(Math.max(...minutes)),
  }));
} finally {
  for (const client of clients) client.socket.terminate();
  await sites?.stop();
  await room.end();
}
