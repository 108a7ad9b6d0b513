// A browser captures a screen of 1920x1080 and presents it, and another reads it in the programme: small text, in 720
// and in 1080 lines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openScreen } from './lib/browser.mjs';
import { connect } from './lib/client.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { crop, grab } from './lib/picture.mjs';
import { until } from './lib/wait.mjs';

const SITES = 3;

let room, chair, presenter, viewer;

/** A screen full of text of 12 px. */
const TEXT = Array.from({ length: 60 }, (_, row) =>
  Array.from({ length: 8 }, (_, column) => `<span style="position:absolute;left:${10 + 240 * column}px;top:${8 + 18 * row}px">Thu chi ngân sách ${(column * 1680 + row * 234) % 9973}</span>`).join('')).join('');

/** The page asks for 720 lines; what it would ask for 1080 with goes the way of all it says. */
function keepSocket() {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function sendAndKeep(text) {
    globalThis.__socket = this;
    return send.call(this, text);
  };
}

/** The luma of what is presented, made as large as `width` and `height` as a good scaler does. */
async function screenLuma(page, width, height) {
  const text = await page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(globalThis.__screen, 0, 0, w, h);
      const { data } = context.getImageData(0, 0, w, h);
      const out = Uint8Array.from({ length: w * h }, (_, i) => (data[4 * i] * 77 + data[4 * i + 1] * 150 + data[4 * i + 2] * 29) >> 8);
      let binary = '';
      for (let at = 0; at < out.length; at += 0x8000) binary += String.fromCharCode(...out.subarray(at, at + 0x8000));
      return btoa(binary);
    },
    [width, height],
  );
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** How alike the strokes of two pictures are, 0 … 1: correlation after the mean of each is taken out. */
function correlation(a, b) {
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa && bb ? ab / Math.sqrt(aa * bb) : 0;
}

before(async () => {
  room = await startMeeting({ sites: SITES, seconds: 300 });
  chair = await connect(room.server);
  const token = await room.server.token({ meeting: room.meeting, site: 'chu-tri', role: 'chair' });
  assert.equal((await chair.ask('join', { token, mic: false, camera: false })).type, 'joined');
  presenter = await room.open(31, { presents: true });
  await openScreen(presenter, `<div style="font:12px sans-serif">${TEXT}</div>`);
  await room.enter(presenter, { site: 'trinh-chieu' });
  viewer = await room.join(32, { site: 'nguoi-xem', initScripts: [keepSocket] });
});
after(async () => {
  chair?.socket.terminate();
  await room?.end();
});

const even = (value) => 2 * Math.floor(value / 2);

/** Where a picture shown whole is in its pane; the rule of pipelines/planes.c. */
function fit(source, pane) {
  const wide = source.width * pane.height > source.height * pane.width;
  const width = wide ? pane.width : even((pane.height * source.width) / source.height);
  const height = wide ? even((pane.width * source.height) / source.width) : pane.height;
  return { x: pane.x + even((pane.width - width) / 2), y: pane.y + even((pane.height - height) / 2), width, height };
}

/** How like the screen it is what the viewer sees of it in a pane so wide (of 1) and as high as the picture. */
async function look(across) {
  const picture = await grab(viewer.page);
  const screen = await presenter.page.evaluate(() => ({ width: globalThis.__screen.videoWidth, height: globalThis.__screen.videoHeight }));
  if (picture.width === 0 || screen.width === 0) return { likeness: 0, picture };
  const part = fit(screen, { x: 0, y: 0, width: even(picture.width * across), height: picture.height });
  return { likeness: correlation(crop(picture, part).luma, await screenLuma(presenter.page, part.width, part.height)), picture };
}

/** Waits until the viewer's picture has the screen in a pane so wide. */
const reads = (across, atLeast, height = 0) =>
  until(`text is read in a pane of ${across}`, async () => {
    const seen = await look(across);
    if (seen.likeness < atLeast || (height && seen.picture.height !== height)) throw new Error(`likeness ${seen.likeness.toFixed(3)} of ${seen.picture.width}x${seen.picture.height}`);
    return seen;
  });

const WHOLE = 1; // the layout `content-only`
const LARGE = 0.8; // `presentation`

describe('presenting', () => {
  test('needs the chair to let the site', async () => {
    assert.equal(await presenter.page.getByTestId('present').count(), 0);
    assert.equal((await chair.ask('let-present', { site: 'trinh-chieu', on: true })).type, 'ok');
    await presenter.page.getByTestId('present').waitFor({ timeout: 10_000 });
  });

  test('is seen by all, large, without a word of the chair', { timeout: 60_000 }, async () => {
    await presenter.page.getByTestId('present').click();
    await reads(LARGE, 0.6);
  });

  test('text of 12 px of a screen of 1080 lines is read in 720 lines', { timeout: 60_000 }, async (t) => {
    assert.equal((await chair.ask('show', { scene: { layout: 'content-only' } })).type, 'ok');
    const { likeness, picture } = await reads(WHOLE, 0.8);
    t.diagnostic(`likeness ${likeness.toFixed(3)} in ${picture.width}x${picture.height}`);
    assert.equal(picture.height, 720);
  });

  test('and in 1080 lines', { timeout: 60_000 }, async (t) => {
    const ask = (height) => viewer.page.evaluate((lines) => globalThis.__socket.send(JSON.stringify({ v: 1, type: 'watch', id: 900_000 + lines, view: 'programme', height: lines })), height);
    await ask(1080);
    const { likeness } = await reads(WHOLE, 0.8, 1080);
    t.diagnostic(`likeness ${likeness.toFixed(3)} in 1080 lines`);
    await ask(720);
    await reads(WHOLE, 0.8, 720);
  });

  test('it goes when the chair stops it, and the layout chosen before is there', { timeout: 60_000 }, async () => {
    assert.equal((await chair.ask('undo')).type, 'ok');
    assert.equal((await chair.ask('let-present', { site: 'trinh-chieu', on: false })).type, 'ok');
    await until('the page has let go of its screen', async () => (await presenter.page.getByTestId('present').count()) === 0);
    await until('the picture is of sites again', async () => (await look(LARGE)).likeness < 0.2);
    assert.deepEqual(presenter.problems.concat(viewer.problems), []);
  });
});
