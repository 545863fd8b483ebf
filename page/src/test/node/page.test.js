// The page's pure modules. Run by ScriptsTest: node --test page.test.js, with WEB naming the folder of the modules.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import test from 'node:test';

const load = name => import(pathToFileURL(`${process.env.WEB}/${name}`));
const strip = await load('strip.js');
const { ahead, catchUp, step } = await load('hold.js');
const state = await load('state.js');
const { onAir } = await load('onair.js');
const source = await load('source.js');
const format = await load('format.js');
const captions = await load('captions.js');

const slot = (number, more = {}) => ({
  number,
  startMs: 3000 + number * 6000,
  endMs: 9000 + number * 6000,
  state: 'dub',
  reason: null,
  vetoed: false,
  aired: false,
  transcript: `said ${number}`,
  translation: `dicho ${number}`,
  ...more,
});
const status = (more = {}) => ({
  streamId: 'demo',
  state: 'LIVE',
  flags: { dubbing: true, original: false, sourceLost: false, destinationDown: false },
  source: { url: 'rtmp://127.0.0.1:1935/live/demo/in', type: 'rtmpConn' },
  outputUrl: 'rtmp://127.0.0.1:1935/live/demo/out',
  startedAt: '2026-11-22T18:00:00Z',
  delayMs: 14500,
  dubs: [{ language: 'es' }],
  destinations: [{ name: 'out', state: 'up', lastError: null }],
  sts: { rttMs: 640 },
  outputMs: 4000,
  bypass: { active: false, since: null, sinceMs: null, scheduled: [] },
  slots: [slot(0)],
  ...more,
});

test('a strip has the last twenty slots that have left and all that have not', () => {
  const slots = Array.from({ length: 30 }, (_, n) => slot(n)).reverse();
  const laid = strip.layout(slots, 3000 + 25 * 6000 + 100);
  assert.deepEqual(laid.map(each => each.slot.number), Array.from({ length: 25 }, (_, n) => n + 5));
  assert.deepEqual(laid.filter(each => each.onAir).map(each => each.slot.number), [25]);
  assert.equal(laid.at(-1).inMs, 4 * 6000 - 100);
});

test('each kind of slot has a letter of its own, and a veto counts before the rest', () => {
  const laid = strip.layout(
    [slot(0), slot(1, { state: 'original', reason: 'timeout' }), slot(2, { vetoed: true }), slot(3, { state: 'waiting' }), slot(4, { state: 'something new' }), slot(5, { state: 'original', reason: 'timeout' })],
    0,
    new Set([5]),
  );
  assert.deepEqual(laid.map(each => each.letter), ['D', 'O', 'V', 'W', 'W', 'L']);
});

test('a slot can be vetoed until it is mixed, and never when it stays original anyway', () => {
  const next = (slots, at) => strip.nextToVeto(slots, at)?.number ?? null;
  const slots = [slot(2), slot(1), slot(0, { aired: true })];
  assert.equal(next(slots, 3000), 1);
  assert.equal(next(slots, 9000 - 401), 1);
  assert.equal(next(slots, 9000 - 400), 2);
  assert.equal(next([slot(1, { vetoed: true }), slot(2, { state: 'original' }), slot(3, { state: 'waiting' })], 3000), 3);
  assert.equal(next([], 0), null);
  assert.equal(next(undefined, 0), null);
});

test('a summary counts what has left', () => {
  const slots = [slot(0), slot(1, { state: 'original' }), slot(2), slot(3, { state: 'waiting' })];
  assert.equal(strip.summary(slots, 3000 + 2 * 6000), '2 dub, 1 original');
  assert.equal(strip.summary(slots, 0), 'no slot has left yet');
});

test('the window of a strip has room for the delay', () => {
  assert.deepEqual(strip.windowOf([slot(0)], 14500), { past: 120000, ahead: 17500 });
  assert.deepEqual(strip.windowOf([], null), { past: 120000, ahead: 9000 });
});

test('what is held back is told by dates, else by what was received', () => {
  assert.equal(ahead({ date: 100000, lag: 9 }, { date: 114500, lag: 1 }, 14.5), 0);
  assert.equal(ahead({ date: 105000, lag: 9 }, { date: 114500, lag: 1 }, 14.5), 5);
  assert.equal(ahead({ date: null, lag: 2 }, { date: 1, lag: 1 }, 14.5), 13.5);
  assert.equal(ahead({ date: null, lag: null }, { date: 1, lag: 1 }, 14.5), null);
});

