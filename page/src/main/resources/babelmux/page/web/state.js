// All that the page knows, as a function of the events of the worker. Pure: the clock is a parameter.

const MAX_JOURNAL = 250;
const MAX_RTTS = 90;
const MAX_LOADS = 90;
const MAX_SPANS = 20;
/** Streams that a new connection has not told of after this time are gone. */
const STALE_MS = 4000;

export function initial() {
  return {
    connection: { kind: 'connecting', since: 0, tries: 0 },
    worker: null,
    loads: [],
    streams: new Map(),
    journal: new Map(),
    openedAt: 0,
    pruned: true,
  };
}

/**
 * The state after an event.
 *
 * @param event `{type, data}`: type is one of the worker's (stream, gone, worker, journal, reset) or of the connection's
 *   (open, lost) or `debug`, the journal of one stream as `GET /v1/streams/{id}/debug` has it
 * @param now milliseconds of this browser's clock
 */
export function reduce(state, event, now) {
  switch (event.type) {
    case 'stream':
      return withStream(state, event.data, now);
    case 'gone':
      return without(state, event.data.streamId);
    case 'worker':
      return prune({ ...state, worker: event.data, loads: [...state.loads, event.data.cpu].slice(-MAX_LOADS) }, now);
    case 'journal':
      return withJournal(state, event.data.streamId, [event.data]);
    case 'debug':
      return withJournal(state, event.data.streamId, event.data.events ?? []);
    case 'open':
      return { ...state, connection: { kind: 'open', since: now, tries: 0 }, openedAt: now, pruned: false };
    case 'lost':
      return {
        ...state,
        connection: {
          kind: 'lost',
          since: state.connection.kind === 'lost' ? state.connection.since : now,
          tries: state.connection.tries + 1,
        },
      };
    default:
      return state;
  }
}

function withStream(state, status, now) {
  const id = status.streamId;
  const before = state.streams.get(id);
  const same = before && before.status.startedAt === status.startedAt ? before : null;
  const streams = new Map(state.streams);
  streams.set(id, {
    status,
    at: now,
    rtts: rtts(same?.rtts ?? [], status.sts?.rttMs),
    spans: spans(same?.spans ?? [], status),
  });
  return { ...state, streams };
}

/** The last round trips: a number that comes again is taken for the same one. */
function rtts(list, ms) {
  return ms == null || list[list.length - 1] === ms ? list : [...list, ms].slice(-MAX_RTTS);
}

/** Output times between which a bypass held; the last one is open while it holds. */
function spans(list, status) {
  const bypass = status.bypass;
  if (!bypass || status.outputMs == null) return list;
  const last = list[list.length - 1];
  const open = last && last.toMs === null;
  if (bypass.active && !open) {
    return [...list, { fromMs: bypass.sinceMs ?? status.outputMs, toMs: null }].slice(-MAX_SPANS);
  }
  if (!bypass.active && open) {
    return [...list.slice(0, -1), { ...last, toMs: status.outputMs }];
  }
  return list;
}

function without(state, id) {
  const streams = new Map(state.streams);
  const journal = new Map(state.journal);
  streams.delete(id);
  journal.delete(id);
  return { ...state, streams, journal };
}

/** What a connection that came back did not tell of has gone meanwhile. */
function prune(state, now) {
  if (state.pruned || now - state.openedAt < STALE_MS) return state;
  let next = { ...state, pruned: true };
  for (const [id, stream] of state.streams) {
    if (stream.at < state.openedAt) next = without(next, id);
  }
  return next;
}

/** Newest last, each once: the debug report and the events of the connection overlap. */
function withJournal(state, id, events) {
  const known = state.journal.get(id) ?? [];
  const seen = new Set(known.map(key));
  const more = events.filter(event => !seen.has(key(event)));
  if (!more.length && state.journal.has(id)) return state;
  const journal = new Map(state.journal);
  journal.set(id, [...known, ...more].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-MAX_JOURNAL));
  return { ...state, journal };
}

function key(event) {
  return `${event.at} ${event.event} ${event.segment} ${event.detail}`;
}

/** Numbers of the segments whose answer came too late, by the journal. */
export function lateSegments(events) {
  return new Set((events ?? []).filter(event => event.event === 'answered_late').map(event => event.segment));
}

/** Streams in the order of the list: by id, those that are over last. */
export function ordered(streams) {
  const over = ({ status }) => (status.state === 'ENDED' || status.state === 'FAILED' ? 1 : 0);
  return [...streams.values()].sort(
    (a, b) => over(a) - over(b) || a.status.streamId.localeCompare(b.status.streamId, 'en', { numeric: true }),
  );
}

/** The output time that leaves now: what was told last, and the time since. */
export function outputNow(stream, now, connected) {
  const { status, at } = stream;
  if (status.outputMs == null) return null;
  const moves = status.state === 'LIVE' || status.state === 'DRAINING' || status.state === 'BUFFERING';
  return moves && connected ? status.outputMs + Math.min(Math.max(0, now - at), 2000) : status.outputMs;
}
