// Tries the built page in Chromium against the fake bridge: each state it can be in, with its text, its
// accessibility (axe) and that it says nothing on the console and asks no other host. Ends with
// `N passed, N failed`. SHOTS=DIR keeps a picture of each state.
//
//   npm run build && npm run test:page          (CHROMIUM=/path/to/chromium if it is elsewhere)

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FakeBridge } from './fake-bridge.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MIX = readFileSync(new URL('mix-page.js', import.meta.url), 'utf8');
const SHOTS = process.env.SHOTS;
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];
const CHAIR = { site: 'ubnd-tinh', name: 'UBND tỉnh Hà Giang', role: 'chair', title: 'Giao ban tháng 11' };
const SITE = { site: 'dong-van', name: 'xã Đồng Văn', role: 'site', title: 'Giao ban tháng 11' };
const OBSERVER = { site: 'bao-tinh', name: 'Báo tỉnh', role: 'observer', title: 'Giao ban tháng 11' };

let passed = 0;
let failed = 0;

function check(what, ok, detail = '') {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok' : 'NOT OK'} - ${what}${ok || !detail ? '' : `: ${detail}`}`);
}

async function shot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Colour contrast, names, roles, order …: nothing serious may be found. */
async function checkAccessible(page, name) {
  // Past the page's policy: through the debugger, not as a script of the page.
  await page.evaluate(AXE);
  const result = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const serious = result.violations.filter(({ impact }) => impact !== 'minor');
  const told = serious.map(({ id, nodes }) => `${id} (${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')})`);
  check(`${name}: accessible`, serious.length === 0, told.join('; '));
}

class Trial {
  constructor(browser, bridge) {
    this.browser = browser;
    this.bridge = bridge;
  }

  /** A fresh browser context on `url`; fails on console errors and foreign requests. */
  async open(name, url, { permissions = ['camera', 'microphone'], quiet = true, init } = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN', permissions });
    const page = await context.newPage();
    this.noise = [];
    page.on('console', (message) => quiet && ['error', 'warning'].includes(message.type()) && this.noise.push(message.text()));
    page.on('pageerror', (error) => this.noise.push(String(error)));
    page.on('request', (request) => request.url().startsWith(this.bridge.origin) || this.noise.push(`asked ${request.url()}`));
    if (init) await page.addInitScript(init);
    await page.goto(url);
    this.name = name;
    this.page = page;
    return page;
  }

  async done() {
    check(`${this.name}: nothing on the console, no other host`, this.noise.length === 0, this.noise.join(' | '));
    await this.page.context().close();
  }

  get(id) {
    return this.page.getByTestId(id);
  }

  /** Waits until what is under `id` is there, and says so if it does not come. */
  async see(what, id, { text, attribute, timeout = 20_000 } = {}) {
    const wanted = attribute ? this.page.locator(`[data-testid="${id}"]${attribute}`) : this.get(id);
    try {
      await (text ? wanted.filter({ hasText: text }) : wanted).first().waitFor({ state: 'visible', timeout });
      check(`${this.name}: ${what}`, true);
    } catch {
      check(
        `${this.name}: ${what}`,
        false,
        await wanted
          .first()
          .textContent({ timeout: 200 })
          .catch(() => 'not there'),
      );
    }
  }

  async join() {
    await this.get('join').click();
    await this.page.locator('[data-testid="meeting"][data-phase="in"]').waitFor({ timeout: 20_000 });
    await this.page.waitForFunction(() => performance.getEntriesByName('diemcau:first-picture').length > 0, null, { timeout: 20_000 });
  }

  async moves(expression, what) {
    // Through the debugger: waitForFunction would evaluate text, which the page's policy forbids.
    const before = await this.page.evaluate(expression);
    let moved = false;
    for (let tries = 0; tries < 150 && !moved; tries++) {
      await this.page.waitForTimeout(100);
      moved = (await this.page.evaluate(expression)) !== before;
    }
    check(`${this.name}: ${what}`, moved);
  }
}

const FRAMES = `document.querySelector('[data-testid="programme"]').getVideoPlaybackQuality().totalVideoFrames`;
const LEVEL = `document.querySelector('[data-testid="mic-level"]').dataset.level`;

