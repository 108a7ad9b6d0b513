// The figures of minutes, counted anew from the rows of a log: { seq, time_us, type, ...payload }. Written from what the
// events mean (mcu/room/event.h) and not from how the bridge folds them, so that the two can be compared.

const ms = (us) => (us ? Math.trunc(us / 1000) : null);
const sum = (list) => list.reduce((a, b) => a + b, 0);

function foldAttendance(rows, end) {
  const seats = new Map();
  const of = (site) => seats.get(site) ?? seats.set(site, { invited: false, spans: [], since: 0 }).get(site);
  const go = (seat, at) => {
    if (seat.since) seat.spans.push([seat.since, at]);
    seat.since = 0;
  };
  for (const { type, site, time_us } of rows) {
    if (type === 'invited' || type === 'uninvited') of(site).invited = type === 'invited';
    if (['seat-added', 'seat-back', 'seat-replaced'].includes(type)) of(site).since ||= time_us;
    if (['seat-lost', 'seat-removed'].includes(type)) go(of(site), time_us);
  }
  const here = new Set([...seats].filter(([, { since }]) => since).map(([site]) => site));
  for (const seat of seats.values()) go(seat, end);
  const hasList = [...seats.values()].some(({ invited }) => invited);
  return [...seats]
    .filter(([, { invited, spans }]) => invited || spans.length > 0)
    .map(([site, { invited, spans }]) => ({
      site,
      invited,
      guest: hasList && !invited,
      present: spans.length > 0,
      here: here.has(site),
      first: ms(spans[0]?.[0]),
      last: ms(spans.at(-1)?.[1]),
      presentMs: ms(sum(spans.map(([from, to]) => to - from))) ?? 0,
      interruptions: Math.max(spans.length - 1, 0),
      spans: spans.map(([from, to]) => ({ from: ms(from), to: ms(to) })),
    }));
}

function foldTurns(rows, end) {
  const turns = [];
  let open = null;
  const close = (at) => {
    if (open) open.to = at;
    open = null;
  };
  for (const { type, site, time_us } of rows) {
    if (type === 'floor-given' && open?.site !== site) {
      close(time_us);
      turns.push((open = { site, from: time_us, to: 0 }));
    }
    if (type === 'floor-taken' && open?.site === site) close(time_us);
  }
  close(end);
  const sites = [...new Set(turns.map(({ site }) => site))];
  const of = (one) => turns.filter(({ site }) => site === one);
  return {
    turns: turns.map(({ site, from, to }) => ({ site, began: ms(from), ended: ms(to) })),
    floor: sites.map((site) => ({ site, turns: of(site).length, totalMs: ms(sum(of(site).map(({ from, to }) => to - from))) ?? 0 })),
  };
}

function foldVotes(rows) {
  return rows
    .filter(({ type }) => type === 'vote-opened')
    .map(({ number, text, on: secret, count: quorum, limit: seconds, more, time_us }) => {
      const own = rows.filter((row) => row.type.startsWith('vote-') && row.number === number);
      const restarts = own.filter(({ type }) => type === 'vote-restarted');
      const cast = own.filter(({ type, seq }) => ['vote-cast', 'vote-used'].includes(type) && seq > (restarts.at(-1)?.seq ?? -1));
      const closed = own.find(({ type }) => type === 'vote-closed');
      const entitled = new Set(more.split(' ').filter(Boolean)).size;
      const named = text.split('\n').map((_, choice) => cast.filter((one) => one.count === choice).length);
      return {
        number,
        secret,
        quorum,
        seconds,
        rounds: 1 + restarts.length,
        opened: ms(time_us),
        closed: ms(closed?.time_us),
        entitled,
        voted: cast.length,
        quorate: 100 * cast.length >= quorum * entitled,
        counts: secret ? (closed ? closed.text.split(' ').map(Number) : null) : named,
        cast: secret ? [] : cast.map(({ site, count }) => ({ site, choice: count })),
      };
    });
}

const STATUSES = ['uncalled', 'present', 'no-picture', 'no-sound', 'lost', 'absent', 'excused'];

function foldRolls(rows) {
  const rolls = [];
  for (const { type, site, number, on, time_us } of rows) {
    if (type === 'roll-opened') rolls.push({ opened: ms(time_us), closed: null, marks: new Map() });
    if (type === 'roll-closed') rolls.at(-1).closed = ms(time_us);
    if (type === 'roll-marked') rolls.at(-1).marks.set(site, { site, status: STATUSES[number], byHand: on, at: ms(time_us) });
  }
  return rolls.map((roll) => ({ ...roll, marks: [...roll.marks.values()] }));
}

/** Times of an agenda's items, by their titles; no two are the same. */
function foldAgenda(rows, end) {
  let titles = [];
  let at = -1;
  const spans = new Map();
  const enter = (time) => titles[at] !== undefined && spans.set(titles[at], [...(spans.get(titles[at]) ?? []), [time, 0]]);
  const leave = (time) => {
    const last = spans.get(titles[at])?.at(-1);
    if (last && !last[1]) last[1] = time;
  };
  for (const { type, text, number, time_us } of rows) {
    if (type !== 'agenda-set' && type !== 'agenda-at') continue;
    leave(time_us);
    if (type === 'agenda-set') titles = text.split('\n').filter(Boolean).map((line) => line.split('\t')[1]);
    else at = number;
    enter(time_us);
  }
  leave(end);
  return [...titles, ...[...spans.keys()].filter((title) => !titles.includes(title))].map((title) => {
    const own = spans.get(title) ?? [];
    const began = ms(own[0]?.[0]);
    return { title, began, ended: ms(own.at(-1)?.[1]), totalMs: ms(sum(own.map(([from, to]) => to - from))) ?? 0, dropped: !titles.includes(title) };
  });
}

export function foldMinutes(rows) {
  const of = (...types) => rows.filter(({ type }) => types.includes(type));
  const end = (of('ended')[0] ?? rows.at(-1)).time_us;
  const attendance = foldAttendance(rows, end);
  const count = (what) => attendance.filter(what).length;
  return {
    meeting: {
      planned: of('made', 'planned').at(-1)?.number || null,
      began: ms(of('seat-added')[0]?.time_us),
      ended: ms(of('ended')[0]?.time_us),
      invited: count((a) => a.invited),
      present: count((a) => a.present),
      invitedPresent: count((a) => a.invited && a.present),
      guests: count((a) => a.guest),
    },
    attendance,
    ...foldTurns(rows, end),
    votes: foldVotes(rows),
    rolls: foldRolls(rows),
    agenda: foldAgenda(rows, end),
    chat: of('chat-said').filter(({ number }) => number === 0).map(({ site, time_us }) => ({ at: ms(time_us), site })),
    announcements: of('announced').filter(({ text }) => text).map(({ site, time_us, more }) => ({ at: ms(time_us), site, to: more })),
    documents: of('document-added').map(({ other: id, number: bytes, count: pages, more: sha256, time_us }) => ({
      id,
      bytes,
      pages,
      sha256,
      added: ms(time_us),
      removed: ms(of('document-removed').find(({ other }) => other === id)?.time_us),
      shown: ms(of('document-shown').find(({ other }) => other === id)?.time_us),
    })),
    events: rows.length,
  };
}