test('a source that is far ahead waits, one that is far behind jumps, one that is near changes its pace', () => {
  assert.deepEqual(step(9, 0), { wait: 9, rate: 1, seek: 0 });
  assert.deepEqual(step(-9, 20), { wait: 0, rate: 1, seek: 9 });
  assert.deepEqual(step(-9, 3), { wait: 0, rate: 1.25, seek: 0 });
  assert.deepEqual(step(0.05, 3), { wait: 0, rate: 1, seek: 0 });
  assert.deepEqual(step(0.5, 3), { wait: 0.5, rate: 1, seek: 0 });
  assert.deepEqual(step(0.3, 3), { wait: 0.3, rate: 1, seek: 0 });
  assert.deepEqual(step(-0.5, 3), { wait: 0, rate: 1.25, seek: 0 });
  assert.deepEqual(step(0.2, 3), { wait: 0, rate: 0.9, seek: 0 });
  assert.deepEqual(step(-0.2, 3), { wait: 0, rate: 1.1, seek: 0 });
  assert.deepEqual(step(null, 3), { wait: 0, rate: 1, seek: 0 });
});

test('a player without a clock of its own catches up with what it has received', () => {
  assert.deepEqual(catchUp(0.3), { rate: 1, jump: false });
  assert.deepEqual(catchUp(2), { rate: 1.06, jump: false });
  assert.deepEqual(catchUp(9), { rate: 1, jump: true });
});

test('holding back comes to rest in step, from both sides', () => {
  for (const begin of [14.5, 1.1, 0.3, -0.3, -1.1, -6]) {
    let apart = begin;
    for (let i = 0; i < 240; i += 1) {
      const { wait, rate, seek } = step(apart, 30);
      apart += wait > 0 ? -0.5 : (rate - 1) * 0.5 + seek;
    }
    assert.ok(Math.abs(apart) <= 0.06, `from ${begin} to ${apart}`);
  }
});

const reduceAll = (events, begin = state.initial()) => events.reduce((before, [event, now]) => state.reduce(before, event, now), begin);
const told = (data, now) => [{ type: 'stream', data }, now];

test('events of streams are kept by id, and gone is gone', () => {
  const after = reduceAll([told(status(), 1), told(status({ streamId: 'b' }), 2), told(status({ outputMs: 5000 }), 3)]);
  assert.deepEqual([...after.streams.keys()], ['demo', 'b']);
  assert.equal(after.streams.get('demo').status.outputMs, 5000);
  const gone = reduceAll([[{ type: 'gone', data: { streamId: 'demo' } }, 4]], after);
  assert.deepEqual([...gone.streams.keys()], ['b']);
});

test('a state is never changed in place', () => {
  const before = reduceAll([told(status(), 1)]);
  const copy = JSON.stringify([...before.streams]);
  reduceAll([told(status({ outputMs: 9 }), 2), [{ type: 'gone', data: { streamId: 'demo' } }, 3]], before);
  assert.equal(JSON.stringify([...before.streams]), copy);
});

test('what a new connection does not tell of goes after a while, and not before', () => {
  const lost = reduceAll([[{ type: 'open' }, 0], told(status(), 1), told(status({ streamId: 'b' }), 1), [{ type: 'lost' }, 100], [{ type: 'lost' }, 200]]);
  assert.deepEqual([lost.connection.kind, lost.connection.since, lost.connection.tries], ['lost', 100, 2]);
  const open = reduceAll([[{ type: 'open' }, 1000], told(status(), 1100), [{ type: 'worker', data: { cpu: 0.1 } }, 1200]], lost);
  assert.deepEqual([...open.streams.keys()], ['demo', 'b']);
  const later = reduceAll([[{ type: 'worker', data: { cpu: 0.1 } }, 5200]], open);
  assert.deepEqual([...later.streams.keys()], ['demo']);
});

test('a journal has each event once, in order, and an end', () => {
  const event = n => ({ streamId: 'demo', at: `2026-11-22T18:00:${String(n).padStart(2, '0')}Z`, event: 'cut', segment: n, detail: '' });
  const debug = [{ type: 'debug', data: { streamId: 'demo', events: [event(1), event(2), event(3)] } }, 1];
  const after = reduceAll([[{ type: 'journal', data: event(3) }, 1], [{ type: 'journal', data: event(4) }, 1], debug, debug]);
  assert.deepEqual(after.journal.get('demo').map(each => each.segment), [1, 2, 3, 4]);
  let many = state.initial();
  for (let n = 0; n < 400; n += 1) many = state.reduce(many, { type: 'journal', data: { ...event(1), segment: n } }, n);
  assert.equal(many.journal.get('demo').length, 250);
});

