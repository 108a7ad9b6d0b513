// A bridge without media engine, for trying the page alone: serves dist/ as the real one does (same
// Content-Security-Policy), speaks docs/protocol.md, and hands offers to `answer`, which a second
// browser page may do (mix-page.js). Holds one meeting; whatever a test wants to happen it calls.

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { FakeRest } from './fake-rest.mjs';
import { FakeRoom, hasDesk, hasVoice, isCommand } from './fake-room.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webp': 'image/webp' };

export const MEETING = 'giao-ban';
const TELL_MS = 100;
const SITES_MS = 250;

/** An unsigned token; without `role` a site's lasting one: the page reads it, and nobody here checks it. */
export function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return [part({ alg: 'HS256' }), part({ iss: 'diemcau', ...(claims.role ? { meeting: MEETING } : {}), exp, ...claims }), 'c2lnbmF0dXJl'].join('.');
}

export function claimsOf(text) {
  return JSON.parse(Buffer.from(text.split('.')[1], 'base64url').toString());
}

/** A token of the administration. */
export function adminToken() {
  return token({ role: 'admin', meeting: undefined });
}

export class FakeBridge {
  members = new Set();
  /** Second screens, and who waits in the lobby. */
  others = new Set();
  /** What joining is answered by, if by an error. */
  refuse = null;
  /** What a view is answered by, if by an error. */
  refuseView = null;
  /** Draws the view that is watched. */
  onView = async () => undefined;
  /** The picture wanted of each camera. */
  picture = { width: 640, height: 360, fps: 25, kbps: 600 };
  quality = 3;

  /** `answer(sdp, candidates)` → SDP, or null: no media. */
  constructor(answer) {
    this.answer = answer;
    this.rest = new FakeRest(this);
    this.reset();
  }

  /** The meeting as when nobody has come. */
  reset() {
    this.room = new FakeRoom(new Map(this.rest.layouts.map(({ name, panes }) => [name, panes.length])));
    this.told = { state: '', desk: '', work: '', deskWork: '', chat: 0, sites: new Map() };
    this.rest.meetings.clear();
  }

  async listen() {
    this.http = createServer((request, response) => this.serve(request, response));
    this.sockets = new WebSocketServer({ server: this.http, path: '/ws', handleProtocols: () => 'diemcau.1' });
    this.sockets.on('connection', (socket) => this.onSocket(socket));
    await new Promise((done) => this.http.listen(0, '127.0.0.1', done));
    this.timers = [
      setInterval(() => this.broadcast({ type: 'line', quality: this.quality, loss: 2, rtt: 18 }), 2000),
      setInterval(() => this.tell(), TELL_MS),
      setInterval(() => this.tellSites(), SITES_MS),
    ];
    this.origin = `http://127.0.0.1:${this.http.address().port}`;
  }

  link(claims) {
    return `${this.origin}/#${token(claims)}`;
  }

  linkOf(claims) {
    return this.link(claims);
  }

  claimsOf(text) {
    return claimsOf(text);
  }

  present(id) {
    return id === MEETING ? [...this.room.seats.values()].filter(({ present }) => present).length : 0;
  }

  close() {
    this.timers.forEach(clearInterval);
    for (const socket of this.sockets.clients) socket.terminate();
    this.http.close();
  }

  /** As if the machine had gone: sockets end, new ones are refused until `up()`. */
  down() {
    this.isDown = true;
    for (const socket of this.sockets.clients) socket.terminate();
  }

  up() {
    this.isDown = false;
  }

  /** A seat of somebody who is no page of this test. */
  seat(id, name, more = {}) {
    return this.room.add(id, name, more.role ?? 'site', more);
  }

  send(socket, message, id) {
    if (socket.readyState === 1) socket.send(JSON.stringify({ v: 1, ...(id ? { id } : {}), ...message }));
  }

  broadcast(message) {
    for (const { socket } of this.members) this.send(socket, message);
  }

  /** As `broadcast`, and to screens. */
  tellWatching(message) {
    this.broadcast(message);
    for (const { socket, screen } of this.others) if (screen) this.send(socket, message);
  }

  member(site) {
    return [...this.members].find((member) => member.site === site) ?? null;
  }

