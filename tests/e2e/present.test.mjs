// A browser presents its screen, and another reads it in the programme: small text, in 720 and in 1080 lines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { grab } from './lib/picture.mjs';
import { until } from './lib/wait.mjs';

const SITES = 3;

let room, chair, presenter, viewer;

/** In place of the browser's own question: a screen of 1920x1080 full of text of 12 px. */
function fakeScreen() {
  const draw = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1920, height: 1080 });
    const context = canvas.getContext('2d');
    const paint = () => {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 1920, 1080);
      context.fillStyle = '#000';
      context.font = '12px sans-serif';
      for (let y = 20; y < 1080; y += 18) {
        for (let x = 10; x < 1900; x += 240) context.fillText(`Thu chi ngân sách ${(x * 7 + y * 13) % 9973}`, x, y);
      }
    };
    paint();
    setInterval(paint, 100); // a stream of a canvas has a frame when it is drawn
    globalThis.__screen = canvas;
    return canvas.captureStream(10);
  };
  navigator.mediaDevices.getDisplayMedia = async () => draw();
}

/** The luma of what is presented, scaled to `width` lines wide as a good scaler does. */
function screenLuma(page, width, height) {
  return page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(globalThis.__screen, 0, 0, w, h);
      const { data } = context.getImageData(0, 0, w, h);
      return Array.from({ length: w * h }, (_, i) => (data[4 * i] * 77 + data[4 * i + 1] * 150 + data[4 * i + 2] * 29) >> 8);
    },
    [width, height],
  );
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

/** The luma of a part of a grabbed picture. */
function part({ data, luma, width }, { x, y, w, h }) {
  const at = luma ? (i) => luma[i] : (i) => (data[4 * i] * 77 + data[4 * i + 1] * 150 + data[4 * i + 2] * 29) >> 8;
  const list = [];
  for (let row = 0; row < h; row++) for (let column = 0; column < w; column++) list.push(at((y + row) * width + x + column));
  return list;
}

before(async () => {
  room = await startMeeting({ sites: SITES, seconds: 300 });
  chair = await connect(room.server);
  const token = await room.server.token({ meeting: room.meeting, site: 'chu-tri', role: 'chair' });
  assert.equal((await chair.ask('join', { token, mic: false, camera: false })).type, 'joined');
  presenter = await room.join(31, { site: 'trinh-chieu', initScripts: [fakeScreen] });
  viewer = await room.join(32, { site: 'nguoi-xem' });
});
after(async () => {
  chair?.socket.terminate();
  await room?.end();
});

/** Waits until the viewer's picture has the screen in `cell` (of 1); the likeness. */
const reads = (cell, atLeast, seconds = 20) =>
  until(`text is read in ${JSON.stringify(cell)}`, async () => {
    const picture = await grab(viewer.page);
    const even = (value) => Math.round(value / 2) * 2;
    const box = { x: even(cell.x * picture.width), y: even(cell.y * picture.height), w: even(cell.w * picture.width), h: even(cell.h * picture.height) };
    const likeness = correlation(part(picture, box), await screenLuma(presenter.page, box.w, box.h));
    if (likeness < atLeast) throw new Error(`likeness ${likeness.toFixed(3)} of ${picture.width}x${picture.height}`);
    return { likeness, picture };
  }, { seconds, every: 300 });

describe('presenting', () => {
  test('needs the chair to let the site', async () => {
    assert.equal(await presenter.page.getByTestId('present').count(), 0);
    assert.equal((await chair.ask('let-present', { site: 'trinh-chieu', on: true })).type, 'ok');
    await presenter.page.getByTestId('present').waitFor({ timeout: 10_000 });
  });

  test('is seen by all, large, without a word of the chair', { timeout: 60_000 }, async () => {
    await presenter.page.getByTestId('present').click();
    // The layout `presentation`: four fifths of the width, whole, in the middle of its height.
    await reads({ x: 0, y: 0.1, w: 0.8, h: 0.8 }, 0.6);
  });

  test('text of 12 px of a screen of 1080 lines is read in 720 lines', { timeout: 60_000 }, async (t) => {
    assert.equal((await chair.ask('show', { scene: { layout: 'content-only' } })).type, 'ok');
    const { likeness, picture } = await reads({ x: 0, y: 0, w: 1, h: 1 }, 0.8);
    t.diagnostic(`likeness ${likeness.toFixed(3)} in ${picture.width}x${picture.height}`);
    assert.equal(picture.height, 720);
  });

  test('it goes when the chair stops it, and the layout chosen before is there', { timeout: 60_000 }, async () => {
    assert.equal((await chair.ask('undo')).type, 'ok');
    assert.equal((await chair.ask('let-present', { site: 'trinh-chieu', on: false })).type, 'ok');
    await until('the page has let go of its screen', async () => (await presenter.page.getByTestId('present').count()) === 0);
    await until('the picture is of sites again', async () => {
      const picture = await grab(viewer.page);
      const box = { x: 0, y: Math.round(picture.height * 0.1), w: 1024, h: 576 };
      const likeness = correlation(part(picture, box), await screenLuma(presenter.page, box.w, box.h));
      return likeness < 0.2;
    });
    assert.deepEqual(presenter.problems.concat(viewer.problems), []);
  });
});
