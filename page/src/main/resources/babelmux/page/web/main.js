// Puts the page together: events in, state, one render for all that came.
import { html, render } from './lib/lit-html.js';
import * as api from './api.js';
import { Connection } from './connection.js';
import { hlsBase, outputOf, sourceOf } from './source.js';
import { onAir } from './onair.js';
import { Players } from './player.js';
import { nextToVeto } from './strip.js';
import { initial, ordered, outputNow, reduce } from './state.js';
import * as keys from './keys.js';
import { frame, nothingYet, signIn } from './views/frame.js';
import { list } from './views/list.js';
import { detail } from './views/detail.js';
import { doctor } from './views/doctor.js';
import { dialogs } from './views/dialogs.js';

const root = document.getElementById('page');
root.replaceChildren();
const said = document.getElementById('said');

const app = {
  state: initial(),
  /** Of GET /v1/page; null until it is known. */
  page: null,
  /** "loading", "in", "out" (signed out), "no" (not for this browser) */
  access: 'loading',
  refusal: '',
  view: 'streams',
  chosen: null,
  notice: null,
  dialog: null,
  busy: new Set(),
  report: null,
  reportText: '',
  now: Date.now(),
};

const players = new Players(() => draw());
const connection = new Connection(onEvent, stillWelcome);
const debugged = new Map();
const airs = new Map();
const narrow = matchMedia('(max-width: 70rem)');
let drawing = 0;

function draw() {
  if (drawing) return;
  // A page that nobody looks at is drawn once a second, without frames.
  drawing = document.hidden ? setTimeout(paint, 1000) : requestAnimationFrame(paint);
}

function paint() {
  drawing = 0;
  app.now = Date.now();
  const streams = ordered(app.state.streams);
  const stream = chosenOf(streams);
  // One of before may be unknown to the worker that answers now.
  if (stream && stream.at >= app.state.openedAt) learn(stream.status.streamId);
  if (stream) players.know(isOver(stream.status));
  if (players.on && players.stream !== stream?.status.streamId) {
    players.stop();
    if (stream) actions.watch(stream);
  }
  document.title = title(streams);
  render(html`${body(streams, stream)}${dialogs(app, actions)}`, root);
  for (const dialog of root.querySelectorAll('dialog')) {
    if (!dialog.open) dialog.showModal();
  }
}

function body(streams, stream) {
  if (app.access === 'loading') return html`<p class="first">Asking the worker…</p>`;
  if (app.access === 'out' || app.access === 'no') return signIn(app, actions);
  const inner =
    app.view === 'doctor'
      ? doctor(app, actions)
      : !streams.length
        ? nothingYet(app)
        : html`${list(app, streams, stream)}${stream ? detail(app, stream, players, actions) : ''}`;
  return frame(app, inner, actions);
}

function isOver(status) {
  return status.state === 'ENDED' || status.state === 'FAILED';
}

function chosenOf(streams) {
  return streams.find(each => each.status.streamId === app.chosen) ?? streams[0] ?? null;
}

function title(streams) {
  const bad = streams.filter(each => onAir(each.status).tone === 'bad').length;
  const warn = streams.filter(each => onAir(each.status).tone === 'warn').length;
  const lost = app.state.connection.kind === 'lost' ? '? ' : '';
  return `${lost}${bad ? `‼${bad} ` : ''}${warn ? `!${warn} ` : ''}babelmux`;
}

/** What happened before the page was opened, once for each stream that is looked at. */
async function learn(id) {
  const epoch = app.state.openedAt;
  if (!epoch || debugged.get(id) === epoch) return;
  debugged.set(id, epoch);
  const answer = await api.debug(id);
  if (answer.ok) onEvent({ type: 'debug', data: { streamId: id, events: answer.body.events } });
}

function onEvent(event) {
  app.state = reduce(app.state, event, Date.now());
  if (event.type === 'stream') announce(event.data);
  // Something was missed: the journals are asked for again.
  if (event.type === 'reset') debugged.clear();
  if (event.type === 'gone') {
    airs.delete(event.data.streamId);
    debugged.delete(event.data.streamId);
  }
  draw();
}