test('round trips, loads and bypasses are remembered within bounds', () => {
  let after = state.initial();
  for (let n = 0; n < 500; n += 1) {
    after = state.reduce(after, { type: 'stream', data: status({ sts: { rttMs: n } }) }, n);
    after = state.reduce(after, { type: 'worker', data: { cpu: n } }, n);
  }
  assert.equal(after.streams.get('demo').rtts.length, 90);
  assert.equal(after.loads.length, 90);
  const on = status({ outputMs: 10000, bypass: { active: true, sinceMs: 9500 } });
  const off = status({ outputMs: 20000 });
  const spans = reduceAll([told(on, 1), told({ ...on, outputMs: 12000 }, 2), told(off, 3), told({ ...off, outputMs: 21000 }, 4)]).streams.get('demo').spans;
  assert.deepEqual(spans, [{ fromMs: 9500, toMs: 20000 }]);
  const anew = reduceAll([told(on, 1), told(status({ startedAt: 'later' }), 2)]).streams.get('demo');
  assert.deepEqual(anew.spans, []);
});

test('unknown events change nothing', () => {
  const before = reduceAll([told(status(), 1)]);
  assert.equal(state.reduce(before, { type: 'reset', data: { reason: 'gone' } }, 2), before);
});

test('the output time goes on between two events, and stands while nothing is heard', () => {
  const stream = { status: status({ outputMs: 5000 }), at: 100 };
  assert.equal(state.outputNow(stream, 600, true), 5500);
  assert.equal(state.outputNow(stream, 60000, true), 7000);
  assert.equal(state.outputNow(stream, 600, false), 5000);
  assert.equal(state.outputNow({ status: status({ state: 'ENDED' }), at: 100 }, 600, true), 4000);
  assert.equal(state.outputNow({ status: status({ outputMs: null }), at: 100 }, 600, true), null);
});

test('streams are ordered by their ids as people count, those that are over last', () => {
  const streams = reduceAll(['s10', 's2', 's1'].map(id => told(status({ streamId: id, state: id === 's1' ? 'ENDED' : 'LIVE' }), 1))).streams;
  assert.deepEqual(state.ordered(streams).map(each => each.status.streamId), ['s2', 's10', 's1']);
});

const kind = more => {
  const air = onAir(status(more));
  return [air.kind, air.tone];
};
const flags = more => ({ flags: { dubbing: true, original: false, sourceLost: false, destinationDown: false, ...more } });

test('on air is what is heard', () => {
  assert.deepEqual(kind({}), ['dub', 'good']);
  assert.deepEqual(kind({ ...flags({ original: true }), slots: [slot(0, { state: 'original', reason: 'timeout' })] }), ['original', 'warn']);
  assert.match(onAir(status({ ...flags({ original: true }), slots: [slot(0, { state: 'original', reason: 'breaker_open' })] })).title, /breaker open/);
  assert.deepEqual(kind({ ...flags({ original: true }), slots: [slot(0, { vetoed: true })] }), ['vetoed', 'warn']);
  assert.deepEqual(kind({ ...flags({ original: true }), bypass: { active: true, sinceMs: 3500, since: 'x' } }), ['bypass', 'warn']);
  assert.deepEqual(kind({ ...flags({ original: true, dubbing: false }), dubs: [], slots: [] }), ['original', 'calm']);
});

test('a source that is lost and an output that is down are said before all else', () => {
  assert.deepEqual(kind(flags({ sourceLost: true })), ['lost-dub', 'bad']);
  assert.deepEqual(kind({ ...flags({ destinationDown: true, sourceLost: true }), destinations: [] }), ['down', 'bad']);
});

test('a further destination that is down takes nothing off the air', () => {
  const out = { name: 'out', state: 'up', lastError: null };
  const copy = { name: 'copy', state: 'connecting', lastError: 'refused' };
  const both = { ...flags({ destinationDown: true }), destinations: [out, copy] };
  assert.deepEqual(kind(both), ['dub', 'warn']);
  assert.match(onAir(status(both)).detail, /Not at copy: it is down/);
  assert.deepEqual(kind({ ...both, destinations: [out, { ...copy, lastError: null }] }), ['dub', 'good']);
  assert.deepEqual(kind({ ...both, destinations: [{ ...copy, name: 'out' }, out] }), ['down', 'bad']);
});

