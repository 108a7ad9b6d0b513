// Headless Chromium of Debian, driven by playwright-core (the one that web/ locks).
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './server.mjs';

const { chromium } = createRequire(join(root, 'web', 'package.json'))('playwright-core');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
];

const SCREEN = 'man-hinh'; // the title of the tab that is presented

/** In place of FAKE_UI, which has but a black screen to give: the browser captures that tab, and asks nobody. The window
 * is as high as the tab with all that the browser puts above it while it captures. */
const CAPTURE = [`--auto-select-tab-capture-source-by-title=${SCREEN}`, '--screen-info={1920x1400}', '--window-size=1920,1312'];
const FAKE_UI = '--use-fake-ui-for-media-stream';
const CAPTURED_HEIGHT = 1281;

/** What is captured, in a video that can be asked: `__screen`. */
function keepScreen() {
  const devices = navigator.mediaDevices;
  const original = devices.getDisplayMedia.bind(devices);
  devices.getDisplayMedia = async (wanted) => {
    const stream = await original(wanted);
    globalThis.__screen = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
    void globalThis.__screen.play();
    return stream;
  };
}

/** The microphone's clean-up would take a steady tone for noise. */
function rawSound() {
  const devices = navigator.mediaDevices;
  const original = devices.getUserMedia.bind(devices);
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  devices.getUserMedia = (wanted) =>
    original(wanted?.audio ? { ...wanted, audio: { ...(typeof wanted.audio === 'object' ? wanted.audio : {}), ...raw } } : wanted);
}

/** Keeps the page's peer connections where the test can ask them. */
function keepPeers() {
  globalThis.__peers = [];
  const Original = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      globalThis.__peers.push(this);
    }
  };
}

/** A browser without H.264, as Firefox before its first download of it: neither offered nor listed. */
function noH264() {
  for (const side of [RTCRtpReceiver, RTCRtpSender]) {
    const original = side.getCapabilities.bind(side);
    side.getCapabilities = (kind) => {
      const all = original(kind);
      return all && { ...all, codecs: all.codecs.filter((codec) => codec.mimeType !== 'video/H264') };
    };
  }
  const prefer = RTCRtpTransceiver.prototype.setCodecPreferences;
  const create = RTCPeerConnection.prototype.createOffer;
  RTCPeerConnection.prototype.createOffer = function (...args) {
    for (const transceiver of this.getTransceivers()) {
      if (transceiver.receiver.track.kind === 'video') prefer.call(transceiver, RTCRtpReceiver.getCapabilities('video').codecs);
    }
    return create.apply(this, args);
  };
}

/** `devices`: {video, audio} files of fakeDevices(). `vp8Only`: a browser that has no H.264. `presents`: see openScreen(). */
export async function openBrowser({ devices, vp8Only = false, presents = false, viewport = { width: 1366, height: 768 }, locale = 'vi-VN', initScripts = [] } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'diemcau-chromium-'));
  const files = devices ? [`--use-file-for-fake-video-capture=${devices.video}`, `--use-file-for-fake-audio-capture=${devices.audio}`] : [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: join(root, 'tests', 'e2e', 'lib', 'chromium'),
    headless: true,
    args: [...FLAGS, ...(presents ? CAPTURE : [FAKE_UI]), ...files],
    ignoreHTTPSErrors: true,
    locale,
    viewport: presents ? null : viewport,
    permissions: ['camera', 'microphone'],
  });
  for (const script of [rawSound, keepPeers, ...(vp8Only ? [noH264] : []), ...(presents ? [keepScreen] : []), ...initScripts]) await context.addInitScript(script);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  return {
    context,
    page,
    problems,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
    /** Ends the browser and its children at once, without a word to the bridge. */
    async die() {
      for (const pid of await processesOf(profile)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It went with its parent.
        }
      }
      await context.close().catch(() => {});
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A tab of 1920x1080 that a browser opened with `presents` shows when its page asks for a screen. */
export async function openScreen({ context, page }, body) {
  const window = await context.newCDPSession(page);
  const { windowId } = await window.send('Browser.getWindowForTarget');
  await window.send('Browser.setWindowBounds', { windowId, bounds: { width: 1920, height: CAPTURED_HEIGHT } });
  const screen = await context.newPage();
  await screen.setContent(`<!doctype html><title>${SCREEN}</title><body style="margin:0">${body}`);
  await screen.screenshot(); // its window has got its size
  await page.bringToFront();
  return screen;
}

/** The browser that was started with this profile folder, and everything it started. */
async function processesOf(profile) {
  const parents = new Map();
  let browser;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const args = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      if (args.includes(`--user-data-dir=${profile}`) && !args.includes('--type=')) browser = pid;
    } catch {
      // It ended meanwhile.
    }
  }
  const found = browser ? [browser] : [];
  for (const pid of found) found.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return found.map(Number);
}

/** Opens the link, waits for the camera, and presses `Vào họp`. */
export async function joinMeeting(browser, link) {
  const { page } = browser;
  await page.goto(link);
  await page.getByTestId('join').click({ timeout: 20_000 });
  await page.getByTestId('programme').waitFor({ timeout: 20_000 });
}
/** What the page's peer connection sends and receives: codecs, frames. */
export function received(browser) {
  return browser.page.evaluate(async () => {
    const peer = globalThis.__peers.filter((p) => p.connectionState !== 'closed').at(-1);
    if (!peer) return null;
    const stats = [...(await peer.getStats()).values()];
    const inbound = (kind) => stats.find((s) => s.type === 'inbound-rtp' && s.kind === kind) ?? {};
    const outbound = stats.find((s) => s.type === 'outbound-rtp' && s.mid === '1' /* the camera; what is presented is '2' */) ?? {};
    const codec = (id) => stats.find((s) => s.id === id)?.mimeType;
    const video = inbound('video');
    return {
      state: peer.connectionState,
      videoCodec: codec(video.codecId),
      sentCodec: codec(outbound.codecId),
      frames: video.framesDecoded ?? 0,
    };
  });
}
