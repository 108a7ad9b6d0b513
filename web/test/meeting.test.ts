import { beforeEach, describe, expect, it } from 'vitest';
import { MEDIA_TIMEOUT_MS, MeetingClient, STEADY_MS } from '../lib/meeting';
import type { Height, Picture } from '../lib/messages';
import type { Peer, PeerEvents } from '../lib/peer';
import { FIRST_ROOM } from '../lib/room';
import type { MeetingState } from '../lib/state';
import { FakeEnv, settle } from './fake-env';

class FakePeer implements Peer {
  readonly stream = {} as MediaStream;
  answer = '';
  pictures: object[] = [];
  closed = false;

  constructor(
    readonly number: number,
    readonly events: PeerEvents,
  ) {}

  async offer() {
    return `offer ${this.number}`;
  }

  async accept(answer: string) {
    if (answer === 'bad') throw new Error('not an answer');
    this.answer = answer;
  }

  setPicture({ width, height, fps, kbps }: Picture) {
    this.pictures.push({ width, height, fps, kbps });
  }

  close() {
    this.closed = true;
  }
}

const JOINED = {
  type: 'joined',
  meeting: { id: 'm', title: 'Giao ban' },
  site: { id: 's', name: 'xã Đồng Văn' },
  role: 'site',
  recording: false,
  sites: [],
  state: FIRST_ROOM,
  now: 1_700_000_000_000,
};

let env: FakeEnv;
let peers: FakePeer[];
let played: FakePeer[];
let states: MeetingState[];
let media: { mic: boolean; camera: boolean };
let height: Height | undefined;
let client: MeetingClient<FakePeer>;

beforeEach(() => {
  env = new FakeEnv();
  env.chance = 1; // whole waits
  peers = [];
  played = [];
  states = [];
  media = { mic: true, camera: false };
  height = undefined;
  client = new MeetingClient<FakePeer>({
    env,
    url: 'wss://bridge/ws',
    token: 'TOKEN',
    makePeer: (events) => {
      const peer = new FakePeer(peers.length + 1, events);
      peers.push(peer);
      return peer;
    },
    media: () => media,
    programmeHeight: () => height,
    onState: (state) => states.push(state),
    onPeer: (peer) => played.push(peer),
  });
});

/** The bridge's side of one try, up to flowing media. */
async function letIn(): Promise<void> {
  const { socket } = env;
  socket.open();
  await settle();
  socket.answer('join', JOINED);
  socket.answer('offer', { type: 'answer', sdp: 'answer' });
  await settle();
  peers[peers.length - 1]?.events.connected();
  await settle();
}

const types = () => env.socket.sent.map(({ type }) => type);