test('each state has its words', () => {
  assert.deepEqual(kind({ state: 'STARTING' }), ['starting', 'calm']);
  assert.deepEqual(kind({ state: 'STARTING', ...flags({ sourceLost: true }) }), ['starting', 'warn']);
  assert.equal(onAir(status({ state: 'BUFFERING', outputMs: -6200 })).title, 'On air in 10 s');
  assert.match(onAir(status({ state: 'DRAINING' })).detail, /drains/);
  assert.deepEqual(kind({ state: 'ENDED' }), ['ended', 'calm']);
  assert.match(onAir(status({ state: 'FAILED', reason: { blame: 'source', message: 'refused', retryable: true } })).detail, /refused \(source/);
});

test('players are asked below the HLS address by the paths of the status', () => {
  const base = source.hlsBase(null, { protocol: 'http:', hostname: 'dub.example' });
  assert.equal(base, 'http://dub.example:8888');
  assert.equal(source.hlsBase('https://hls.example/x/', {}), 'https://hls.example/x');
  assert.deepEqual(source.outputOf(status(), base), {
    own: 'v1/streams/demo/hls.m3u8',
    hls: 'http://dub.example:8888/live/demo/out/index.m3u8',
    flv: 'http://dub.example:8888/live/demo/out.flv',
  });
  assert.deepEqual(source.sourceOf(status(), base), {
    hls: 'http://dub.example:8888/live/demo/in/index.m3u8',
    flv: 'http://dub.example:8888/live/demo/in.flv',
  });
});

test('a source that is elsewhere has no player, and the page says why', () => {
  assert.match(source.sourceOf(status({ source: { url: 'rtmp://cam.example/live/x' } }), 'http://h').why, /another server \(cam.example\)/);
  assert.match(source.sourceOf(status({ source: { url: 'rtmp://127.0.0.1:1936/live/x' } }), 'http://h').why, /another server/);
  assert.match(source.sourceOf(status({ source: { url: 'srt://127.0.0.1:8890?streamid=x' } }), 'http://h').why, /no path/);
  assert.match(source.sourceOf(status({ source: null }), 'http://h').why, /no path/);
  assert.match(source.outputOf(status({ outputUrl: 'file:///x.mp4' }), 'http://h').why, /not at a server/);
  assert.equal(source.sourceOf(status({ source: { url: 'rtmp://127.0.0.1/live/a b/in?user=***' } }), 'http://h').hls, 'http://h/live/a%20b/in/index.m3u8');
});

test('captions are those of what is seen', () => {
  assert.equal(captions.wordsAt([slot(0), slot(1)], 10000, 2, 'translation'), 'dicho 0');
  assert.equal(captions.wordsAt([slot(0), slot(1)], 10000, 0.5, 'transcript'), 'said 1');
  assert.equal(captions.wordsAt([slot(0)], 10000, null, 'transcript'), '');
  const tracks = [{ lang: 'en' }, { lang: 'es-MX' }];
  assert.equal(captions.trackFor(tracks, 'translation', 'es'), 1);
  assert.equal(captions.trackFor(tracks, 'transcript', 'es'), 0);
  assert.equal(captions.trackFor([], 'transcript', 'es'), -1);
});

test('values are written as people read them', () => {
  assert.equal(format.clock(75250), '1:15.2');
  assert.equal(format.clock(3600000 + 61000, 0), '1:01:01');
  assert.equal(format.clock(-6200, 0), '-0:06');
  assert.equal(format.clock(null), '–');
  assert.equal(format.span(640), '640 ms');
  assert.equal(format.span(14500), '14.5 s');
  assert.equal(format.age(93784), '1 d 2 h');
  assert.equal(format.bytes(1048576), '1.0 MiB');
  assert.equal(format.percent(0.421), '42 %');
  assert.equal(format.language('es'), 'Spanish (es)');
  assert.equal(format.language('not a code'), 'not a code');
  assert.equal(format.plain('invalid_output'), 'invalid output');
});

test('what to publish to is said as it is reached from the browser', () => {
  const location = { hostname: 'dub.example' };
  assert.equal(source.publishTo('rtmp://127.0.0.1:1936/live/NAME/in', location), 'rtmp://dub.example:1936/live/NAME/in');
  assert.equal(source.publishTo('rtmp://localhost/live/NAME/in', location), 'rtmp://dub.example/live/NAME/in');
  assert.equal(source.publishTo('rtmp://mtx.example/live/NAME/in', location), 'rtmp://mtx.example/live/NAME/in');
  assert.equal(source.publishTo(null, location), 'rtmp://dub.example:1935/live/NAME/in');
});