/** Tells a screen reader what is heard from now on, not each slot. */
function announce(status) {
  const { kind, title: words } = onAir(status);
  const before = airs.get(status.streamId);
  airs.set(status.streamId, kind);
  if (before !== undefined && before !== kind) said.textContent = `${status.streamId}: ${words}`;
}

async function enter() {
  const access = await lookAround();
  if (access && access !== 'granted') {
    shut(access);
    return;
  }
  const answer = await api.page();
  if (answer.ok) {
    app.page = answer.body;
    app.access = 'in';
    app.refusal = '';
    connection.open();
  } else if (answer.status === 401) {
    shut('token_needed');
  } else if (answer.status === 0) {
    app.refusal = answer.text;
    setTimeout(enter, 2000);
  } else {
    app.refusal = answer.text;
    shut('refused');
  }
  draw();
}

/** Whether this browser is answered: "granted", "token_needed" or "refused"; null when the worker does not say. */
async function lookAround() {
  const answer = await api.look();
  if (answer.body?.access === 'refused') app.refusal = answer.body.detail;
  return answer.ok ? answer.body?.access : null;
}

/** Shows nothing but the way in, or why there is none. */
function shut(access) {
  app.access = access === 'refused' ? 'no' : 'out';
  connection.close();
  players.stop();
  draw();
}

/** Asked before events are asked for again. */
async function stillWelcome() {
  const access = await lookAround();
  if (access && access !== 'granted') {
    shut(access);
    return false;
  }
  if (access) {
    const answer = await api.page();
    if (answer.ok) app.page = answer.body;
  }
  return true;
}

function notice(text, bad = false) {
  const mine = (app.notice = { text, bad });
  if (bad) said.textContent = text;
  setTimeout(
    () => {
      if (app.notice === mine) {
        app.notice = null;
        draw();
      }
    },
    bad ? 12000 : 5000,
  );
  draw();
}

/** Asks the worker for something that changes what is on air, and says what came of it. */
async function ask(key, request, done) {
  if (app.busy.has(key)) return false;
  app.busy.add(key);
  draw();
  const answer = await request();
  app.busy.delete(key);
  if (answer.status === 401) {
    app.access = 'out';
  } else if (answer.ok) {
    notice(done);
    said.textContent = done;
  } else {
    notice(answer.text, true);
  }
  draw();
  return answer.ok;
}

const actions = {
  async signIn(token) {
    app.refusal = '';
    const answer = await api.signIn(token);
    if (answer.ok || answer.status === 409) {
      await enter();
    } else {
      app.refusal = answer.text;
      draw();
    }
    return answer.ok;
  },
  async signOut() {
    connection.close();
    players.stop();
    await api.signOut();
    app.state = initial();
    app.access = 'loading';
    await enter();
  },
  again: () => connection.now(),
  dismiss() {
    app.notice = null;
    draw();
  },
  open(dialog) {
    app.dialog = dialog;
    draw();
  },
  close() {
    app.dialog = null;
    // Closed before it is taken away: then the focus goes back to where it was.
    root.querySelector('dialog[open]')?.close();
    draw();
  },
  bypass: (id, on) => ask(`bypass ${id}`, () => api.bypass(id, on), on ? `${id}: the dubs are off air` : `${id}: the dubs are on air again`),
  veto: (id, slot) => ask(`veto ${id} ${slot}`, () => api.veto(id, slot), `${id}: slot ${slot} stays original`),
  drain: id => ask(`drain ${id}`, () => api.drain(id), `${id} drains`),
  end: id => ask(`drain ${id}`, () => api.end(id), `${id} ends`),
  addDestination: (id, name, url) => ask(`add ${id}`, () => api.addDestination(id, name, url), `${id}: destination ${name} is added`),
  removeDestination: (id, name) => ask(`remove ${id} ${name}`, () => api.removeDestination(id, name), `${id}: destination ${name} ends`),
  drainWorker: () => ask('worker', api.drainWorker, 'The worker drains'),
  acceptAgain: () => ask('worker', api.acceptAgain, 'The worker accepts streams again'),
  async report() {
    if (app.page?.doctorReport === false) {
      app.reportText = 'It has not run since the worker was started.';
      draw();
      return;
    }
    const answer = await api.doctorReport();
    app.report = answer.ok ? answer.body : app.report;
    app.reportText = answer.ok ? '' : answer.text;
    draw();
  },
  async runDoctor(publish) {
    if (app.busy.has('doctor')) return;
    app.busy.add('doctor');
    app.reportText = '';
    draw();
    const answer = await api.runDoctor(publish);
    app.busy.delete('doctor');
    if (answer.ok) {
      app.report = answer.body;
      if (app.page) app.page.doctorReport = true;
      said.textContent = `Doctor is done: ${answer.body.level}`;
    } else {
      app.reportText = answer.text;
    }
    draw();
  },
  watch(stream) {
    if (players.on) {
      players.stop();
      return;
    }
    const base = hlsBase(app.page?.hlsUrl, location);
    const { status } = stream;
    const kinds = async () => (await api.players(status.streamId)).body;
    players.know(isOver(status));
    players.watch(status.streamId, (status.delayMs ?? 0) / 1000, { source: sourceOf(status, base), output: outputOf(status, base), kinds });
  },
  hold: on => players.hold(on),
  hear: name => players.hear(name),
  caption(kind, language) {
    players.caption(kind, language);
    draw();
  },
  keys(on) {
    keys.enable(on);
    draw();
  },
};

