// One stream: what is on air, what comes next, and what an operator can do about it.
import { html, nothing } from '../lib/lit-html.js';
import { clock, seconds } from '../format.js';
import { onAir } from '../onair.js';
import { nextToVeto } from '../strip.js';
import { outputNow } from '../state.js';
import { destinations, journal, recording, segments, source, sts, times } from './panels.js';
import { playersView } from './players.js';
import { strip } from './strip.js';
import { words } from './words.js';

const MARKS = { good: '●', warn: '▲', bad: '■', calm: '○' };

export function detail(app, stream, players, actions) {
  const { status } = stream;
  const now = outputNow(stream, app.now, app.state.connection.kind === 'open');
  const over = status.state === 'ENDED' || status.state === 'FAILED';
  return html`<article class="detail" aria-labelledby="stream-title">
    ${head(app, stream, now, over, actions)}
    ${status.warnings?.length
      ? html`<ul class="warnings" aria-label="Warnings">${status.warnings.map(text => html`<li><span aria-hidden="true">▲</span> ${text}</li>`)}</ul>`
      : nothing}
    ${strip(app, stream)}
    <div class="columns">
      <div class="left">${playersView(app, stream, players, actions)} ${words(app, stream, actions)}</div>
      <div class="right">
        ${sts(stream)} ${destinations(app, status, actions)} ${segments(status)} ${source(status, app.now)} ${recording(status)}
        ${journal(app.state.journal.get(status.streamId))}
        ${over
          ? nothing
          : html`<section class="panel" aria-labelledby="end-title">
              <h3 id="end-title">End</h3>
              <button class="danger" ?disabled=${app.busy.has(`drain ${status.streamId}`)} @click=${() => actions.open({ kind: 'drain', id: status.streamId })}>Drain ${status.streamId}…</button>
            </section>`}
      </div>
    </div>
  </article>`;
}

function head(app, stream, now, over, actions) {
  const { status } = stream;
  const id = status.streamId;
  const air = onAir(status);
  const bypassed = !!status.bypass?.active;
  const next = over ? null : nextToVeto(status.slots, now);
  return html`<header class=${`air ${air.tone}`}>
    <div class="lamp">
      <h2 id="stream-title">${id}</h2>
      <p class="title"><span class="mark" aria-hidden="true">${MARKS[air.tone]}</span> ${air.title}</p>
      <p class="more">${air.detail}</p>
    </div>
    ${times(app, stream, now)}
    ${over
      ? nothing
      : html`<div class="acts">
          <button
            class=${`bypass${bypassed ? ' on' : ''}`}
            aria-pressed=${bypassed ? 'true' : 'false'}
            aria-keyshortcuts="Shift+B"
            ?disabled=${app.busy.has(`bypass ${id}`)}
            @click=${() => actions.bypass(id, !bypassed)}
          >${bypassed ? 'Bypass is on: put the dub on air' : 'Bypass: take the dub off air'}</button>
          ${status.bypass?.scheduled?.length
            ? html`<p class="hint">Scheduled: ${status.bypass.scheduled.map(each => `bypass ${each.bypass ? 'on' : 'off'} at ${clock(each.atMs, 0)}`).join(', ')}</p>`
            : nothing}
          <div class="next">
            ${next
              ? html`<p>Next dub that can be vetoed: <b>slot ${next.number}</b> in ${seconds(Math.max(0, Math.round((next.startMs - now) / 1000) * 1000))} s <span lang=${status.dubs?.[0]?.language ?? nothing}>${next.translation ? `“${next.translation}”` : ''}</span></p>
                  <button aria-keyshortcuts="Shift+V" ?disabled=${app.busy.has(`veto ${id} ${next.number}`)} @click=${() => actions.veto(id, next.number)}>Veto ${next.number}</button>`
              : html`<p>No dub waits that could be vetoed.</p>`}
          </div>
        </div>`}
  </header>`;
}
