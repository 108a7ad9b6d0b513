// Clients that are not ours: Debian's simple-whip-client publishes as a site; a player written here
// from the text of WHEP alone watches.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { offer } from './lib/client.mjs';
import { seeAdvance, seeSites, startMeeting } from './lib/meeting.mjs';
import { request } from './lib/server.mjs';
import { fakeDevices, tone } from './lib/sites.mjs';
import { heardSites, listen } from './lib/sound.mjs';
import { until } from './lib/wait.mjs';
import { startWhipClient } from './lib/whip-client.mjs';

const PUBLISHER = 31;
const meeting = 'giao-ban';
let room, folder, viewer, publisher;

before(async () => {
  room = await startMeeting({ sites: 2, meeting, tls: false });
  folder = await mkdtemp(join(tmpdir(), 'diemcau-whip-'));
});
after(async () => {
  await publisher?.stop().catch(() => {});
  await viewer?.close();
  await room?.end();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Runs in the page: WHEP by hand, into the elements that the helpers look at. */
async function watch([url, token]) {
  document.body.innerHTML = '<video data-testid="programme" autoplay muted></video><audio data-testid="sound" autoplay></audio>';
  const peer = new RTCPeerConnection();
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.ontrack = ({ track }) => {
    const element = document.querySelector(track.kind === 'video' ? 'video' : 'audio');
    element.srcObject = new MediaStream([track]);
  };
  await peer.setLocalDescription();
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/whep`, { method: 'POST', headers, body: peer.localDescription.sdp });
  const sdp = await response.text();
  if (response.status !== 201) return { status: response.status, text: sdp };
  await peer.setRemoteDescription({ type: 'answer', sdp });
  return { status: response.status, location: response.headers.get('Location'), type: response.headers.get('Content-Type') };
}

test('a WHEP player gets picture and sound', async () => {
  const { server } = room;
  viewer = await openBrowser();
  await viewer.page.goto(`${server.url}/`);
  const token = await server.token({ meeting, site: 'phong-hop', role: 'observer' });
  const answer = await viewer.page.evaluate(watch, [server.url, token]);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.type, 'application/sdp');
  viewer.resource = new URL(answer.location, server.url).href;
  viewer.token = token;
  await seeSites(viewer, [1, 2]);
  await seeAdvance(viewer, [1, 2], 2);
  await until('both sites are heard', async () => heardSites(await listen(viewer.page, 2), [1, 2]).join() === '1,2');
});

test('simple-whip-client publishes: picture in a tile, tone in the sound', async () => {
  const { server } = room;
  const { video } = await fakeDevices(folder, PUBLISHER);
  const token = await server.token({ meeting, site: 'whip', name: 'Phòng họp lớn' });
  const picture = `filesrc location=${video} ! y4mdec ! videoconvert ! imagefreeze is-live=true ! video/x-raw,framerate=25/1 ! vp8enc deadline=1 cpu-used=16 keyframe-max-dist=50 ! rtpvp8pay pt=96 ! queue ! application/x-rtp,media=video,encoding-name=VP8,payload=96`;
  const sound = `audiotestsrc is-live=true freq=${tone(PUBLISHER)} volume=0.1 ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=100 ! queue ! application/x-rtp,media=audio,encoding-name=OPUS,payload=100`;
  publisher = await startWhipClient(folder, { url: `${server.url}/whip`, token, audio: sound, video: picture });
  await seeSites(viewer, [1, 2, PUBLISHER], { seconds: 40 }).catch((error) => {
    throw new Error(`${error.message}\n${publisher.output().slice(-2000)}`);
  });
  await until('its tone is heard', async () => heardSites(await listen(viewer.page, 2), [1, 2, PUBLISHER]).join() === `1,2,${PUBLISHER}`);
});

test('when it ends, its tile goes and the others stay', async () => {
  await publisher.stop('SIGINT');
  await seeSites(viewer, [1, 2], { seconds: 20 });
  await seeAdvance(viewer, [1, 2], 2);
});

test('DELETE ends the player, and once only', async () => {
  const headers = { Authorization: `Bearer ${viewer.token}` };
  assert.equal((await request(viewer.resource, { method: 'DELETE', headers })).status, 200);
  assert.equal((await request(viewer.resource, { method: 'DELETE', headers })).status, 404);
});

test('status codes for what is wrong', async () => {
  const { server } = room;
  const token = await server.token({ meeting, site: 'sai', role: 'site' });
  const post = (path, { type = 'application/sdp', bearer = token, body = offer() } = {}) =>
    request(`${server.url}${path}`, { method: 'POST', body, headers: { 'Content-Type': type, ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) } });
  assert.equal((await post('/whip', { bearer: null })).status, 401);
  assert.equal((await post('/whip', { bearer: `${token}x` })).status, 401);
  assert.equal((await post('/whip', { type: 'text/plain' })).status, 415);
  assert.equal((await post('/whip', { body: offer({ fingerprint: null }) })).status, 400);
  assert.equal((await post('/whip', { body: offer({ extra: `a=x:${'x'.repeat(1 << 20)}` }) })).status, 413);
  assert.equal((await post('/whip/0123456789abcdef0123456789abcdef', {})).status, 405);
});
