// What the benches of desk and work have in common: somebody who commands by the protocol, and a few figures.
import { connect } from '../e2e/lib/client.mjs';

export const say = (text) => process.stderr.write(`  ${text}\n`);
export const p95 = (values) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * 0.95) - 1)];
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** In the meeting of `room`, without media. Keeps nothing of what it is told: `hear` gets each message. */
export async function sit(room, site, role, hear = () => undefined) {
  const client = await connect(room.server);
  client.token = await room.server.token({ meeting: room.meeting, site, role });
  client.hear = hear;
  const waiting = new Map();
  client.socket.on('message', (data) => {
    client.messages.length = 0;
    const message = JSON.parse(data.toString());
    client.hear(message, client);
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  client.command = (type, members = {}) =>
    new Promise((resolve, reject) => {
      const id = ++client.id;
      waiting.set(id, (answer) => {
        waiting.delete(id);
        answer.type === 'error' ? reject(new Error(`${type}: ${answer.code} ${answer.message}`)) : resolve(answer);
      });
      client.socket.send(JSON.stringify({ v: 1, id, type, ...members }));
    });
  await client.command('join', { token: client.token, mic: false, camera: false });
  return client;
}
