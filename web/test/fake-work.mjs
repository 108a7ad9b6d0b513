// The meeting's work for the fake bridge, by the rules of docs/protocol.md: chat, votes, roll call and its spoken
// tour, agenda, documents, presentation and side room. No sockets here.

const DESK = ['chair', 'secretary', 'operator'];
const VOICES = ['chair', 'secretary', 'site'];
const ALL = [...VOICES, 'operator', 'observer'];
const STATUSES = ['uncalled', 'present', 'no-picture', 'no-sound', 'lost', 'absent', 'excused'];
const KEPT = 300;
const ID = /^[A-Za-z0-9._-]{1,64}$/;

const isFlag = (value) => typeof value === 'boolean';
const isId = (value) => typeof value === 'string' && ID.test(value);
const isText = (min, max) => (value) => typeof value === 'string' && [...value].length <= max && [...value].length >= min;
const isCount = (min, max) => (value) => Number.isInteger(value) && value >= min && value <= max;
const isList = (min, max, check) => (value) => Array.isArray(value) && value.length >= min && value.length <= max && value.every(check);
const maybe = (check) => (value) => value === undefined || check(value);
const isItem = (value) => typeof value === 'object' && value !== null && isText(1, 200)(value.title) && isCount(0, 1440)(value.minutes) && isText(0, 128)(value.who);

/** The members of each command; one that is wrong is a bad-message. */
export const WORK_FORMS = {
  chat: { to: (value) => value === 'all' || value === 'desk', text: isText(1, 500) },
  'chat-open': { on: isFlag },
  announce: { text: isText(0, 200), to: maybe(isList(0, 256, isId)) },
  'vote-open': { question: isText(1, 200), choices: isList(2, 10, isText(1, 80)), voters: maybe(isList(1, 5000, isId)), secret: isFlag, quorum: isCount(0, 100), seconds: isCount(0, 86_400) },
  vote: { vote: isCount(1, 50), choice: isCount(0, 9) },
  'vote-close': {},
  'vote-show': { vote: isCount(1, 50), on: isFlag },
  'roll-open': {},
  'roll-close': {},
  'roll-mark': { site: isId, status: (value) => STATUSES.includes(value), reason: maybe(isText(0, 200)) },
  calls: { do: (value) => ['start', 'pause', 'resume', 'next', 'back', 'stop'].includes(value), patience: maybe(isCount(2, 60)) },
  agenda: { items: isList(0, 50, isItem) },
  'agenda-at': { item: isCount(-1, 49) },
  'document-show': { document: (value) => value === '' || isId(value), page: maybe(isCount(1, 10_000)) },
  'document-remove': { document: isId },
  'let-present': { site: isId, on: isFlag },
  present: { on: isFlag },
  aside: { site: isId, on: isFlag },
};

/** Those that are not the desk's. */
export const WORK_RIGHTS = { chat: ALL, vote: VOICES, present: VOICES, 'document-show': [...VOICES, 'operator'] };

export class FakeWork {
  chatOpen = true;
  lines = [];
  announcement = null;
  votes = [];
  roll = { open: false, since: 0, marks: new Map(), hasCalls: false };
  calls = null;
  called = [];
  agenda = { items: [], at: -1, since: 0 };
  documents = [];
  shown = null;
  presenter = null;
  may = new Set();
  aside = new Set();

  constructor(room) {
    this.room = room;
  }

  get open() {
    return this.votes.find(({ open }) => open) ?? null;
  }

  /** Who is on the list or there, but for operators. */
  sites() {
    const seats = [...this.room.seats.values()].filter(({ role }) => role !== 'operator').map(({ id }) => id);
    return [...new Set([...this.room.invited, ...seats])];
  }

  // --- what is told -----------------------------------------------------------------------------

  vote(vote) {
    const { number, question, choices, secret, quorum, until, open, shown, voters, cast } = vote;
    const counts = open ? null : vote.counts;
    const quorate = open ? null : cast.size * 100 >= quorum * voters.size;
    return { number, question, choices, secret, quorum, until, open, voted: cast.size, entitled: voters.size, counts, quorate, shown };
  }

  work() {
    const { chatOpen, announcement, agenda, documents, shown, presenter, may, calls, aside } = this;
    const vote = this.votes.at(-1);
    return {
      chatOpen,
      announcement,
      vote: vote ? this.vote(vote) : null,
      agenda,
      documents: documents.map(({ id, title, kind, bytes, pages }) => ({ id, title, kind, bytes, pages })),
      document: shown,
      presenter,
      mayPresent: [...may].sort(),
      called: calls?.site ?? null,
      aside: [...aside].sort(),
    };
  }

