// The first meeting: two browsers and two simulated sites see and hear each other; one browser goes
// without a word; the recording holds it all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { seeAdvance, seeSites, startMeeting, tileOf, undisturbed } from './lib/meeting.mjs';
import { gridCells, grab, marks } from './lib/picture.mjs';
import { frameAt, probe, recordings, soundAt } from './lib/recording.mjs';
import { assertUnbroken, heardSites, listen } from './lib/sound.mjs';
import { readCard, readLabel } from './lib/text.mjs';
import { until } from './lib/wait.mjs';

const CHAIR = 21;
const LEAVER = 22;
const EVERYBODY = [1, 2, CHAIR, LEAVER];
const NAME = 'Xã Lũng Cú – Đồng Văn';

let room, chair, leaver, place, tiles;

before(async () => {
  room = await startMeeting({ sites: 2 });
  chair = await room.join(CHAIR, { role: 'chair', name: NAME });
  leaver = await room.join(LEAVER, { name: 'Xã Mèo Vạc' });
});
after(() => room?.end());

test('every site has its mark in its tile, the same for all', async () => {
  const seen = await seeSites(chair, EVERYBODY);
  const other = await seeSites(leaver, EVERYBODY);
  assert.deepEqual(seen.map((m) => m.site), other.map((m) => m.site));
  for (const browser of [chair, leaver]) await seeAdvance(browser, EVERYBODY, 4);
});

test('the label of a tile is its name with all diacritics', async () => {
  const { picture, cell, index } = await tileOf(chair, CHAIR, 4);
  const text = readLabel(picture, cell);
  assert.ok(text.includes(NAME) || text.replace(/[-—–]/g, '–').includes(NAME), `read: ${text}`);
  for (const [i, other] of gridCells(picture.width, picture.height, 4).entries()) {
    if (i !== index) assert.ok(!readLabel(picture, other).includes('Lũng Cú'), `tile ${i} has the name of tile ${index}`);
  }
});

test('everybody hears the others and never itself', async () => {
  for (const browser of [chair, leaver]) {
    const wanted = EVERYBODY.filter((n) => n !== browser.n).join();
    await until(`site ${browser.n} hears ${wanted}`, async () => {
      const heard = heardSites(await listen(browser.page, 2), EVERYBODY).join();
      if (heard !== wanted) throw new Error(`heard: ${heard}`);
      return true;
    }, { seconds: 20 });
  }
});

test('the chair starts the recording, and all are told', async () => {
  await chair.page.getByTestId('record').click();
  for (const browser of [chair, leaver]) await browser.page.getByTestId('recording').waitFor({ timeout: 10_000 });
  await seeAdvance(chair, EVERYBODY, 4);
  await listen(chair.page, 4); // what the recording shall hold of all four
});

test('one closes without a word: its tile turns into the lost card, the rest goes on', async () => {
  place = (await tileOf(chair, LEAVER, 4)).index;
  tiles = (await seeSites(chair, EVERYBODY)).map((mark, tile) => `${tile}:${mark.site}`);
  const others = EVERYBODY.filter((n) => n !== LEAVER);
  const { result: sound, fps } = await undisturbed(chair, async () => {
    await leaver.die();
    const listening = listen(chair.page, 20);
    await until('the tile is the lost card', async () => {
      const picture = await grab(chair.page);
      const cell = gridCells(picture.width, picture.height, 4)[place];
      return readCard(picture, cell).includes('Mất kết nối');
    }, { seconds: 20 });
    await seeSites(chair, others, { tiles: 4 });
    await seeAdvance(chair, others, 4);
    return listening;
  });
  assertUnbroken(sound, 100);
  assert.ok(fps > 15, `${fps} frames per second`);
  const heard = heardSites(sound.subarray(sound.length - 2 * 48_000), EVERYBODY);
  assert.deepEqual(heard, others.filter((n) => n !== CHAIR));
});

test('the recording has the same pictures and sounds, and plays in a browser', async () => {
  await chair.page.getByTestId('record').click();
  await chair.page.getByTestId('recording').waitFor({ state: 'detached', timeout: 10_000 });
  const [file] = await until('the recording is finished', async () => {
    const files = await recordings(room.server, room.meeting);
    return files.length === 1 && probe(files[0]) && files;
  });
  const { seconds, video, audio } = probe(file);
  assert.deepEqual([video.codec_name, video.width, video.height], ['h264', 1280, 720]);
  assert.ok(audio && seconds > 8, `${seconds} s, sound ${audio?.codec_name}`);

  const seen = [1, 2, 3, 4].flatMap((at) => marks(frameAt(file, at, video), 4).map((mark, tile) => mark && `${tile}:${mark.site}`));
  assert.deepEqual([...new Set(seen.filter(Boolean))].sort(), tiles);
  const inRecording = [1, 2, 3, 4].flatMap((at) => heardSites(soundAt(file, at, 1), EVERYBODY));
  assert.deepEqual([...new Set(inRecording)].sort((a, b) => a - b), EVERYBODY);

  const last = frameAt(file, seconds - 1, video);
  const cells = gridCells(last.width, last.height, 4);
  assert.equal(marks(last, 4)[place], null);
  assert.ok(readCard(last, cells[place]).includes('Mất kết nối'));
  assert.deepEqual(heardSites(soundAt(file, seconds - 3, 2), EVERYBODY), EVERYBODY.filter((n) => n !== LEAVER));
  assertUnbroken(soundAt(file, 1, seconds - 2), 100);

  const player = await chair.context.newPage();
  await player.goto(pathToFileURL(file).href);
  await until('the recording plays', () => player.evaluate(() => {
    const element = document.querySelector('video');
    if (element?.error) throw new Error(element.error.message);
    return element?.currentTime > 2 && element.videoWidth === 1280 && element.webkitDecodedFrameCount > 30 && element.webkitAudioDecodedByteCount > 0;
  }));
  await player.close();
});

test('no page had a script error', () => {
  assert.deepEqual(chair.problems, []);
});