  /** What has changed of state and desk; at most every 100 ms. */
  tell() {
    const events = [];
    this.room.work.tick(events);
    events.forEach((event) => this.happen(event));
    const now = {
      state: JSON.stringify(this.room.state()),
      desk: JSON.stringify(this.room.desk()),
      work: JSON.stringify(this.room.work.work()),
      deskWork: JSON.stringify(this.room.work.deskWork()),
      chat: this.room.work.lines.at(-1)?.n ?? 0,
    };
    for (const { socket, site } of this.members) {
      const seat = this.room.seats.get(site);
      const tell = (type, text, before) => text !== before && this.send(socket, { type, ...JSON.parse(text) });
      tell('state', now.state, this.told.state);
      tell('work', now.work, this.told.work);
      if (hasDesk(seat?.role)) tell('desk', now.desk, this.told.desk);
      if (hasDesk(seat?.role)) tell('desk-work', now.deskWork, this.told.deskWork);
      const said = seat && now.chat > this.told.chat ? this.room.work.said(seat, this.told.chat) : { lines: [] };
      if (said.lines.length > 0) this.send(socket, { type: 'said', ...said });
    }
    Object.assign(this.told, now);
  }

  /** Seats that have changed, and those that are gone; at most every 250 ms. */
  tellSites() {
    const now = new Map(this.room.sites().map((site) => [site.id, JSON.stringify(site)]));
    const gone = [...this.told.sites.keys()].filter((id) => !now.has(id));
    const sites = [...now].filter(([id, text]) => this.told.sites.get(id) !== text).map(([, text]) => JSON.parse(text));
    if (gone.length > 0 || sites.length > 0) this.tellWatching({ type: 'sites', sites, gone });
    this.told.sites = now;
  }

  lines(lines) {
    for (const { socket, site } of this.members) {
      if (hasDesk(this.room.seats.get(site)?.role)) this.send(socket, { type: 'lines', lines });
    }
  }

