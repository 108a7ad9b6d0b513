// What a camera sends is what the bridge asks for: the size of its cell, nothing while nobody sees it,
// little while somebody watches the wall.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { seeAdvance, seeSites, startMeeting } from './lib/meeting.mjs';
import { grab, marks } from './lib/picture.mjs';
import { startSites } from './lib/sites.mjs';
import { until } from './lib/wait.mjs';

const CHAIR = 21;
const SITE = 22;
const CAMERA = { width: 640, height: 360 };

/** Keeps the page's sockets, and the `picture` messages that it gets. */
function keepPictures() {
  globalThis.__pictures = [];
  globalThis.__sockets = [];
  const Original = globalThis.WebSocket;
  globalThis.WebSocket = class extends Original {
    constructor(...args) {
      super(...args);
      globalThis.__sockets.push(this);
      this.addEventListener('message', ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'picture') globalThis.__pictures.push(message);
      });
    }
  };
}

/** A site that listens first. */
function beginSilent() {
  if (location.protocol === 'about:' || localStorage.getItem('diemcau.preferences')) return;
  localStorage.setItem('diemcau.preferences', JSON.stringify({ micOn: false }));
}

const asked = (browser) => browser.page.evaluate(() => globalThis.__pictures.at(-1) ?? null);

/** The sum of what the camera has sent on the connection in use. */
const sent = (browser) =>
  browser.page.evaluate(async () => {
    const peer = globalThis.__peers.filter((p) => p.connectionState !== 'closed').at(-1);
    const stats = [...(await peer.getStats()).values()].find((s) => s.type === 'outbound-rtp' && s.mid === '1' /* the camera; what is presented is '2' */) ?? {};
    const { frameWidth = 0, frameHeight = 0, framesSent = 0, packetsSent = 0, bytesSent = 0, keyFramesEncoded = 0 } = stats;
    return { frameWidth, frameHeight, framesSent, packetsSent, bytesSent, keyFramesEncoded, at: performance.now() };
  });

/** What the camera sends during `seconds`. */
async function sending(browser, seconds = 2) {
  const first = await sent(browser);
  await browser.page.waitForTimeout(seconds * 1000);
  const last = await sent(browser);
  const lasted = (last.at - first.at) / 1000;
  return {
    ...last,
    packets: last.packetsSent - first.packetsSent,
    frames: last.framesSent - first.framesSent,
    fps: (last.framesSent - first.framesSent) / lasted,
    kbps: ((last.bytesSent - first.bytesSent) * 8) / 1000 / lasted,
  };
}

/** Waits until the camera sends what is asked for now, and that is as high as `height`; both. */
function obeys(browser, height) {
  return until(`site ${browser.n} sends what is asked for, ${height} lines high`, async () => {
    const wanted = await asked(browser);
    const now = await sending(browser);
    const scale = Math.max(1, CAMERA.width / wanted.width, CAMERA.height / wanted.height);
    const said = `asked ${JSON.stringify(wanted)}, sent ${JSON.stringify(now)}`;
    if (wanted.height !== height) throw new Error(said);
    if (now.frames === 0 || Math.abs(now.frameHeight - CAMERA.height / scale) > 1) throw new Error(said);
    if (now.fps > wanted.fps * 1.3 + 0.5 || now.kbps > wanted.kbps * 1.3) throw new Error(said);
    return { wanted, now };
  }, { seconds: 30 });
}

/** Waits until the camera is silent, and sees that it stays so: not one packet. */
async function staysSilent(browser, seconds = 3) {
  await until(`site ${browser.n} sends no picture`, async () => (await sending(browser, 1)).packets === 0, { seconds: 20 });
  const { packets, frames } = await sending(browser, seconds);
  assert.deepEqual({ packets, frames }, { packets: 0, frames: 0 });
}