  deskWork() {
    const { roll, calls } = this;
    const marks = [...roll.marks].map(([site, mark]) => ({ site, ...mark }));
    const done = new Set(this.called);
    const left = marks.filter(({ site, status }) => status === 'uncalled' && !done.has(site)).length;
    return {
      roll: { open: roll.open, since: roll.since, marks, tour: calls && { on: true, ...calls, done: done.size, left } },
      votes: this.votes.map((vote) => ({ ...this.vote(vote), cast: [...vote.cast].map(([site, choice]) => ({ site, choice: vote.secret ? -1 : choice })) })),
      aside: [...this.aside].sort(),
    };
  }

  /** The lines after number `n` that a seat may read, the last `max`. */
  said(seat, n = 0, max = KEPT) {
    const reads = ({ to, site }) => to === 'all' || DESK.includes(seat.role) || site === seat.id;
    return { lines: this.lines.filter((line) => line.n > n && reads(line)).slice(-max) };
  }

  ballot(site) {
    const vote = this.votes.at(-1);
    return { vote: vote?.number ?? 0, entitled: vote?.voters.has(site) ?? false, voted: vote?.cast.has(site) ?? false };
  }

  // --- what goes on by itself -------------------------------------------------------------------

  measure(site) {
    const seat = this.room.seats.get(site);
    if (!seat) return 'absent';
    if (seat.lost) return 'lost';
    if (VOICES.includes(seat.role) && !seat.mic) return 'no-sound';
    return VOICES.includes(seat.role) && !seat.camera ? 'no-picture' : 'present';
  }

  /** Once sites are called up, who is there has to be called. */
  measured(site, calls) {
    return calls && this.callable(site) ? 'uncalled' : this.measure(site);
  }

  callable(site) {
    const seat = this.room.seats.get(site);
    return seat !== undefined && !seat.lost && seat.role === 'site';
  }

  mark(site, status, reason = '', byHand = false) {
    this.roll.marks.set(site, { status, reason, byHand, at: Date.now() });
  }

  tick(events) {
    if (this.open?.until && Date.now() >= this.open.until) this['do vote-close']({}, null, events);
    if (this.presenter !== null && !this.room.seats.get(this.presenter)?.present) this.presenter = null;
    if (!this.roll.open) return;
    for (const site of this.sites()) {
      const mark = this.roll.marks.get(site);
      const status = this.measured(site, this.roll.hasCalls);
      if (mark?.byHand || mark?.status === status || (mark && this.called.includes(site))) continue;
      this.mark(site, status);
    }
  }

  /** Whoever is called has answered, or its time is up. */
  answer(spoken) {
    this.next(spoken);
  }

  next(spoken, byHand = false) {
    const { site } = this.calls;
    const seat = this.room.seats.get(site);
    if ((!byHand || spoken) && !this.roll.marks.get(site)?.byHand) {
      const there = spoken ? (seat?.camera ? 'present' : 'no-picture') : 'no-sound';
      this.mark(site, !seat ? 'absent' : seat.lost ? 'lost' : there);
    }
    const next = this.sites().find((one) => this.callable(one) && !this.aside.has(one) && !this.called.includes(one) && !this.roll.marks.get(one)?.byHand);
    if (next) this.call(next);
    else this.endCalls();
  }

  call(site) {
    this.called.push(site);
    this.calls.site = site;
    this.room['do floor']({ site, on: true });
  }

  endCalls() {
    if (this.room.floor?.site === this.calls.site) this.room['do floor']({ site: this.calls.site, on: false });
    this.calls = null;
    if (this.room.before && this.room.programme.layout === 'single') this.room['do undo']();
  }

  /** Somebody at the desk gives or takes the floor: the tour waits. */
  floorByHand() {
    if (this.calls) this.calls.paused = true;
  }

  // --- commands ---------------------------------------------------------------------------------

  'do chat'({ to, text }, actor) {
    if (to === 'all' && !this.chatOpen && !DESK.includes(actor.role)) return 'forbidden';
    this.lines.push({ n: (this.lines.at(-1)?.n ?? 0) + 1, at: Date.now(), site: actor.id, name: actor.name, to, text });
  }

  'do chat-open'({ on }) {
    this.chatOpen = on;
  }

  'do announce'({ text, to = [] }) {
    this.announcement = text ? { text, at: Date.now(), to } : null;
  }

  'do vote-open'({ question, choices, voters, secret, quorum, seconds }, _, events) {
    if (this.open) return 'conflict';
    if (this.votes.length >= 50) return 'full';
    const voices = () => this.sites().filter((site) => VOICES.includes(this.room.seats.get(site)?.role ?? 'site'));
    const until = seconds ? Date.now() + seconds * 1000 : 0;
    this.votes.push({ number: this.votes.length + 1, question, choices, secret, quorum, until, open: true, shown: false, voters: new Set(voters ?? voices()), cast: new Map(), counts: null });
    events.push({ ballots: true });
  }

