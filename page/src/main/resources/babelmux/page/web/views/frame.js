// What is around everything: the worker, the connection, the way in.
import { html, nothing } from '../lib/lit-html.js';
import { age, bytes, percent, plain, wall } from '../format.js';
import { publishTo } from '../source.js';
import { place } from '../place.js';
import { sparkline } from './panels.js';

export function frame(app, inner, actions) {
  const { connection } = app.state;
  const stale = connection.kind !== 'open';
  return html`
    <header class="bar">
      <h1><a href="#streams">babelmux</a> <small>${app.page?.version ?? nothing}</small></h1>
      <nav aria-label="Views">
        <a href="#streams" aria-current=${app.view === 'streams' ? 'page' : nothing}>Streams</a>
        <a href="#doctor" aria-current=${app.view === 'doctor' ? 'page' : nothing}>Doctor</a>
      </nav>
      ${vitals(app)}
      <div class="tools">
        ${link(app, actions)}
        <span class="clock" title="This browser's clock">${wall(app.now)}</span>
        ${app.state.worker?.draining
          ? html`<button class="warnish" ?disabled=${app.busy.has('worker')} @click=${actions.acceptAgain}>Accept streams again</button>`
          : html`<button ?disabled=${app.busy.has('worker')} @click=${() => actions.open({ kind: 'drain-worker' })}>Drain worker…</button>`}
        <button @click=${() => actions.open({ kind: 'keys' })} aria-label="Keyboard and help" aria-keyshortcuts="?">?</button>
        ${app.page?.tokenSet ? html`<button @click=${actions.signOut}>Sign out</button>` : nothing}
      </div>
    </header>
    ${connection.kind === 'lost'
      ? html`<div class="lost" role="alert">
          <span><b>No connection to the worker</b> since ${wall(connection.since)}. What is shown is from before. Streams go on without this page.</span>
          <button @click=${actions.again}>Try now</button>
        </div>`
      : nothing}
    ${degraded(app)}
    <main class=${`${app.view}${stale ? ' stale' : ''}`}>${inner}</main>
    ${app.notice
      ? html`<div class=${`notice ${app.notice.bad ? 'bad' : 'good'}`}>
          <span>${app.notice.bad ? 'Refused: ' : ''}${app.notice.text}</span><button aria-label="Close this message" @click=${actions.dismiss}>×</button>
        </div>`
      : nothing}
  `;
}

function vitals(app) {
  const { worker } = app.state;
  if (!worker) return html`<dl class="vitals"></dl>`;
  const limit = worker.memoryLimitBytes;
  const share = limit ? worker.residentBytes / limit : null;
  const [tone, mark, word] = worker.draining
    ? ['warn', '◐', 'draining']
    : !worker.ready
      ? ['bad', '✕', 'not ready']
      : worker.degraded?.length
        ? ['warn', '!', 'degraded']
        : ['good', '✓', 'ready'];
  return html`<dl class=${`vitals${app.state.connection.kind === 'lost' ? ' stale' : ''}`}>
    <div><dt>Worker</dt><dd class=${`tone ${tone}`}><span aria-hidden="true">${mark}</span> ${word}</dd></div>
    <div><dt>Streams</dt><dd>${worker.streams}<small> of ${worker.maxStreams ?? '–'}</small></dd></div>
    <div class="wide"><dt>CPU</dt><dd>${percent(worker.cpu)}<small> of ${worker.cores} cores</small>${sparkline(app.state.loads, 1)}</dd></div>
    <div class="wide">
      <dt>Memory</dt>
      <dd>
        ${bytes(worker.residentBytes)}<small>${limit ? ` of ${bytes(limit)}` : ''}</small>
        ${share == null ? nothing : html`<span class=${`gauge${share > 0.85 ? ' bad' : ''}`} aria-hidden="true"><i ${place({ share: Math.min(1, share).toFixed(3) })}></i></span>`}
      </dd>
    </div>
    <div><dt>Up</dt><dd>${age(worker.uptimeSeconds)}</dd></div>
  </dl>`;
}

function link(app) {
  const kind = app.state.connection.kind;
  const word = kind === 'open' ? 'live' : kind === 'lost' ? 'no connection' : 'connecting';
  return html`<span class=${`linked ${kind}`}><i aria-hidden="true"></i>${word}</span>`;
}

function degraded(app) {
  const list = app.state.worker?.degraded ?? [];
  if (!list.length) return nothing;
  return html`<ul class="degraded" aria-label="What is degraded">
    ${list.map(each => html`<li><b>${plain(each.component)}</b> <span>${each.reason}</span>${each.code ? html` <a href="#doctor">${each.code}</a>` : nothing}</li>`)}
  </ul>`;
}

/** The page without a stream. */
export function nothingYet(app) {
  const to = publishTo(app.page?.publishTo, location);
  if (!app.state.openedAt) return html`<section class="empty"><h2>Waiting for the worker…</h2></section>`;
  return html`<section class="empty">
    <h2>No stream yet</h2>
    <p>Publish to</p>
    <p class="address"><code>${to}</code></p>
    <p>with any name of letters, digits, <code>-</code> and <code>_</code>. The stream is shown here as soon as MediaMTX tells of it; it is on air when the delay has passed.</p>
    <p>Nothing comes? <a href="#doctor">Let doctor look</a> from the publisher to the viewer.</p>
  </section>`;
}

/** The way in, or why there is none. */
export function signIn(app, actions) {
  const submit = async event => {
    event.preventDefault();
    const field = event.target.elements.token;
    const good = await actions.signIn(field.value.trim());
    field.value = '';
    if (!good) field.focus();
  };
  return html`<main class="signin">
    <h1>babelmux</h1>
    ${app.access === 'no'
      ? html`<p role="alert">${app.refusal}</p>`
      : html`<form @submit=${submit}>
          <p>This worker has a token. Whoever has it may look, and may change what is on air.</p>
          <label for="token">Token (<code>api.token</code>)</label>
          <input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="wrong">
          <button type="submit" class="main">Sign in</button>
          <p id="wrong" class="wrong" role="alert">${app.refusal}</p>
        </form>`}
  </main>`;
}