  serve(request, response) {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replace(/\/$/, '/index.html');
    if (path.startsWith('/api/')) return void this.rest.serve(request, response, path);
    const file = join(DIST, path);
    if (!file.startsWith(DIST) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    createReadStream(file).pipe(response);
  }

  onSocket(socket) {
    if (this.isDown) return socket.terminate();
    const state = { member: null, held: [] };
    const deadline = setTimeout(() => state.member || socket.close(1008), 10_000);
    socket.on('close', () => {
      clearTimeout(deadline);
      this.others.delete(state.member);
      this.room.lobby = this.room.lobby.filter((guest) => guest.site !== state.member?.site || !state.member.waits);
      if (!this.members.delete(state.member)) return;
      const seat = this.room.seats.get(state.member.site);
      if (seat) Object.assign(seat, { present: false, lost: true });
    });
    socket.on('message', (data) => void this.onMessage(socket, state, JSON.parse(data.toString())));
  }

  async onMessage(socket, state, message) {
    const answer = (body) => this.send(socket, body, message.id);
    const error = (code) => answer({ type: 'error', code, message: code });
    if (message.type === 'join') {
      if (this.refuse) return error(this.refuse);
      return this.onJoin(socket, state, message, answer, error);
    }
    if (state.member?.waits) return void state.held.push(message);
    if (message.type === 'ping') return answer({ type: 'pong', now: Date.now() });
    if (!state.member) return error('not-joined');
    const { member } = state;
    const seat = this.room.seats.get(member.site);
    if (!seat && !member.screen) return error('not-joined'); // removed meanwhile
    if (message.type === 'offer') {
      const sdp = await this.answer(message.sdp);
      if (!sdp) return undefined;
      answer({ type: 'answer', sdp });
      return this.send(socket, { type: 'picture', ...this.picture });
    }
    if (message.type === 'candidate') return answer({ type: 'ok' });
    if (message.type === 'leave') {
      answer({ type: 'ok' });
      if (!member.screen) this.room.drop(member.site);
      this.members.delete(member);
      return socket.close(1000);
    }
    if (message.type === 'watch') {
      const desk = member.screen || hasDesk(seat.role);
      if (message.view !== 'programme' && !desk) return error('forbidden');
      if (this.refuseView) return error(this.refuseView);
      await this.onView(message.view);
      return answer({ type: 'ok' });
    }
    if (member.screen) return error('forbidden');
    if (message.type === 'media') {
      const code = this.room.media(seat, message);
      return code ? error(code) : answer({ type: 'ok' });
    }
    if (!isCommand(message.type)) return error('unknown-type');
    const events = [];
    const code = this.room.obey(seat, message, events);
    this.commands?.push(message);
    if (code) return error(code);
    answer({ type: 'ok' });
    return events.forEach((event) => this.happen(event));
  }

  /** A command of somebody at the desk who is no page of this test. */
  happenAll(type, message) {
    const events = [];
    const does = this.room[`do ${type}`] ? this.room : this.room.work;
    const code = does[`do ${type}`](message, { id: '', role: 'chair', name: 'Chủ trì' }, events);
    if (code) throw new Error(`${type}: ${code}`);
    events.forEach((event) => this.happen(event));
  }

  /** What a command means beyond the state of the room. */
  happen(event) {
    if ('recording' in event) this.tellWatching({ type: 'recording', on: event.recording });
    if (event.close) this.closeMember(this.member(event.close), event.code);
    if (event.end) this.end(MEETING);
    if (event.welcome) {
      const member = this.member(event.welcome);
      if (member) {
        this.send(member.socket, { type: 'desk', ...this.room.desk() });
        this.send(member.socket, { type: 'desk-work', ...this.room.work.deskWork() });
        this.send(member.socket, { type: 'said', ...this.room.work.said(this.room.seats.get(event.welcome), 0, 100) });
      }
    }
    for (const { socket, site } of this.members) {
      if (event.ballots || event.ballot === site) this.send(socket, { type: 'ballot', ...this.room.work.ballot(site) });
    }
    if (event.admit) {
      const guest = [...this.others].find(({ waits, site }) => waits && site === event.admit);
      if (guest && event.on) guest.enter();
      else if (guest) this.closeMember(guest, 'refused');
    }
  }

  closeMember(member, code) {
    if (!member) return;
    this.members.delete(member);
    this.others.delete(member);
    this.send(member.socket, { type: 'closed', code, message: code });
    member.socket.close(1000);
  }

  /** The meeting is over for all. */
  end(id) {
    if (id !== MEETING) return;
    for (const member of [...this.members, ...this.others]) this.closeMember(member, 'ended');
    this.room.seats.clear();
  }

  onJoin(socket, state, message, answer, error) {
    const claims = claimsOf(message.token);
    const meeting = claims.meeting ?? message.meeting;
    if (meeting !== MEETING) return error('not-found');
    if (this.room.ended) return error('ended');
    const invited = this.rest.meetings.get(meeting)?.roster.find(({ site }) => site === claims.site);
    if (!claims.role && !invited) return error('forbidden');
    const role = claims.role ?? invited.role;
    const who = { id: claims.site, name: invited?.name ?? claims.name, role, client: message.client ?? '' };
    if (message.screen) return this.onScreen(socket, state, message, who, answer, error);
    const before = this.member(who.id);
    if (before && !message.replace && who.client && before.client !== who.client) return error('occupied');
    const door = this.room.door(who.id, role);
    if (door === 'refused') return error('refused');
    if (before) this.closeMember(before, 'replaced');
    const member = { socket, site: who.id, client: who.client, claims, waits: door === 'waiting' };
    state.member = member;
    member.enter = () => {
      member.waits = false;
      this.others.delete(member);
      this.members.add(member);
      const old = this.room.seats.get(who.id);
      const media = { mic: message.mic === true && hasVoice(role), camera: message.camera === true && hasVoice(role) };
      const seat = old ? Object.assign(old, media, { present: true, lost: false, name: who.name }) : this.room.add(who.id, who.name, role, media);
      answer(this.joined(meeting, claims, seat));
      for (const held of state.held.splice(0)) void this.onMessage(socket, state, held);
    };
    if (!member.waits) return member.enter();
    this.others.add(member);
    this.room.lobby = [...this.room.lobby.filter(({ site }) => site !== who.id), { site: who.id, name: who.name }];
    return answer({ type: 'waiting' });
  }

  onScreen(socket, state, message, who, answer, error) {
    const seat = this.room.seats.get(who.id);
    if (!seat || !hasDesk(seat.role)) return error('forbidden');
    state.member = { socket, site: `${who.id}~${message.screen}`, screen: message.screen, claims: {} };
    this.others.add(state.member);
    const screen = { id: state.member.site, name: who.name, role: 'observer' };
    answer(this.joined(MEETING, {}, screen));
    return void this.onView(message.screen);
  }

  joined(meeting, claims, seat) {
    return {
      type: 'joined',
      meeting: { id: meeting, title: claims.title ?? this.rest.meetings.get(meeting)?.title ?? meeting },
      site: { id: seat.id, name: seat.name },
      role: seat.role,
      recording: this.room.recording,
      sites: this.room.sites(),
      state: this.room.state(),
      ...(hasDesk(seat.role) ? { desk: this.room.desk() } : {}),
      work: this.room.work.work(),
      chat: this.room.work.said(seat, 0, 100),
      ballot: this.room.work.ballot(seat.id),
      ...(hasDesk(seat.role) ? { deskWork: this.room.work.deskWork() } : {}),
      now: Date.now(),
    };
  }
}