function route() {
  const [view, id] = location.hash.slice(1).split('/');
  app.view = view === 'doctor' ? 'doctor' : 'streams';
  if (view === 'stream' && id) {
    try {
      app.chosen = decodeURIComponent(id);
    } catch {
      app.chosen = null;
    }
  }
  if (app.view === 'doctor' && !app.report && app.access === 'in') actions.report();
  draw();
  // Where the list is above: to what was chosen, and back up.
  if (narrow.matches) {
    requestAnimationFrame(() => requestAnimationFrame(() => (view === 'stream' && root.querySelector('.detail') ? root.querySelector('.detail').scrollIntoView() : scrollTo(0, 0))));
  }
}

function press(key) {
  if (app.access !== 'in' || app.dialog) return false;
  const streams = ordered(app.state.streams);
  const stream = chosenOf(streams);
  if (key === '?') {
    actions.open({ kind: 'keys' });
    return true;
  }
  if (key === 'd') {
    location.hash = app.view === 'doctor' ? (app.chosen ? `stream/${encodeURIComponent(app.chosen)}` : '') : 'doctor';
    return true;
  }
  if (!stream || app.view !== 'streams') return false;
  const { status } = stream;
  const id = status.streamId;
  switch (key) {
    case 'j':
    case 'k': {
      const at = streams.indexOf(stream) + (key === 'j' ? 1 : -1);
      const next = streams[Math.max(0, Math.min(streams.length - 1, at))].status.streamId;
      location.hash = `stream/${encodeURIComponent(next)}`;
      return true;
    }
    case 'w':
      actions.watch(stream);
      return true;
    case 'h':
      actions.hold(!players.held);
      return true;
    case 's': {
      const order = [null, 'source', 'output'];
      actions.hear(order[(order.indexOf(players.heard) + 1) % 3]);
      return true;
    }
    case 'c': {
      const order = ['off', 'transcript', 'translation'];
      actions.caption(order[(order.indexOf(players.captions) + 1) % 3], status.dubs?.[0]?.language);
      return true;
    }
    case 'B':
      actions.bypass(id, !status.bypass?.active);
      return true;
    case 'V': {
      const slot = nextToVeto(status.slots, outputNow(stream, Date.now(), app.state.connection.kind === 'open'));
      if (slot) actions.veto(id, slot.number);
      else notice('There is no dub that could be kept off air now.', true);
      return true;
    }
    default:
      return false;
  }
}

addEventListener('hashchange', route);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) draw();
});
keys.listen(press);
// Ages and clocks move even when no event comes.
setInterval(draw, 1000);
route();
enter().then(() => app.view === 'doctor' && app.access === 'in' && actions.report());
