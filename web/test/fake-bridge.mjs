// A bridge without media engine, for trying the page alone: serves dist/ as the real one does (same
// Content-Security-Policy), speaks docs/protocol.md, and hands offers to `answer`, which a second
// browser page may do (mix-page.js). Holds one meeting; whatever a test wants to happen it calls.

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** An unsigned token: the page reads it, and nobody here checks it. */
export function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return [part({ alg: 'HS256' }), part({ iss: 'diemcau', meeting: 'giao-ban', exp, ...claims }), 'c2lnbmF0dXJl'].join('.');
}

export function claimsOf(text) {
  return JSON.parse(Buffer.from(text.split('.')[1], 'base64url').toString());
}

export class FakeBridge {
  members = new Set();
  recording = false;
  /** What joining is answered by, if by an error. */
  refuse = null;
  /** What a view is answered by, if by an error. */
  refuseView = null;
  /** Draws the view that is watched. */
  onView = async () => undefined;
  /** The picture wanted of each camera. */
  picture = { width: 640, height: 360, fps: 25, kbps: 600 };
  /** Other sites of the list. */
  others = [];
  quality = 3;

  /** `answer(sdp, candidates)` → SDP, or null: no media. */
  constructor(answer) {
    this.answer = answer;
  }

  async listen() {
    this.http = createServer((request, response) => this.serve(request, response));
    this.sockets = new WebSocketServer({ server: this.http, path: '/ws', handleProtocols: () => 'diemcau.1' });
    this.sockets.on('connection', (socket) => this.onSocket(socket));
    await new Promise((done) => this.http.listen(0, '127.0.0.1', done));
    this.timer = setInterval(() => this.broadcast({ type: 'line', quality: this.quality, loss: 2, rtt: 18 }), 2000);
    this.origin = `http://127.0.0.1:${this.http.address().port}`;
  }

  link(claims) {
    return `${this.origin}/#${token(claims)}`;
  }

  close() {
    clearInterval(this.timer);
    for (const socket of this.sockets.clients) socket.terminate();
    this.http.close();
  }

  /** As if the machine had gone: sockets end, new ones are refused until `up()`. */
  down() {
    this.isDown = true;
    for (const socket of this.sockets.clients) socket.terminate();
    this.members.clear();
  }

  up() {
    this.isDown = false;
  }

  /** A line of the list besides those who are here. */
  static site(id, name, more = {}) {
    return { id, name, role: 'site', present: true, lost: false, mic: true, camera: true, floor: false, ...more };
  }

  send(socket, message, id) {
    socket.send(JSON.stringify({ v: 1, ...(id ? { id } : {}), ...message }));
  }

  broadcast(message) {
    for (const { socket } of this.members) this.send(socket, message);
  }

  sites() {
    const here = [...this.members].filter(({ claims }) => claims.role !== 'observer');
    return [...here.map(({ claims, media }) => FakeBridge.site(claims.site, claims.name, { role: claims.role, ...media })), ...this.others];
  }

  serve(request, response) {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replace(/\/$/, '/index.html');
    const file = join(DIST, path);
    if (!file.startsWith(DIST) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': "default-src 'self'",
    });
    createReadStream(file).pipe(response);
  }

  onSocket(socket) {
    if (this.isDown) return socket.terminate();
    const state = { member: null, candidates: [] };
    const deadline = setTimeout(() => state.member || socket.close(1008), 10_000);
    socket.on('close', () => {
      clearTimeout(deadline);
      if (this.members.delete(state.member)) this.broadcast({ type: 'sites', sites: [], gone: [state.member.claims.site] });
    });
    socket.on('message', (data) => void this.onMessage(socket, state, JSON.parse(data.toString())));
  }

  async onMessage(socket, state, message) {
    const answer = (body) => this.send(socket, body, message.id);
    const error = (code) => answer({ type: 'error', code, message: code });
    if (message.type === 'ping') return answer({ type: 'pong', now: Date.now() });
    if (message.type === 'join') {
      if (this.refuse) return error(this.refuse);
      return this.onJoin(socket, state, message, answer);
    }
    if (!state.member) return error('not-joined');
    switch (message.type) {
      case 'offer': {
        const sdp = await this.answer(message.sdp);
        if (!sdp) return undefined;
        answer({ type: 'answer', sdp });
        return this.send(socket, { type: 'picture', ...this.picture });
      }
      case 'candidate':
        return answer({ type: 'ok' });
      case 'media':
        state.member.media = { mic: message.mic, camera: message.camera };
        answer({ type: 'ok' });
        return this.broadcast({ type: 'sites', sites: this.sites(), gone: [] });
      case 'record':
        if (state.member.claims.role !== 'chair') return error('forbidden');
        this.recording = message.on;
        answer({ type: 'ok' });
        return this.broadcast({ type: 'recording', on: message.on });
      case 'watch':
        if (message.view === 'wall' && state.member.claims.role !== 'chair') return error('forbidden');
        if (this.refuseView) return error(this.refuseView);
        await this.onView(message.view);
        return answer({ type: 'ok' });
      case 'leave':
        answer({ type: 'ok' });
        return socket.close(1000);
      default:
        return error('unknown-type');
    }
  }

  onJoin(socket, state, message, answer) {
    const claims = claimsOf(message.token);
    for (const old of this.members) {
      if (old.claims.site !== claims.site) continue;
      this.members.delete(old);
      this.send(old.socket, { type: 'closed', code: 'replaced', message: 'the seat was taken again' });
      old.socket.close(1000);
    }
    state.member = { socket, claims, media: { mic: message.mic === true, camera: message.camera === true } };
    this.members.add(state.member);
    answer({
      type: 'joined',
      meeting: { id: claims.meeting, title: claims.title },
      site: { id: claims.site, name: claims.name },
      role: claims.role,
      recording: this.recording,
      sites: this.sites(),
      now: Date.now(),
    });
    this.broadcast({ type: 'sites', sites: this.sites(), gone: [] });
  }
}
