// In one meeting, a browser with H.264 gets H.264 and one that has VP8 only gets VP8.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { received } from './lib/browser.mjs';
import { seeAdvance, seeSites, startMeeting } from './lib/meeting.mjs';
import { until } from './lib/wait.mjs';

let room, modern, vp8Only;

before(async () => {
  room = await startMeeting({ sites: 1 });
  modern = await room.join(21);
  vp8Only = await room.join(22, { vp8Only: true });
});
after(() => room?.end());

const renditions = async () => (await room.server.metrics()).diemcau_renditions;
const codecs = (browser) => until('codecs are known', async () => {
  const { videoCodec, sentCodec } = (await received(browser)) ?? {};
  return videoCodec && sentCodec && { videoCodec, sentCodec };
});

test('both see all three sites', async () => {
  for (const browser of [modern, vp8Only]) {
    await seeSites(browser, [1, 21, 22]);
    await seeAdvance(browser, [1, 21, 22], 3);
  }
});

test('each gets the best codec that both sides have', async () => {
  assert.equal((await codecs(modern)).videoCodec, 'video/H264');
  assert.deepEqual(await codecs(vp8Only), { videoCodec: 'video/VP8', sentCodec: 'video/VP8' });
});

test('VP8 is encoded only while somebody needs it', async () => {
  assert.equal(await renditions(), 2);
  await vp8Only.page.getByTestId('leave').click();
  await until('one rendition is left', async () => (await renditions()) === 1);
  await seeAdvance(modern, [1, 21], 2);
});
