// The state of one meeting for the fake bridge, by the rules of docs/protocol.md: who may do what, and what
// it changes. No sockets here.

import { FakeWork, WORK_FORMS, WORK_RIGHTS } from './fake-work.mjs';

const DESK = ['chair', 'secretary', 'operator'];
const VOICES = ['chair', 'secretary', 'site'];
const RIGHTS = { hand: ['site', 'secretary'], consent: VOICES, role: ['chair'], 'hand-over': ['chair'], end: ['chair'] };
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const LAYOUT = /^[A-Za-z0-9+._-]{1,32}$/;
const PANE = /^(auto|loudest(:[0-9]{1,4})?|previous|floor|chair|site:[A-Za-z0-9._-]{1,64}|roll:[0-9]{1,4}|nothing)$/;

export const hasDesk = (role) => DESK.includes(role);
export const hasVoice = (role) => VOICES.includes(role);

const isFlag = (value) => typeof value === 'boolean';
const isId = (value) => typeof value === 'string' && ID.test(value);
const isText = (max) => (value) => typeof value === 'string' && [...value].length <= max;
const isName = (value) => isText(64)(value) && value !== '';
const isCount = (max) => (value) => Number.isInteger(value) && value >= 0 && value <= max;
const maybe = (check) => (value) => value === undefined || check(value);
const isScene = (value) =>
  typeof value === 'object' &&
  value !== null &&
  LAYOUT.test(value.layout) &&
  [value.letterbox, value.labels, value.border].every(maybe(isFlag)) &&
  maybe((panes) => Array.isArray(panes) && panes.length <= 64 && panes.every((pane) => PANE.test(pane)))(value.panes);

/** The members of each command; one that is wrong is a bad-message. */
const FORMS = {
  hand: { on: isFlag },
  consent: { on: isFlag },
  lower: { site: isId },
  queue: { site: isId, to: isCount(5000) },
  floor: { site: isId, on: isFlag, seconds: maybe(isCount(86_400)) },
  policy: { mic: (value) => ['open', 'permission', 'chair'].includes(value), selfUnmute: maybe(isFlag) },
  silence: { site: isId, on: isFlag },
  'silence-all': { on: isFlag, except: maybe((list) => Array.isArray(list) && list.length <= 256 && list.every(isId)) },
  show: { scene: isScene },
  preview: { scene: isScene },
  take: {},
  undo: {},
  'scene-save': { name: isName, scene: maybe(isScene) },
  'scene-drop': { name: isName },
  'layout-lock': { on: isFlag },
  banner: { text: isText(200) },
  tour: { seconds: (value) => value === 0 || (isCount(3600)(value) && value >= 2) },
  lock: { on: isFlag },
  admit: { site: isId, on: isFlag },
  remove: { site: isId, keepOut: isFlag },
  'let-in': { site: isId },
  record: { on: isFlag },
  role: { site: isId, role: (value) => ['secretary', 'operator', 'site', 'observer', 'chair'].includes(value) },
  'hand-over': { site: isId },
  end: {},
};