async function tryBefore(trial) {
  const page = await trial.open('before', trial.bridge.link(SITE));
  await trial.see('shows the meeting', 'meeting-title', { text: 'Giao ban tháng 11' });
  await trial.see('shows the site', 'site-name', { text: 'xã Đồng Văn' });
  await page.waitForFunction(() => document.querySelector('[data-testid="self"]')?.videoWidth > 0);
  await trial.moves(LEVEL, 'the level moves');
  check('before: lists a microphone', (await page.locator('[data-testid="mic-list"] option').count()) > 0);
  await trial.get('test-sound').click();
  await page.waitForTimeout(600);
  await shot(page, '1-before');
  await checkAccessible(page, 'before');
  await page.setViewportSize({ width: 1366, height: 650 });
  check(
    'before: the button is in view at 1366x650',
    await trial.get('join').evaluate((button) => button.getBoundingClientRect().bottom <= innerHeight),
  );
  await shot(page, '1-before-low');
  await page.setViewportSize({ width: 400, height: 800 });
  check('before: nothing wider than a telephone', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.keyboard.press('m');
  await trial.see('M mutes', 'mic', { attribute: '[aria-pressed="false"]' });
  await page.keyboard.press('v');
  await trial.see('V closes the camera', 'camera', { attribute: '[aria-pressed="false"]' });
  await page.reload();
  await trial.see('remembers that the camera is off', 'camera', { attribute: '[aria-pressed="false"]' });
  await shot(page, '1-before-off');
  await trial.get('language').click();
  await trial.see('speaks English', 'join', { text: 'Join' });
  check('before: the page says its language', (await page.getAttribute('html', 'lang')) === 'en');
  await trial.done();
}

async function tryMeeting(trial) {
  const page = await trial.open('meeting', trial.bridge.link(SITE));
  await trial.join();
  await trial.moves(FRAMES, 'the picture moves');
  const sound = await page.evaluate(() => {
    const { srcObject, paused } = document.querySelector('[data-testid="sound"]');
    return !paused && srcObject.getAudioTracks().some((track) => !track.muted);
  });
  check('meeting: the sound plays', sound);
  const first = await page.evaluate(() => performance.getEntriesByName('diemcau:first-picture')[0].duration);
  console.log(`# first picture ${Math.round(first)} ms after the click`);
  await trial.see('lists sites', 'site', { attribute: '[data-state="lost"]' });
  await trial.see('shows the line', 'line', { attribute: '[data-quality="3"]' });
  await trial.see('shows the clock', 'clock');
  check('meeting: no record button for a site', (await trial.get('record').count()) === 0);
  await shot(page, '2-meeting');
  await checkAccessible(page, 'meeting');
  await trial.get('mic').click();
  await trial.see('tells that the microphone is off', 'status', { text: 'Micro đã tắt' });
  const member = () => [...trial.bridge.members].find(({ claims }) => claims.site === SITE.site);
  await page.waitForTimeout(200);
  check('meeting: the bridge knows it', member()?.media.mic === false && member()?.media.camera === true);
  await trial.get('camera').click();
  await page.waitForTimeout(300);
  check('meeting: the camera is closed', member()?.media.camera === false && !(await trial.get('self').isVisible()));
  await shot(page, '2-meeting-muted');
  await checkAccessible(page, 'meeting, muted');
  await trial.get('camera').click();
  await page.waitForFunction(() => document.querySelector('[data-testid="self"]').videoWidth > 0);
  await trial.get('sites-toggle').click();
  check('meeting: the list can be put away', (await trial.get('sites').count()) === 0);
  await shot(page, '2-meeting-wide');
  await page.keyboard.press('f');
  await page.waitForFunction(() => document.fullscreenElement !== null, null, { timeout: 10_000 }).catch(() => undefined);
  check('meeting: F fills the screen', await page.evaluate(() => document.fullscreenElement !== null));
  await page.waitForTimeout(3600);
  await shot(page, '2-meeting-full');
  check('meeting: the bars go away in full screen', !(await page.locator('.bottom-bar').isVisible()));
  await page.keyboard.press('f');
  await trial.get('leave').click();
  await trial.see('leaves', 'over', { attribute: '[data-reason="left"]' });
  await page.waitForTimeout(200);
  check('meeting: the bridge knows that it left', member() === undefined);
  await shot(page, '2-left');
  await checkAccessible(page, 'left');
  await trial.get('rejoin').click();
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor();
  await trial.moves(FRAMES, 'the picture moves after coming back');
  await trial.done();
}

async function tryReconnecting(trial) {
  const page = await trial.open('reconnecting', trial.bridge.link(SITE), { quiet: false });
  await trial.join();
  await page.waitForTimeout(500);
  trial.bridge.down();
  await trial.see('says so', 'overlay', { text: 'Đang nối lại… (lần 2)' });
  await shot(page, '3-reconnecting');
  await checkAccessible(page, 'reconnecting');
  trial.bridge.up();
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor({ timeout: 20_000 });
  await trial.see('says that it is back', 'status', { text: 'Đã nối lại' });
  await trial.moves(FRAMES, 'the picture moves again');
  check('reconnecting: nothing covers it', (await trial.get('overlay').count()) === 0);
  await trial.mix.evaluate(() => globalThis.dropAll());
  await trial.see('notices that the media is gone', 'overlay', { attribute: '[data-phase="reconnecting"]', timeout: 40_000 });
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor({ timeout: 20_000 });
  await trial.moves(FRAMES, 'the picture moves once more');
  await trial.done();
}

async function tryReplaced(trial) {
  const page = await trial.open('replaced', trial.bridge.link(SITE));
  await trial.join();
  const second = await page.context().newPage();
  await second.goto(trial.bridge.link(SITE));
  await second.getByTestId('join').click();
  await trial.see('says that the seat is open elsewhere', 'over', { attribute: '[data-reason="replaced"]' });
  await shot(page, '4-replaced');
  await checkAccessible(page, 'replaced');
  await page.bringToFront();
  await trial.get('rejoin').click();
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor();
  check('replaced: comes back', true);
  await second.getByTestId('over').waitFor();
  await trial.done();
}

/** Stands in for a browser whose person said no, or whose machine has nothing. */
const without = (name) => `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'));`;

async function tryWithoutDevices(trial) {
  let page = await trial.open('denied', trial.bridge.link(SITE), { init: without('NotAllowedError') });
  await trial.see('says what to press', 'trouble', { text: 'ổ khóa' });
  await shot(page, '5-denied');
  await checkAccessible(page, 'denied');
  await trial.join();
  await trial.moves(FRAMES, 'watches all the same');
  await shot(page, '5-denied-meeting');
  await trial.done();
  page = await trial.open('no devices', trial.bridge.link(SITE), { init: without('NotFoundError') });
  await trial.see('says what to check', 'trouble', { text: 'dây cắm' });
  await shot(page, '5-no-devices');
  await trial.done();
}

async function tryChair(trial) {
  const page = await trial.open('chair', trial.bridge.link(CHAIR));
  await trial.join();
  await trial.get('record').click();
  await trial.see('records', 'recording', { text: 'Đang ghi hình' });
  await shot(page, '6-chair-recording');
  await checkAccessible(page, 'chair');
  trial.bridge.broadcast({ type: 'recording', on: false, code: 'recording-failed', message: 'disk full' });
  await trial.see('says that the recording failed', 'notice', { text: 'Không ghi hình được' });
  await shot(page, '6-chair-failed');
  await checkAccessible(page, 'chair, recording failed');
  await trial.get('notice-close').click();
  check('chair: the notice can be closed', (await trial.get('notice').count()) === 0);
  await trial.get('language').click();
  trial.bridge.quality = 1;
  await trial.see('speaks English', 'leave', { text: 'Leave' });
  await trial.see('tells a poor line', 'line', { text: 'poor' });
  await shot(page, '7-english');
  trial.bridge.quality = 3;
  trial.bridge.recording = false;
  await trial.done();
}

async function tryWall(trial) {
  let page = await trial.open('site', trial.bridge.link(SITE));
  await trial.join();
  check('site: no wall', (await trial.get('wall').count()) === 0);
  await page.keyboard.press('w');
  await trial.done();
  page = await trial.open('wall', trial.bridge.link(CHAIR));
  await trial.join();
  const size = () => page.evaluate(() => document.querySelector('[data-testid="programme"]').videoWidth);
  const seen = (width) => page.waitForFunction((wanted) => document.querySelector('[data-testid="programme"]').videoWidth === wanted, width);
  await trial.see('begins with the programme', 'wall', { attribute: '[aria-pressed="false"]' });
  await shot(page, '13-programme');
  await trial.get('record').click();
  await trial.get('recording').waitFor();
  await trial.get('wall').click();
  await trial.see('is shown', 'wall', { attribute: '[aria-pressed="true"]' });
  await trial.see('says so', 'status', { text: 'toàn cảnh' });
  await seen(1920);
  await page.waitForTimeout(500);
  await shot(page, '13-wall');
  const rows = () => page.evaluate(() => new Set([...document.querySelectorAll('.bottom-bar > button')].map(({ offsetTop }) => offsetTop)).size);
  check('wall: the buttons stand in one row at 1366', (await rows()) === 1);
  await checkAccessible(page, 'wall');
  await trial.get('sites-toggle').click();
  await shot(page, '13-wall-wide');
  check('wall: nothing stands over it', !(await trial.get('self').isVisible()));
  await page.setViewportSize({ width: 1920, height: 1080 });
  await shot(page, '13-wall-1080');
  await trial.get('mic').click();
  await page.keyboard.press('f');
  await page.waitForTimeout(4000);
  await shot(page, '13-wall-full');
  await page.keyboard.press('f');
  await trial.get('mic').click();
  await page.setViewportSize({ width: 1366, height: 768 });
  await trial.get('sites-toggle').click();
  trial.bridge.down();
  await trial.get('overlay').waitFor();
  check('wall: cannot be switched without a connection', await trial.get('wall').isDisabled());
  trial.bridge.up();
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor({ timeout: 20_000 });
  await trial.see('is there again after a loss', 'wall', { attribute: '[aria-pressed="true"]' });
  await seen(1920);
  await page.keyboard.press('w');
  await trial.see('W goes back', 'wall', { attribute: '[aria-pressed="false"]' });
  await seen(1280);
  trial.bridge.refuseView = 'forbidden';
  await page.keyboard.press('w');
  await trial.see('says why it is not given', 'notice', { text: 'Chỉ chủ trì' });
  check('wall: the picture stays', (await size()) === 1280);
  await shot(page, '13-wall-refused');
  await checkAccessible(page, 'wall, refused');
  trial.bridge.refuseView = null;
  await page.keyboard.press('w');
  await trial.get('notice').waitFor({ state: 'detached' });
  check('wall: the notice goes when it is given', true);
  await page.setViewportSize({ width: 400, height: 800 });
  check('wall: nothing wider than a telephone', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await shot(page, '13-wall-narrow');
  trial.bridge.recording = false;
  await trial.done();
}

/** What leaves the page follows what the bridge wants, and one's own picture does not. */
async function tryPicture(trial) {
  const keep = `{
    const Original = RTCPeerConnection;
    globalThis.peers = [];
    globalThis.RTCPeerConnection = class extends Original {
      constructor(...given) {
        super(...given);
        globalThis.peers.push(this);
      }
    };
  }`;
  const sends = async () => {
    const outbound = () =>
      page.evaluate(async () => {
        const all = [...(await globalThis.peers.at(-1).getStats()).values()];
        return all.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video') ?? {};
      });
    const before = await outbound();
    await page.waitForTimeout(1500);
    const { frameHeight, framesSent, bytesSent, keyFramesEncoded } = await outbound();
    return {
      frameHeight,
      keyFramesEncoded,
      fps: Math.round((framesSent - before.framesSent) / 1.5),
      kbps: Math.round(((bytesSent - before.bytesSent) * 8) / 1500),
    };
  };
  const want = (width, height, fps, kbps) => trial.bridge.broadcast({ type: 'picture', width, height, fps, kbps });
  const becomes = async (what, matches) => {
    let now = {};
    for (let tries = 0; tries < 8; tries++) if (matches((now = await sends()))) break;
    check(`picture: ${what}`, matches(now), JSON.stringify(now));
  };
  trial.bridge.picture = { width: 0, height: 0, fps: 0, kbps: 0 };
  const page = await trial.open('picture', trial.bridge.link(SITE), { init: keep });
  await trial.join();
  await becomes('nothing before it is wanted', ({ fps, kbps }) => fps === 0 && kbps === 0);
  want(320, 180, 15, 150);
  await becomes('as small as wanted', ({ frameHeight, fps, kbps }) => frameHeight === 180 && fps >= 8 && fps <= 16 && kbps < 220);
  const { keyFramesEncoded } = await sends();
  want(640, 360, 25, 600);
  await becomes('larger, from a key frame on', (now) => now.frameHeight === 360 && now.fps > 16 && now.keyFramesEncoded > keyFramesEncoded);
  await trial.get('camera').click();
  want(128, 72, 5, 40);
  await page.waitForTimeout(300);
  await trial.get('camera').click();
  await becomes('small with a camera opened anew', ({ frameHeight, fps }) => frameHeight === 72 && fps > 0 && fps <= 6);
  const own = await trial.get('self').evaluate(({ videoHeight }) => videoHeight);
  check('picture: one’s own stays whole', own === 360, String(own));
  want(0, 0, 0, 0);
  await becomes('nothing when nothing is wanted', ({ fps, kbps }) => fps === 0 && kbps === 0);
  await trial.mix.evaluate(() => globalThis.dropAll());
  await page.locator('[data-testid="meeting"][data-phase="reconnecting"]').waitFor({ timeout: 40_000 });
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor({ timeout: 20_000 });
  await becomes('nothing on a new connection', ({ fps, kbps }) => fps === 0 && kbps === 0);
  want(320, 180, 15, 150);
  await becomes('what is wanted on a new connection', ({ frameHeight, fps }) => frameHeight === 180 && fps > 0);
  trial.bridge.picture = { width: 640, height: 360, fps: 25, kbps: 600 };
  await trial.done();
}

async function tryUnplugged(trial) {
  // Keeps the tracks in reach, and lets the machine have nothing when told so.
  const init = `
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    globalThis.given = [];
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (globalThis.unplugged) throw new DOMException('', 'NotFoundError');
      const stream = await real(constraints);
      globalThis.given.push(...stream.getTracks());
      return stream;
    };`;
  const page = await trial.open('unplugged', trial.bridge.link(SITE), { init });
  await page.waitForFunction(() => document.querySelector('[data-testid="self"]')?.videoWidth > 0);
  await trial.join();
  await page.evaluate(() => {
    globalThis.unplugged = true;
    for (const track of globalThis.given) track.dispatchEvent(new Event('ended'));
  });
  await trial.see('says what to check', 'trouble', { text: 'dây cắm' });
  const member = () => [...trial.bridge.members].find(({ claims }) => claims.site === SITE.site);
  await page.waitForTimeout(200);
  check('unplugged: the bridge knows it', member()?.media.mic === false && member()?.media.camera === false);
  await shot(page, '11-unplugged');
  await checkAccessible(page, 'unplugged');
  await page.evaluate(() => {
    globalThis.unplugged = false;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
  await page.waitForFunction(() => document.querySelector('[data-testid="self"]')?.videoWidth > 0);
  check('unplugged: takes what is plugged in again', (await trial.get('trouble').count()) === 0);
  await page.waitForTimeout(200);
  check('unplugged: the bridge knows that too', member()?.media.mic === true && member()?.media.camera === true);
  await trial.get('leave').click();
  await trial.get('over').waitFor();
  check(
    'unplugged: lets go of the devices after leaving',
    await page.evaluate(() => globalThis.given.every((track) => track.readyState === 'ended')),
  );
  await trial.get('rejoin').click();
  await page.locator('[data-testid="meeting"][data-phase="in"]').waitFor();
  await page.waitForTimeout(1000);
  check('unplugged: has them again after coming back', member()?.media.mic === true && member()?.media.camera === true);
  await trial.done();
}

async function tryBlockedSound(trial) {
  const init = `
    const real = HTMLAudioElement.prototype.play;
    let asked = 0;
    HTMLAudioElement.prototype.play = function () {
      return asked++ === 0 ? Promise.reject(new DOMException('', 'NotAllowedError')) : real.call(this);
    };`;
  const page = await trial.open('blocked sound', trial.bridge.link(SITE), { init });
  await trial.join();
  await trial.see('asks for a press', 'listen', { text: 'Bấm để nghe' });
  await shot(page, '12-listen');
  await checkAccessible(page, 'blocked sound');
  await trial.get('listen').click();
  await trial
    .get('listen')
    .waitFor({ state: 'detached', timeout: 10_000 })
    .catch(() => undefined);
  check('blocked sound: plays then', (await trial.get('listen').count()) === 0);
  await trial.done();
}

async function tryObserver(trial) {
  const page = await trial.open('observer', trial.bridge.link(OBSERVER), { permissions: [] });
  check('observer: no devices asked', (await trial.get('camera').count()) === 0);
  await shot(page, '8-observer');
  await checkAccessible(page, 'observer');
  await trial.join();
  check('observer: only watches', (await trial.get('mic').count()) === 0);
  await shot(page, '8-observer-meeting');
  await trial.done();
}

async function tryLinks(trial) {
  const { origin } = trial.bridge;
  const gone = { exp: Math.floor(Date.now() / 1000) - 600 };
  for (const [name, url, reason] of [
    ['no link', `${origin}/`, 'no-token'],
    ['bad link', `${origin}/#abc.%3Cscript%3E.x`, 'token-invalid'],
    ['expired link', trial.bridge.link({ ...SITE, ...gone }), 'token-expired'],
  ]) {
    const page = await trial.open(name, url);
    await trial.see('says what to do', 'over', { attribute: `[data-reason="${reason}"]` });
    await shot(page, `9-${reason}`);
    await checkAccessible(page, name);
    await trial.done();
  }
  const page = await trial.open('refused', trial.bridge.link(SITE));
  trial.bridge.refuse = 'token-invalid';
  await trial.get('join').click();
  await trial.see('says what the bridge said', 'over', { attribute: '[data-reason="token-invalid"]' });
  trial.bridge.refuse = null;
  await shot(page, '9-refused');
  await trial.done();
}

async function trySilent(trial) {
  const silence = `navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    return context.createMediaStreamDestination().stream;
  };`;
  const page = await trial.open('silent microphone', trial.bridge.link(SITE), { init: silence, quiet: false });
  await trial.join();
  await trial.see('says to check the microphone', 'silent', { text: 'Không nghe thấy micro', timeout: 40_000 });
  await shot(page, '10-silent');
  await trial.done();
}

const profile = mkdtempSync(join(tmpdir(), 'diemcau-page-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...ARGS, `--disk-cache-dir=${profile}`],
});
const mix = await browser.newPage();
const bridge = new FakeBridge((sdp) => mix.evaluate((offer) => globalThis.answerOffer(offer), sdp));
try {
  await bridge.listen();
  await mix.goto(`${bridge.origin}/icon.svg`); // a secure place with nothing in it
  await mix.goto('about:blank');
  await mix.evaluate(MIX);
  bridge.onView = (view) => mix.evaluate((on) => globalThis.showWall(on), view === 'wall');
  bridge.others = [
    FakeBridge.site('lung-cu', 'xã Lũng Cú', { floor: true }),
    FakeBridge.site('meo-vac', 'xã Mèo Vạc', { mic: false }),
    FakeBridge.site('yen-minh', 'xã Yên Minh', { lost: true }),
    FakeBridge.site('quan-ba', 'xã Quản Bạ', { camera: false }),
    FakeBridge.site('hoang-su-phi', 'xã Hoàng Su Phì'),
    FakeBridge.site('xin-man', 'xã Xín Mần', { present: false }),
    FakeBridge.site('bac-me', 'xã Bắc Mê'),
  ];
  const wanted = process.argv.slice(2);
  for (const [name, run] of Object.entries({
    tryBefore,
    tryMeeting,
    tryReconnecting,
    tryReplaced,
    tryWithoutDevices,
    tryChair,
    tryWall,
    tryPicture,
    tryUnplugged,
    tryBlockedSound,
    tryObserver,
    tryLinks,
    trySilent,
  })) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const trial = new Trial(browser, bridge);
    trial.mix = mix;
    try {
      await run(trial);
    } catch (error) {
      check(name, false, String(error).split('\n')[0]);
      await trial.page
        ?.context()
        .close()
        .catch(() => undefined);
    }
  }
} finally {
  await browser.close();
  bridge.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