describe('MeetingClient', () => {
  it('joins: token, state of the devices, offer at once, answer, media', async () => {
    client.join();
    expect(client.state).toMatchObject({ phase: 'joining', attempt: 1 });
    env.socket.open();
    await settle();
    expect(env.socket.sent).toEqual([
      { v: 1, id: 1, type: 'join', token: 'TOKEN', mic: true, camera: false },
      { v: 1, id: 2, type: 'offer', sdp: 'offer 1' },
    ]);
    env.socket.answer('join', JOINED);
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await settle();
    expect(peers[0]?.answer).toBe('answer');
    expect(played).toEqual(peers);
    expect(client.state.phase).toBe('joining');
    peers[0]?.events.connected();
    expect(client.state).toMatchObject({ phase: 'in', attempt: 0, role: 'site', site: { name: 'xã Đồng Văn' } });
    expect(client.state.clockOffset).toBe(JOINED.now - env.now());
  });

  it('prepares the socket and the offer ahead, and joins on them', async () => {
    client.prepare();
    client.prepare();
    env.socket.open();
    await settle();
    expect(env.sockets.length).toBe(1);
    expect(peers.length).toBe(1);
    expect(env.socket.sent).toEqual([]);
    client.join();
    await settle();
    expect(types()).toEqual(['join', 'offer']);
    expect(env.sockets.length).toBe(1);
    expect(peers.length).toBe(1);
  });

  it('opens another socket when the bridge has ended the early one', async () => {
    client.prepare();
    env.socket.open();
    env.socket.die(1008);
    expect(client.state.phase).toBe('before');
    client.join();
    await letIn();
    expect(env.sockets.length).toBe(2);
    expect(client.state.phase).toBe('in');
  });

  it('offers again where the bridge wants to be joined first', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('offer', { type: 'error', code: 'not-joined', message: '' });
    env.socket.answer('join', JOINED);
    await settle();
    expect(types()).toEqual(['join', 'offer', 'offer']);
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await settle();
    expect(peers[0]?.answer).toBe('answer');
  });

  it('trickles candidates and tells what is switched', async () => {
    client.join();
    await letIn();
    peers[0]?.events.candidate('candidate:1');
    peers[0]?.events.candidate('');
    media = { mic: false, camera: true };
    client.mediaChanged();
    expect(env.socket.sent.slice(-3).map(({ v: _v, id: _id, ...rest }) => rest)).toEqual([
      { type: 'candidate', candidate: 'candidate:1' },
      { type: 'candidate', candidate: '' },
      { type: 'media', mic: false, camera: true },
    ]);
  });

  it('comes back after the socket is lost: same token, new offer, old picture until then', async () => {
    client.join();
    await letIn();
    await env.pass(STEADY_MS - 5000); // pings are answered
    env.socket.answer('ping', { type: 'pong', now: 1 });
    await env.pass(4999);
    env.socket.answer('ping', { type: 'pong', now: 1 });
    await env.pass(1);
    env.socket.die();
    expect(client.state).toMatchObject({ phase: 'reconnecting', attempt: 1 });
    expect(peers[0]?.closed).toBe(false);
    await env.pass(499);
    expect(env.sockets.length).toBe(1);
    await env.pass(1);
    expect(env.sockets.length).toBe(2);
    await letIn();
    expect(env.socket.last('join')).toMatchObject({ token: 'TOKEN' });
    expect(client.state).toMatchObject({ phase: 'in', attempt: 0 });
    expect(peers.map(({ closed }) => closed)).toEqual([true, false]);
    expect(played).toEqual(peers);
  });

  it('waits longer each time, counts the tries, and never ends by itself', async () => {
    client.join();
    await letIn();
    await env.pass(1000);
    env.socket.die();
    const opened: number[] = [];
    for (let count = 1; count < 8; count++) {
      const from = env.now();
      while (env.sockets.length === count) await env.pass(50);
      opened.push(env.now() - from);
      env.socket.die(1001);
      await settle();
    }
    expect(opened).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(client.state).toMatchObject({ phase: 'reconnecting', attempt: 9 });
    expect(peers.filter(({ closed }) => !closed).length).toBe(1);
  });

  it('tries at once when told that the network is back', async () => {
    client.join();
    await letIn();
    env.socket.die();
    client.retryNow();
    client.retryNow();
    expect(env.sockets.length).toBe(2);
    await letIn();
    expect(client.state.phase).toBe('in');
    client.retryNow();
    expect(env.sockets.length).toBe(2);
  });

  it.each([
    ['the bridge says so', () => env.socket.say({ type: 'connection', state: 'failed', code: 'transport-failed' })],
    ['the browser says so', () => peers[0]?.events.lost()],
    ['the membership ends by a fault', () => env.socket.say({ type: 'closed', code: 'internal', message: '' })],
  ])('starts anew when the media fails: %s', async (_, fail) => {
    client.join();
    await letIn();
    const { socket } = env;
    fail();
    expect(client.state.phase).toBe('reconnecting');
    expect(socket.closed).toBe(true);
    await env.pass(1000);
    await letIn();
    expect(client.state.phase).toBe('in');
    expect(played.length).toBe(2);
  });

  it('starts anew when media never flows', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', JOINED);
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await env.pass(5000);
    env.socket.answer('ping', { type: 'pong', now: 1 });
    await env.pass(MEDIA_TIMEOUT_MS - 5000);
    expect(client.state).toMatchObject({ phase: 'joining', attempt: 2 });
    await env.pass(500);
    expect(env.sockets.length).toBe(2);
  });

  it('starts anew when the answer is not understood, and leaves no peer behind', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', JOINED);
    env.socket.answer('offer', { type: 'answer', sdp: 'bad' });
    await settle();
    expect(client.state).toMatchObject({ phase: 'joining', attempt: 2 });
    expect(peers[0]?.closed).toBe(true);
  });

  it.each(['token-invalid', 'token-expired', 'forbidden', 'full', 'no-common-codec'])('does not insist after %s', async (code) => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', { type: 'error', code, message: '' });
    await settle();
    expect(client.state).toMatchObject({ phase: 'over', over: code });
    await env.pass(60_000);
    expect(env.sockets.length).toBe(1);
    expect(env.waiting).toBe(0);
    expect(peers.every(({ closed }) => closed)).toBe(true);
  });

  it('stops when the seat is opened elsewhere, and returns when asked', async () => {
    client.join();
    await letIn();
    env.socket.say({ type: 'closed', code: 'replaced', message: '' });
    env.socket.die(1000);
    await env.pass(60_000);
    expect(client.state).toMatchObject({ phase: 'over', over: 'replaced' });
    expect(env.sockets.length).toBe(1);
    client.join();
    await letIn();
    expect(client.state.phase).toBe('in');
  });

  it('is not moved by what an older try still says', async () => {
    client.join();
    await letIn();
    const [old] = env.sockets;
    env.socket.die();
    client.retryNow();
    await letIn();
    old?.say({ type: 'closed', code: 'replaced', message: '' });
    peers[0]?.events.lost();
    expect(client.state.phase).toBe('in');
  });

  it('leaves with a word, and is over at once', async () => {
    client.join();
    await letIn();
    const { socket } = env;
    client.leave();
    expect(client.state).toMatchObject({ phase: 'over', over: 'left' });
    expect(types()).toContain('leave');
    expect(socket.closed).toBe(false);
    expect(peers[0]?.closed).toBe(false);
    socket.answer('leave', { type: 'ok' });
    await settle();
    expect(socket.closed).toBe(true);
    expect(peers[0]?.closed).toBe(true);
    await env.pass(60_000);
    expect(env.sockets.length).toBe(1);
    expect(env.waiting).toBe(0);
  });

  it('leaves while it is reconnecting', async () => {
    client.join();
    await letIn();
    env.socket.die();
    client.leave();
    await env.pass(60_000);
    expect(env.sockets.length).toBe(1);
    expect(client.state.phase).toBe('over');
    expect(peers.every(({ closed }) => closed)).toBe(true);
  });

  it('lets go when the bridge does not answer its leaving', async () => {
    client.join();
    await letIn();
    client.leave();
    await env.pass(2000);
    expect(env.socket.closed).toBe(true);
    expect(peers[0]?.closed).toBe(true);
    expect(env.waiting).toBe(0);
  });

  it('records, and tells a refusal', async () => {
    client.join();
    await letIn();
    const recorded = client.record(true);
    env.socket.answer('record', { type: 'ok' });
    env.socket.say({ type: 'recording', on: true });
    await recorded;
    expect(client.state).toMatchObject({ recording: true, recordingError: null });
    const refused = client.record(false);
    env.socket.answer('record', { type: 'error', code: 'forbidden', message: '' });
    await refused;
    expect(client.state).toMatchObject({ recording: true, recordingError: { code: 'forbidden' } });
  });

  it('sends the picture that is wanted, and with each new connection none until told', async () => {
    const small = { width: 320, height: 180, fps: 25, kbps: 150 };
    const none = { width: 0, height: 0, fps: 0, kbps: 0 };
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', JOINED);
    env.socket.say({ type: 'picture', ...small }); // before the answer to the offer
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await settle();
    peers[0]?.events.connected();
    env.socket.say({ type: 'picture', ...none });
    expect(peers[0]?.pictures).toEqual([small, none]);
    env.socket.die();
    client.retryNow();
    await letIn();
    expect(peers[1]?.pictures).toEqual([]);
    env.socket.say({ type: 'picture', ...small });
    expect(peers[1]?.pictures).toEqual([small]);
    expect(peers[0]?.pictures.length).toBe(2);
  });
});