export const isCommand = (type) => Object.hasOwn(FORMS, type) || Object.hasOwn(WORK_FORMS, type);
const full = (scene) => ({
  layout: scene.layout,
  letterbox: scene.letterbox === true,
  labels: scene.labels !== false,
  border: scene.border !== false,
  panes: scene.panes ?? [],
});
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class FakeRoom {
  seats = new Map();
  work = new FakeWork(this);
  policy = 'open';
  selfUnmute = true;
  locked = false;
  banner = '';
  floor = null;
  queue = [];
  tour = 0;
  programme = full({ layout: '1+7', panes: [] });
  preview = null;
  before = null;
  layoutLocked = false;
  scenes = [];
  lobby = [];
  keptOut = new Set();
  admitted = new Set();
  recording = false;
  /** Ids that are invited; empty: whoever comes. */
  invited = new Set();

  /** `layouts`: name → number of panes. */
  constructor(layouts) {
    this.layouts = layouts;
  }

  add(id, name, role, more = {}) {
    const seat = { id, name, role, present: true, lost: false, mic: true, camera: true, consent: false, muted: false, maySpeak: false, ...more };
    this.seats.set(id, seat);
    return seat;
  }

  drop(id) {
    this.seats.delete(id);
    this.queue = this.queue.filter(({ site }) => site !== id);
    if (this.floor?.site === id) this.floor = null;
  }

  silenced(seat) {
    if (!hasVoice(seat.role)) return false;
    const shut = this.policy === 'open' ? [] : this.policy === 'permission' ? ['site'] : ['site', 'secretary'];
    return seat.muted || (shut.includes(seat.role) && this.floor?.site !== seat.id && !seat.maySpeak);
  }

  site(seat) {
    const { id, name, role, present, lost, mic, camera, consent } = seat;
    return { id, name, role, present, lost, mic, camera, floor: this.floor?.site === id, silenced: this.silenced(seat), consent };
  }

  sites() {
    return [...this.seats.values()].map((seat) => this.site(seat));
  }

  get chair() {
    return [...this.seats.values()].find(({ role }) => role === 'chair') ?? null;
  }

  state() {
    const { policy, selfUnmute, locked, banner, floor, queue, tour } = this;
    return { policy, selfUnmute, locked, banner, chair: this.chair?.id ?? null, floor, queue, tour };
  }

  desk() {
    const { programme, preview, layoutLocked, scenes, lobby } = this;
    const n = this.layouts.get(programme.layout) ?? 0;
    const voices = [...this.seats.values()].filter(({ role }) => hasVoice(role));
    const shown = Array.from({ length: n }, (_, index) => {
      const [kind, site] = (programme.panes[index] ?? 'auto').split(':');
      return kind === 'site' ? site : kind === 'floor' ? (this.floor?.site ?? '') : (voices[index]?.id ?? '');
    });
    return { programme, preview, canUndo: this.before !== null, layoutLocked, scenes, lobby, keptOut: [...this.keptOut], shown };
  }

  /** Whether a join has to wait, and its error. */
  door(site, role) {
    if (this.keptOut.has(site)) return 'refused';
    if (this.seats.has(site) || hasDesk(role) || this.admitted.has(site)) return null;
    return this.locked || (this.invited.size > 0 && !this.invited.has(site)) ? 'waiting' : null;
  }

  /** The site's own switches; taken back by them is the chair's word, where it may. */
  media(seat, { mic, camera }) {
    if (!hasVoice(seat.role)) return 'forbidden';
    if (mic !== undefined) seat.mic = mic;
    if (camera !== undefined) seat.camera = camera;
    const free = this.policy === 'open' && this.selfUnmute;
    const may = seat.role === 'chair' || (this.policy !== 'chair' && (free || seat.role === 'secretary'));
    if (mic && seat.muted && may) this.mute(seat, false);
    return null;
  }

  mute(seat, on) {
    seat.muted = on;
    seat.maySpeak = !on;
  }

  /** An error code, or null. `events`: what the bridge has to do besides. */
  obey(actor, message, events) {
    const work = Object.hasOwn(WORK_FORMS, message.type);
    const form = work ? WORK_FORMS[message.type] : FORMS[message.type];
    if (Object.entries(form).some(([name, check]) => !check(message[name]))) return 'bad-message';
    const own = message.type === 'floor' && !message.on && message.site === actor.id;
    const rights = work ? WORK_RIGHTS : RIGHTS;
    if (!own && !(rights[message.type] ?? DESK).includes(actor.role)) return 'forbidden';
    if (work) return this.work[`do ${message.type}`](message, actor, events) ?? null;
    if (message.type === 'floor') this.work.floorByHand();
    return this[`do ${message.type}`](message, actor, events) ?? null;
  }

  about({ site }) {
    return this.seats.get(site) ?? null;
  }

  'do hand'({ on }, actor) {
    if (!on) this.queue = this.queue.filter(({ site }) => site !== actor.id);
    if (on && this.floor?.site !== actor.id && !this.queue.some(({ site }) => site === actor.id)) {
      this.queue = [...this.queue, { site: actor.id, since: Date.now() }];
    }
  }

  'do consent'({ on }, actor) {
    actor.consent = on;
  }

  'do lower'(message) {
    if (!this.about(message)) return 'not-found';
    this.queue = this.queue.filter(({ site }) => site !== message.site);
  }

  'do queue'({ site, to }) {
    const hand = this.queue.find((one) => one.site === site);
    if (!hand) return 'not-found';
    this.queue = this.queue.filter((one) => one !== hand);
    this.queue.splice(to, 0, hand);
  }

  'do floor'(message) {
    const seat = this.about(message);
    if (!seat) return 'not-found';
    if (!message.on) {
      if (this.floor?.site === seat.id) {
        this.floor = null;
        seat.maySpeak = false;
      }
      return null;
    }
    if (!hasVoice(seat.role)) return 'forbidden';
    if (this.floor) this.seats.get(this.floor.site).maySpeak = false;
    this.queue = this.queue.filter(({ site }) => site !== seat.id);
    seat.muted = false;
    this.floor = { site: seat.id, since: Date.now(), limit: message.seconds ?? 0 };
  }

  'do policy'({ mic, selfUnmute = true }) {
    Object.assign(this, { policy: mic, selfUnmute });
    for (const seat of this.seats.values()) seat.maySpeak = false;
  }

  'do silence'(message) {
    const seat = this.about(message);
    if (!seat) return 'not-found';
    if (!hasVoice(seat.role)) return 'forbidden';
    if (message.on ? !seat.muted : this.silenced(seat)) this.mute(seat, message.on);
  }

  'do silence-all'({ on, except = [] }) {
    for (const seat of this.seats.values()) {
      if (seat.role !== 'chair' && this.floor?.site !== seat.id && !except.includes(seat.id)) this.mute(seat, on);
    }
  }

  'do show'({ scene }) {
    if (!this.layouts.has(scene.layout)) return 'not-found';
    const next = full(scene);
    if (same(next, this.programme)) return null;
    this.before = this.programme;
    this.programme = next;
  }

  'do preview'({ scene }) {
    if (!this.layouts.has(scene.layout)) return 'not-found';
    this.preview = full(scene);
  }

  'do take'() {
    return this.preview ? this['do show']({ scene: this.preview }) : 'not-found';
  }

  'do undo'() {
    if (!this.before) return 'not-found';
    [this.programme, this.before] = [this.before, this.programme];
  }

  'do scene-save'({ name, scene = this.preview }) {
    if (!scene || !this.layouts.has(scene.layout)) return 'not-found';
    const at = this.scenes.findIndex((one) => one.name === name);
    if (at < 0 && this.scenes.length >= 20) return 'full';
    const saved = { name, scene: full(scene) };
    this.scenes = at < 0 ? [...this.scenes, saved] : this.scenes.map((one, index) => (index === at ? saved : one));
  }

  'do scene-drop'({ name }) {
    if (!this.scenes.some((one) => one.name === name)) return 'not-found';
    this.scenes = this.scenes.filter((one) => one.name !== name);
  }

  'do layout-lock'({ on }) {
    this.layoutLocked = on;
  }

  'do banner'({ text }) {
    this.banner = text;
  }

  'do tour'({ seconds }) {
    this.tour = seconds;
  }

  'do lock'({ on }) {
    this.locked = on;
  }

  'do admit'({ site, on }, _, events) {
    if (!this.lobby.some((one) => one.site === site)) return 'not-found';
    this.lobby = this.lobby.filter((one) => one.site !== site);
    if (on) this.admitted.add(site);
    events.push({ admit: site, on });
  }

  'do remove'(message, _, events) {
    const seat = this.about(message);
    if (!seat) return 'not-found';
    if (seat.role === 'chair') return 'forbidden';
    this.drop(seat.id);
    if (message.keepOut) this.keptOut.add(seat.id);
    events.push({ close: seat.id, code: 'refused' });
  }

  'do let-in'({ site }) {
    return this.keptOut.delete(site) ? null : 'not-found';
  }

  'do record'({ on }, _, events) {
    this.recording = on;
    events.push({ recording: on });
  }

  'do role'(message, _, events) {
    const seat = this.about(message);
    if (!seat) return 'not-found';
    if (message.role === 'chair' || seat.role === 'chair') return 'forbidden';
    const voice = hasVoice(seat.role);
    seat.role = message.role;
    if (voice !== hasVoice(seat.role)) events.push({ close: seat.id, code: 'transport-failed', stays: true });
    else if (hasDesk(seat.role)) events.push({ welcome: seat.id });
  }

  'do hand-over'(message, actor, events) {
    const seat = this.about(message);
    if (!seat) return 'not-found';
    if (seat.lost || !hasVoice(seat.role)) return 'forbidden';
    actor.role = 'secretary';
    seat.role = 'chair';
    this.queue = this.queue.filter(({ site }) => site !== seat.id);
    events.push({ welcome: seat.id });
  }

  'do end'(_, __, events) {
    this.ended = true;
    events.push({ end: true });
  }
}
