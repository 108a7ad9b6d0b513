// Whoever drops comes back to the same tile; the page finds a restarted bridge by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { joinMeeting } from './lib/browser.mjs';
import { seeAdvance, seeSites, startMeeting, tileOf } from './lib/meeting.mjs';
import { gridCells, grab } from './lib/picture.mjs';
import { readCard } from './lib/text.mjs';
import { until } from './lib/wait.mjs';

let room, first, second;

before(async () => {
  room = await startMeeting({ sites: 2 });
  first = await room.join(21, { name: 'Xã Phó Bảng' });
  second = await room.join(22, { name: 'Xã Sủng Là' });
});
after(() => room?.end());

test('a reload returns to the same tile', async () => {
  await seeSites(second, [1, 2, 21, 22]);
  const before = (await tileOf(second, 21, 4)).index;
  await first.page.reload();
  await joinMeeting(first, first.page.url());
  await seeSites(second, [1, 2, 21, 22]);
  assert.equal((await tileOf(second, 21, 4)).index, before);
});

test('a second page of the same site replaces the first, when the person says so', async () => {
  const before = (await tileOf(second, 22, 4)).index;
  const again = Object.assign(await room.open(22), { site: second.site });
  await again.page.goto(await room.server.link({ meeting: room.meeting, site: second.site, name: 'Xã Sủng Là' }));
  await again.page.getByTestId('join').click({ timeout: 20_000 });
  await again.page.getByTestId('over').waitFor({ timeout: 15_000 });
  assert.equal(await again.page.getByTestId('over').getAttribute('data-reason'), 'occupied');
  assert.equal(await second.page.getByTestId('over').count(), 0);
  await again.page.getByTestId('rejoin').click();
  await again.page.getByTestId('programme').waitFor({ timeout: 20_000 });
  await second.page.getByTestId('over').waitFor({ timeout: 15_000 });
  assert.equal(await second.page.getByTestId('over').getAttribute('data-reason'), 'replaced');
  await seeSites(again, [1, 2, 21, 22]);
  assert.equal((await tileOf(again, 22, 4)).index, before);
  await seeAdvance(again, [1, 2, 21, 22], 4);
  second = again;
});

test('camera off shows the name card, and on again the picture', async () => {
  const { index } = await tileOf(second, 21, 4);
  await first.page.getByTestId('camera').click();
  await until('the tile is the name card', async () => {
    const picture = await grab(second.page);
    return readCard(picture, gridCells(picture.width, picture.height, 4)[index]).includes('Phó Bảng');
  });
  await seeSites(second, [1, 2, 22], { tiles: 4 });
  await first.page.getByTestId('camera').click();
  await seeSites(second, [1, 2, 21, 22]);
});

test('who leaves takes the tile along; the others close up', async () => {
  await first.page.getByTestId('leave').click();
  await seeSites(second, [1, 2, 22], { tiles: 3 });
  await seeAdvance(second, [1, 2, 22], 3);
});

test('the page finds the restarted bridge by itself', async () => {
  await room.server.end('SIGKILL');
  await second.page.locator('[data-testid=overlay][data-phase=reconnecting]').waitFor({ timeout: 20_000 });
  await room.server.begin();
  // The simulated sites do not come back by themselves: their seats stay for a while, as lost.
  await seeSites(second, [22], { tiles: 3, seconds: 60 });
  await second.page.locator('[data-testid=overlay][data-phase=reconnecting]').waitFor({ state: 'detached', timeout: 10_000 });
});