describe('the view', () => {
  const watches = () => env.socket.sent.filter(({ type }) => type === 'watch').map(({ v: _v, id: _id, ...rest }) => rest);
  const ok = async () => {
    env.socket.answer('watch', { type: 'ok' });
    await settle();
  };

  it('is the programme, without a word', async () => {
    client.join();
    await letIn();
    expect(watches()).toEqual([]);
    expect(client.state).toMatchObject({ view: 'programme', viewError: null });
  });

  it('is changed when the bridge has said so', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await settle();
    expect(client.state.view).toBe('programme');
    await ok();
    expect(client.state.view).toBe('wall');
    void client.watch('programme', 360);
    await ok();
    expect(client.state.view).toBe('programme');
    expect(watches()).toEqual([
      { type: 'watch', view: 'wall' },
      { type: 'watch', view: 'programme', height: 360 },
    ]);
  });

  it('is asked for again after a loss', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await ok();
    env.socket.die();
    expect(client.state.view).toBe('wall');
    client.retryNow();
    await letIn();
    expect(watches()).toEqual([{ type: 'watch', view: 'wall' }]);
    await ok();
    expect(client.state).toMatchObject({ view: 'wall', viewError: null });
  });

  it('is asked for by the next connection where there is none, or it ends before the answer', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await settle();
    env.socket.die();
    await settle();
    expect(client.state).toMatchObject({ view: 'programme', viewError: null });
    void client.watch('wall', 720);
    client.retryNow();
    await letIn();
    await ok();
    expect(watches()).toEqual([{ type: 'watch', view: 'wall', height: 720 }]);
    expect(client.state.view).toBe('wall');
  });

  it('stays, with a reason, where it is refused', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    env.socket.answer('watch', { type: 'error', code: 'forbidden', message: '' });
    await settle();
    expect(client.state).toMatchObject({ phase: 'in', view: 'programme', viewError: { code: 'forbidden' } });
    env.socket.die();
    client.retryNow();
    await letIn();
    expect(watches()).toEqual([]);
  });

  it('is the programme again where the wall is refused after a loss', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await ok();
    env.socket.die();
    client.retryNow();
    await letIn();
    env.socket.answer('watch', { type: 'error', code: 'forbidden', message: '' });
    await settle();
    expect(client.state).toMatchObject({ phase: 'in', view: 'programme', viewError: { code: 'forbidden' } });
  });

  it('stays the wall where the way back fails, also after a loss', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await ok();
    void client.watch('programme');
    env.socket.answer('watch', { type: 'error', code: 'internal', message: '' });
    await settle();
    expect(client.state).toMatchObject({ view: 'wall', viewError: { code: 'internal' } });
    env.socket.die();
    client.retryNow();
    await letIn();
    expect(watches()).toEqual([{ type: 'watch', view: 'wall' }]);
  });

  it('follows the newest wish', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    void client.watch('programme');
    const [first, second] = env.socket.sent.filter(({ type }) => type === 'watch');
    env.socket.say({ type: 'ok', id: first?.id });
    env.socket.say({ type: 'ok', id: second?.id });
    await settle();
    expect(client.state.view).toBe('programme');
  });

  it('is small for a small screen, which is no trouble if it cannot be', async () => {
    height = 360;
    client.join();
    await letIn();
    expect(watches()).toEqual([{ type: 'watch', view: 'programme', height: 360 }]);
    env.socket.answer('watch', { type: 'error', code: 'unknown-type', message: '' });
    await settle();
    expect(client.state).toMatchObject({ view: 'programme', viewError: null });
    void client.watch('wall');
    await ok();
    void client.watch('programme');
    expect(watches().slice(1)).toEqual([
      { type: 'watch', view: 'wall' },
      { type: 'watch', view: 'programme', height: 360 },
    ]);
  });

  it('is the programme for whoever joins again', async () => {
    client.join();
    await letIn();
    void client.watch('wall');
    await ok();
    client.leave();
    client.join();
    await letIn();
    expect(watches()).toEqual([]);
    expect(client.state.view).toBe('programme');
  });
});

