// The side room: its own sound and picture, and none of the meeting's, by tones and marks; and the way back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { startMeeting } from './lib/meeting.mjs';
import { grab, marks } from './lib/picture.mjs';
import { heardSites, listen } from './lib/sound.mjs';
import { until } from './lib/wait.mjs';

const [AWAY, STAYS] = [41, 42];

let room, chair, away, stays;

const seen = async (page, tiles) => {
  const picture = await grab(page);
  return marks(picture, tiles).filter(Boolean).map(({ site }) => site).sort((a, b) => a - b);
};

before(async () => {
  room = await startMeeting({ sites: 2, seconds: 300 });
  chair = await connect(room.server);
  const token = await room.server.token({ meeting: room.meeting, site: 'chu-tri', role: 'operator' });
  assert.equal((await chair.ask('join', { token, mic: false, camera: false })).type, 'joined');
  away = await room.join(AWAY, { site: 'doan' });
  stays = await room.join(STAYS, { site: 'o-lai' });
});
after(async () => {
  chair?.socket.terminate();
  await room?.end();
});

describe('the side room', () => {
  test('before it, all see and hear each other', { timeout: 60_000 }, async () => {
    await until('four are seen', async () => (await seen(away.page, 4)).join() === `1,2,${AWAY},${STAYS}`, { seconds: 20 });
  });

  test('who is sent there sees and hears nothing of the meeting, and is not seen or heard in it', { timeout: 90_000 }, async () => {
    assert.equal((await chair.ask('aside', { site: 'doan', on: true })).type, 'ok');
    await away.page.getByTestId('aside').waitFor({ timeout: 20_000 });
    await until('it sees itself alone', async () => (await seen(away.page, 1)).join() === String(AWAY), { seconds: 20 });
    await until('the others do not see it', async () => !(await seen(stays.page, 4)).includes(AWAY), { seconds: 20 });
    const inMeeting = await until('the meeting goes on', async () => {
      const heard = heardSites(await listen(stays.page), [1, 2, AWAY]);
      return heard.includes(1) && heard.includes(2) && heard;
    }, { seconds: 20 });
    assert.ok(!inMeeting.includes(AWAY), `${inMeeting}`);
    const inSide = heardSites(await listen(away.page), [1, 2, STAYS]);
    assert.deepEqual(inSide, []);
  });

  test('and comes back to its seat', { timeout: 60_000 }, async () => {
    assert.equal((await chair.ask('aside', { site: 'doan', on: false })).type, 'ok');
    await until('four are seen', async () => (await seen(away.page, 4)).join() === `1,2,${AWAY},${STAYS}`, { seconds: 30 });
    assert.deepEqual(away.problems.concat(stays.problems), []);
  });
});
