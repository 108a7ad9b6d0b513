// A client of our own on docs/protocol.md, which can also say what no proper client would.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './server.mjs';
import { until } from './wait.mjs';

const { WebSocket } = createRequire(join(root, 'web', 'package.json'))('ws');

/** An open WebSocket to the bridge: `messages` so far, `closed` its close code once it has one. */
export async function connect(server) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, 'diemcau.1', { rejectUnauthorized: false, perMessageDeflate: false });
  const client = { socket, messages: [], closed: null, id: 0 };
  socket.on('message', (data) => client.messages.push(JSON.parse(data.toString())));
  socket.on('close', (code) => (client.closed = code));
  socket.on('error', () => {});
  await once(socket, 'open');

  client.answer = (what, seconds = 10) => until(`an answer to ${what}`, () => client.messages.shift(), { seconds, every: 10 });
  client.close = (seconds = 10) => until('the bridge closes', () => client.closed, { seconds, every: 10 });
  /** Sends a request and gives its answer. */
  client.ask = async (type, members = {}) => {
    const id = ++client.id;
    socket.send(JSON.stringify({ v: 1, id, type, ...members }));
    return until(`the answer to ${type}`, () => client.messages.find((m) => m.id === id), { every: 10 });
  };
  return client;
}

const H264 = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';

/** An offer as a browser makes it, with `changes` to spoil it. */
export function offer({ fingerprint = Array(32).fill('AB').join(':'), lines = ['audio', 'video'], extra = '' } = {}) {
  const media = {
    audio: ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2'],
    video: ['m=video 9 UDP/TLS/RTP/SAVPF 96 98', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:98 H264/90000', `a=fmtp:98 ${H264}`],
  };
  const sections = lines.flatMap((kind, mid) => [
    ...media[kind],
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=setup:actpass',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    ...(fingerprint ? [`a=fingerprint:sha-256 ${fingerprint}`] : []),
  ]);
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${lines.map((_, mid) => mid).join(' ')}`];
  return [...head, ...sections, ...(extra ? [extra] : []), ''].join('\r\n');
}