describe('the door', () => {
  const make = (more: object) =>
    (client = new MeetingClient<FakePeer>({
      env,
      url: 'wss://bridge/ws',
      token: 'TOKEN',
      makePeer: (events) => {
        const peer = new FakePeer(peers.length + 1, events);
        peers.push(peer);
        return peer;
      },
      media: () => media,
      onState: (state) => states.push(state),
      onPeer: (peer) => played.push(peer),
      ...more,
    }));
  const lastJoin = () => env.socket.last('join') as unknown as Record<string, unknown>;

  it('waits in the lobby as long as it takes, then goes in', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', { type: 'waiting' });
    await settle();
    expect(client.state.phase).toBe('waiting');
    await env.pass(600_000);
    expect(client.state.phase).toBe('waiting');
    expect(env.sockets.length).toBe(1);
    env.socket.answer('join', JOINED);
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await settle();
    peers[0]?.events.connected();
    expect(client.state.phase).toBe('in');
  });

  it('misses an answer again once it is in', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', { type: 'waiting' });
    env.socket.answer('join', JOINED);
    await env.pass(8000); // the offer is not answered
    expect(client.state).toMatchObject({ phase: 'joining', attempt: 2 });
  });

  it('is refused for good', async () => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', { type: 'waiting' });
    env.socket.say({ type: 'closed', code: 'refused', message: '' });
    await env.pass(60_000);
    expect(client.state).toMatchObject({ phase: 'over', over: 'refused' });
    expect(env.sockets.length).toBe(1);
  });

  it.each(['occupied', 'ended', 'refused', 'not-found'])('gives up after %s', async (code) => {
    client.join();
    env.socket.open();
    await settle();
    env.socket.answer('join', { type: 'error', code, message: '' });
    await env.pass(60_000);
    expect(client.state).toMatchObject({ phase: 'over', over: code });
    expect(env.sockets.length).toBe(1);
  });

  it('says which page it is, and replaces only when a person wants it, until it is in', async () => {
    make({ client: 'page-1', meeting: 'giao-ban' });
    client.join();
    env.socket.open();
    await settle();
    expect(lastJoin()).toMatchObject({ client: 'page-1', meeting: 'giao-ban' });
    expect('replace' in lastJoin()).toBe(false);
    env.socket.answer('join', { type: 'error', code: 'occupied', message: '' });
    await settle();
    client.join({ replace: true });
    env.socket.open();
    await settle();
    expect(lastJoin()).toMatchObject({ replace: true });
    env.socket.die(); // before it was answered
    await env.pass(2000);
    env.socket.open();
    await settle();
    expect(lastJoin()).toMatchObject({ replace: true });
    await letIn();
    const joined = env.socket;
    joined.die();
    await env.pass(2000);
    expect(env.socket).not.toBe(joined);
    env.socket.open();
    await settle();
    expect('replace' in lastJoin()).toBe(false);
  });

  it('as a screen says nothing of devices, and watches what it is for', async () => {
    make({ screen: 'wall', programmeHeight: () => 360 });
    client.join();
    env.socket.open();
    await settle();
    expect(lastJoin()).toEqual({ v: 1, id: 1, type: 'join', token: 'TOKEN', screen: 'wall' });
    await letIn();
    expect(env.socket.last('watch')).toBeUndefined();
  });

  it('tells the consent where the seat has another', async () => {
    let consent = true;
    make({ consent: () => consent });
    client.join();
    env.socket.open();
    await settle();
    const own = { id: 's', name: 'S', role: 'site', present: true, lost: false, mic: true, camera: true, floor: false, silenced: false, consent: false };
    env.socket.answer('join', { ...JOINED, sites: [own] });
    env.socket.answer('offer', { type: 'answer', sdp: 'answer' });
    await settle();
    expect(env.socket.last('consent')).toMatchObject({ on: true });
    peers[0]?.events.connected();
    consent = false;
    client.consentChanged();
    expect(env.socket.last('consent')).toMatchObject({ on: false });
  });

  it('gives commands, and tells which was not obeyed', async () => {
    expect(await client.command({ type: 'take' })).toBe('connection-lost');
    client.join();
    await letIn();
    const taken = client.command({ type: 'take' });
    env.socket.answer('take', { type: 'ok' });
    expect(await taken).toBeNull();
    const refused = client.command({ type: 'end' });
    env.socket.answer('end', { type: 'error', code: 'forbidden', message: '' });
    expect(await refused).toBe('forbidden');
    expect(client.state.commandError).toEqual({ type: 'end', code: 'forbidden' });
  });
});