describe('the size of a cell', () => {
  let room, site, others;
  before(async () => {
    room = await startMeeting({ sites: 0 });
    site = await room.join(SITE, { initScripts: [keepPictures] });
  });
  after(async () => {
    await others?.stop();
    await room?.end();
  });

  test('who is alone sends all its camera has', async () => {
    await seeSites(site, [SITE]);
    const { now } = await obeys(site, 720);
    assert.deepEqual([now.frameWidth, now.frameHeight], [CAMERA.width, CAMERA.height]);
    assert.ok(now.fps > 15, `${now.fps} frames per second`);
  });

  test('one of six sends less: its cell is a third as wide', async () => {
    const alone = await asked(site);
    others = await startSites(room.server, { meeting: room.meeting, count: 5 });
    const { wanted } = await obeys(site, 240);
    assert.ok(wanted.kbps < alone.kbps, `${wanted.kbps} of ${alone.kbps} kbit/s`);
    await seeSites(site, [1, 2, 3, 4, 5, SITE]);
  });

  test('alone again it sends all, from a key frame on', async () => {
    const { keyFramesEncoded } = await sent(site);
    await others.stop();
    const { now } = await obeys(site, 720);
    assert.ok(now.keyFramesEncoded > keyFramesEncoded);
    await seeSites(site, [SITE]);
  });

  test('one’s own picture was whole all the time', async () => {
    assert.equal(await site.page.getByTestId('self').evaluate((video) => video.videoHeight), CAMERA.height);
    assert.deepEqual(site.problems, []);
  });
});

describe('not shown', () => {
  const CARDS = 27; // sites of whom there is neither picture nor sound, so that the wall has small tiles
  const TILES = CARDS + 4;
  let room, chair, site, others;
  const cards = [];
  before(async () => {
    room = await startMeeting({ sites: 0, options: ['--max-visible', '2'] });
    chair = await room.join(CHAIR, { role: 'chair', initScripts: [keepPictures] });
    for (let n = 0; n < CARDS; n++) {
      const card = await connect(room.server);
      const token = await room.server.token({ meeting: room.meeting, site: `xa-${n}`, name: `Xã số ${n}` });
      assert.equal((await card.ask('join', { token, mic: false, camera: false })).type, 'joined');
      cards.push(card);
    }
    site = await room.join(SITE, { initScripts: [keepPictures, beginSilent] });
  });
  after(async () => {
    for (const card of cards) card.socket.close();
    await others?.stop();
    await room?.end();
  });

  test('the chair is shown, who came last sends nothing', async () => {
    await seeSites(chair, [CHAIR], { tiles: 2 });
    await staysSilent(site);
    assert.equal((await asked(site))?.height ?? 0, 0);
  });

  test('whoever speaks is shown', async () => {
    await site.page.getByTestId('mic').click();
    await seeSites(chair, [CHAIR, SITE]);
    await obeys(site, 360);
    await site.page.getByTestId('mic').click();
  });

  test('until others speak in its place', async () => {
    others = await startSites(room.server, { meeting: room.meeting, count: 2 });
    await staysSilent(site);
    await until('one of the others stands beside the chair', async () => {
      const seen = marks(await grab(chair.page), 2).map((mark) => mark?.site);
      return seen.includes(CHAIR) && (seen.includes(1) || seen.includes(2));
    });
  });

  test('the wall has all of them, and asks little of each', async () => {
    await chair.page.getByTestId('wall').click();
    await chair.page.locator('[data-testid=wall][aria-pressed=true]').waitFor();
    await seeSites(chair, [1, 2, CHAIR, SITE], { tiles: TILES });
    await seeAdvance(chair, [1, 2, SITE], TILES);
    const picture = await grab(chair.page);
    assert.deepEqual([picture.width, picture.height], [1920, 1080]);
    const { wanted } = await obeys(site, 180);
    assert.ok(wanted.fps <= 5 && wanted.kbps <= 60, JSON.stringify(wanted));
    assert.ok((await asked(chair)).height > 180, 'who is in the programme too still sends for its cell there');
  });

  test('others do not see the wall', async () => {
    assert.equal(await site.page.getByTestId('wall').count(), 0);
    const picture = await grab(site.page);
    assert.deepEqual([picture.width, picture.height], [1280, 720]);
    assert.ok(marks(picture, 2).some((mark) => mark?.site === CHAIR));
  });

  test('the wall is there again after a loss', async () => {
    const lost = chair.page.locator('[data-testid=meeting][data-phase=reconnecting]').waitFor();
    await chair.page.evaluate(() => globalThis.__sockets.at(-1).close());
    await lost;
    await chair.page.locator('[data-testid=meeting][data-phase=in]').waitFor({ timeout: 40_000 });
    await seeSites(chair, [1, 2, CHAIR, SITE], { tiles: TILES });
  });

  test('back at the programme nothing is sent any more', async () => {
    await chair.page.keyboard.press('w');
    await chair.page.locator('[data-testid=wall][aria-pressed=false]').waitFor();
    await staysSilent(site);
    await until('the programme is back', async () => (await grab(chair.page)).width === 1280);
    await seeAdvance(chair, [CHAIR], 2);
  });

  test('no page had a script error', () => {
    assert.deepEqual([...chair.problems, ...site.problems], []);
  });
});