  'do vote'({ vote, choice }, actor, events) {
    const { open } = this;
    if (open?.number !== vote) return 'not-found';
    if (!open.voters.has(actor.id)) return 'forbidden';
    if (open.cast.has(actor.id)) return 'conflict';
    if (choice >= open.choices.length) return 'bad-message';
    open.cast.set(actor.id, choice);
    events.push({ ballot: actor.id });
  }

  'do vote-close'() {
    const { open } = this;
    if (!open) return 'not-found';
    open.open = false;
    open.counts = open.choices.map((_, index) => [...open.cast.values()].filter((choice) => choice === index).length);
  }

  'do vote-show'({ vote, on }) {
    const found = this.votes.find(({ number, open }) => number === vote && !open);
    if (!found) return 'not-found';
    for (const one of this.votes) one.shown = one === found && on;
  }

  'do roll-open'() {
    if (this.roll.open) return;
    this.roll = { open: true, since: Date.now(), marks: new Map(), hasCalls: false };
    this.called = [];
    for (const site of this.sites()) this.mark(site, this.measure(site));
  }

  'do roll-close'() {
    if (!this.roll.open) return 'not-found';
    if (this.calls) this.endCalls();
    this.roll.open = false;
  }

  'do roll-mark'({ site, status, reason = '' }) {
    if (!this.roll.open || !this.roll.marks.has(site)) return 'not-found';
    this.mark(site, status, reason, true);
  }

  'do calls'({ do: verb, patience = 8 }) {
    if (verb === 'start') {
      if (this.calls) return 'conflict';
      if (!this.roll.open) this['do roll-open']();
      const callable = this.sites().filter((site) => this.callable(site) && !this.roll.marks.get(site)?.byHand);
      const first = callable.find((site) => !this.aside.has(site));
      if (!first) return 'not-found';
      this.calls = { paused: false, site: '', patience };
      this.called = [];
      this.roll.hasCalls = true;
      for (const site of callable) this.mark(site, 'uncalled');
      this.room['do show']({ scene: { layout: 'single', panes: ['floor'] } });
      return this.call(first);
    }
    if (!this.calls) return 'not-found';
    if (verb === 'pause') this.calls.paused = true;
    if (verb === 'resume') {
      this.calls.paused = false;
      this.call(this.calls.site);
    }
    if (verb === 'next') this.next(false, true);
    if (verb === 'stop') this.endCalls();
    if (verb !== 'back') return null;
    const before = this.called.at(-2);
    if (before === undefined || !this.callable(before)) return 'not-found';
    return this.call(before);
  }

  'do agenda'({ items }) {
    this.agenda = { items, at: -1, since: 0 };
  }

  'do agenda-at'({ item }) {
    if (item >= this.agenda.items.length) return 'not-found';
    this.agenda = { ...this.agenda, at: item, since: item < 0 ? 0 : Date.now() };
  }

  'do document-show'({ document, page }, actor) {
    const found = this.documents.find(({ id }) => id === document);
    const turns = (this.room.floor?.site === actor.id || this.presenter === actor.id) && found && this.shown?.id === document;
    if (!DESK.includes(actor.role) && !turns) return 'forbidden';
    if (document && (!found || page === undefined || page > found.pages)) return 'not-found';
    this.shown = found ? { id: document, page } : null;
  }

  'do document-remove'({ document }) {
    if (!this.documents.some(({ id }) => id === document)) return 'not-found';
    this.documents = this.documents.filter(({ id }) => id !== document);
    if (this.shown?.id === document) this.shown = null;
  }

  'do let-present'(message) {
    const seat = this.room.about(message);
    if (!seat) return 'not-found';
    if (!VOICES.includes(seat.role)) return 'forbidden';
    if (message.on) this.may.add(seat.id);
    else this.may.delete(seat.id);
    if (!message.on && this.presenter === seat.id) this.presenter = null;
  }

  'do present'({ on }, actor) {
    if (!on) {
      if (this.presenter === actor.id) this.presenter = null;
      return null;
    }
    if (!['chair', 'secretary'].includes(actor.role) && !this.may.has(actor.id)) return 'forbidden';
    this.presenter = actor.id;
  }

  'do aside'(message) {
    const seat = this.room.about(message);
    if (!seat) return 'not-found';
    if (message.on && !['site', 'secretary'].includes(seat.role)) return 'forbidden';
    if (message.on && this.room.floor?.site === seat.id) this.room['do floor']({ site: seat.id, on: false });
    if (message.on && this.presenter === seat.id) this.presenter = null;
    if (message.on) this.aside.add(seat.id);
    else this.aside.delete(seat.id);
  }
}
