// What is behind a stream: STS, destinations, source, segments, recording, journal.
import { html, svg, nothing } from '../lib/lit-html.js';
import { repeat } from '../lib/directives/repeat.js';
import { age, bytes, clock, plain, seconds, span, value, wall } from '../format.js';

/** A line of the last values; only for those who see it: the number stands beside it. */
export function sparkline(values, top) {
  const known = values.filter(v => v != null);
  if (known.length < 2) return nothing;
  const max = Math.max(top ?? 0, ...known) || 1;
  const points = known.map((v, i) => `${((i / (known.length - 1)) * 100).toFixed(1)},${(20 - (v / max) * 19).toFixed(1)}`).join(' ');
  return html`<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">${svg`<polyline points=${points} />`}</svg>`;
}

const row = (name, content, tone) => html`<div class=${tone ? `tone-${tone}` : ''}><dt>${name}</dt><dd>${content}</dd></div>`;

const LINKS = { ready: 'good', connecting: 'warn', initialising: 'warn', paused: 'warn', reconnecting: 'bad', draining: 'calm', completing: 'calm', pass_through: 'bad' };
const BREAKERS = { closed: 'good', half_open: 'warn', open: 'bad' };

export function sts(stream) {
  const { status, rtts } = stream;
  const link = status.sts;
  const dub = status.dubs?.[0];
  if (!link || !dub) return html`<section class="panel"><h3>STS</h3><p class="hint">This stream has no dub.</p></section>`;
  const sorted = [...rtts].sort((a, b) => a - b);
  return html`<section class="panel" aria-labelledby="sts-title">
    <h3 id="sts-title">STS</h3>
    <dl class="facts">
      ${row('Link', plain(link.link), LINKS[link.link] ?? 'warn')}
      ${row('Breaker', plain(link.breaker), BREAKERS[link.breaker] ?? 'warn')}
      ${row('Round trip', html`${span(link.rttMs)} ${sparkline(rtts)} ${sorted.length > 4 ? html`<small>median ${span(sorted[Math.floor(sorted.length / 2)])}, worst ${span(sorted[sorted.length - 1])}</small>` : nothing}`)}
      ${row('In flight', link.inFlight)}
      ${link.deadDub ? row('Dubs', link.deadDub === 'silent' ? 'silent: they say nothing' : 'repeated: always the same', 'bad') : nothing}
      ${row('Sent', `${age(link.audioSeconds)} of audio`)}
      ${link.lastError ? row('Last error', link.lastError, link.link === 'ready' ? '' : 'bad') : nothing}
    </dl>
  </section>`;
}

export function segments(status) {
  const all = status.segments;
  if (!all) return nothing;
  const reasons = Object.entries(all.fallback ?? {});
  const fell = reasons.reduce((sum, [, n]) => sum + n, 0);
  const decided = all.dubbed + fell;
  const fitted = Object.entries(all.fitted ?? {}).filter(([, n]) => n > 0);
  return html`<section class="panel" aria-labelledby="segments-title">
    <h3 id="segments-title">Segments</h3>
    <dl class="facts">
      ${row('Dubbed', html`${all.dubbed} <small>of ${decided}${decided ? `, ${Math.round((all.dubbed / decided) * 1000) / 10} %` : ''}</small>`)}
      ${row('Fell back', fell ? html`${fell} <small>${reasons.filter(([, n]) => n).map(([name, n]) => `${plain(name)} ${n}`).join(', ')}</small>` : '0', '')}
      ${fitted.length ? row('Made to fit', html`<small>${fitted.map(([name, n]) => `${name} ${n}`).join(', ')}</small>`) : nothing}
      ${row('Cut, sent', `${all.cut}, ${all.sent}`)}
    </dl>
  </section>`;
}

export function source(status, now) {
  const { media, source: from } = status;
  return html`<section class="panel" aria-labelledby="source-title">
    <h3 id="source-title">Source</h3>
    <dl class="facts">
      ${row('From', html`<code>${value(from?.url)}</code>`, status.flags?.sourceLost ? 'bad' : '')}
      ${media?.videoCodec ? row('Video', `${media.videoCodec} ${media.width}×${media.height}`) : nothing}
      ${media?.audioCodec ? row('Audio', `${media.audioCodec} ${media.audioRateHz / 1000} kHz, ${media.audioChannels} ch`) : nothing}
      ${row('Started', html`${age((now - Date.parse(status.startedAt)) / 1000)} ago <small>${wall(Date.parse(status.startedAt))}, ${from?.type ? from.type : 'posted'}</small>`)}
      ${status.latenessMs == null ? nothing : row('Leaves late by', span(status.latenessMs), status.latenessMs > 100 ? 'bad' : '')}
      ${status.avDeltaMs == null ? nothing : row('Audio to video', `${Math.round(status.avDeltaMs * 10) / 10} ms`, Math.abs(status.avDeltaMs) > 40 ? 'warn' : '')}
    </dl>
  </section>`;
}

const STATES = { up: 'good', connecting: 'warn', waiting: 'warn', idle: 'calm', down: 'bad', closed: 'calm' };
const MARKS = { good: '●', warn: '▲', bad: '■', calm: '○' };
const CHECKS = { ok: 'viewers get it', unknown: 'not checked' };

export function destinations(app, status, actions) {
  const id = status.streamId;
  const over = status.state === 'ENDED' || status.state === 'FAILED';
  return html`<section class="panel" aria-labelledby="destinations-title">
    <h3 id="destinations-title">Destinations
      ${over ? nothing : html`<button class="small" @click=${() => actions.open({ kind: 'destination', id })}>Add…</button>`}
    </h3>
    <ul class="destinations">
      ${repeat(status.destinations ?? [], each => each.name, each => {
        const tone = STATES[each.state] ?? 'calm';
        return html`<li>
          <p><span class=${`tone ${tone}`}><span aria-hidden="true">${MARKS[tone]}</span> <b>${each.name}</b> ${each.state}</span>
            ${each.check ? html`<span class=${each.check === 'ok' || each.check === 'unknown' ? 'dim' : 'chip bad'}>${CHECKS[each.check] ?? plain(each.check)}</span>` : nothing}
            ${each.name === 'out' || over ? nothing : html`<button class="small" ?disabled=${app.busy.has(`remove ${id} ${each.name}`)} @click=${() => actions.open({ kind: 'remove', id, name: each.name })} aria-label=${`Turn off destination ${each.name}`}>Off…</button>`}
          </p>
          <p class="dim"><code>${each.url}</code></p>
          <p class="dim">up ${age(each.uptimeSeconds)} · ${bytes(each.bytes)} · queue ${seconds((each.queueSeconds ?? 0) * 1000)} s${each.drops ? html` · <span class="tone warn">${each.drops} dropped</span>` : nothing}${each.reconnects ? html` · ${each.reconnects} reconnects` : nothing}</p>
          ${each.lastError ? html`<p class=${each.state === 'up' ? 'dim' : 'tone bad'}>${each.lastError}</p>` : nothing}
        </li>`;
      })}
    </ul>
  </section>`;
}

export function recording(status) {
  const file = status.recording;
  if (!file) return nothing;
  return html`<section class="panel" aria-labelledby="recording-title">
    <h3 id="recording-title">Recording</h3>
    <dl class="facts">
      ${row('State', plain(file.state), file.state === 'stopped' ? 'bad' : file.state === 'recording' ? 'good' : '')}
      ${file.file ? row('File', html`<code>${file.file}</code> <small>${bytes(file.bytes)}</small>`) : nothing}
      ${file.drops ? row('Dropped', `${file.drops} packets`, 'warn') : nothing}
      ${file.lastError ? row('Error', file.lastError, 'bad') : nothing}
    </dl>
  </section>`;
}

const LOUD = new Set(['fell_back', 'failed', 'source_lost', 'warning', 'bypass', 'vetoed', 'answered_late']);
const EACH = new Set(['cut', 'sent', 'answered', 'dubbed', 'leaves']);

export function journal(events) {
  const shown = (events ?? []).filter(event => !EACH.has(event.event)).slice(-60).reverse();
  return html`<section class="panel journal" aria-labelledby="journal-title">
    <h3 id="journal-title">What happened</h3>
    ${shown.length
      ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="journal-title">
          <ol>
            ${repeat(shown, event => `${event.at} ${event.event} ${event.segment} ${event.detail}`, event => html`<li class=${LOUD.has(event.event) ? 'loud' : ''}>
              <time datetime=${event.at}>${wall(Date.parse(event.at))}</time>
              <b>${plain(event.event)}${event.segment == null || event.segment < 0 ? nothing : html` <small>slot ${event.segment}</small>`}</b>
              <span>${event.detail ?? ''}</span>
            </li>`)}
          </ol>
        </div>`
      : html`<p class="hint">Nothing but segments so far.</p>`}
  </section>`;
}

export function times(app, stream, now) {
  const { status } = stream;
  return html`<dl class="times">
    <div><dt>Delay</dt><dd>${span(status.delayMs)}</dd></div>
    <div><dt>Output time</dt><dd>${clock(now, 0)}</dd></div>
    <div><dt>Round trip</dt><dd>${span(status.sts?.rttMs)}</dd></div>
    <div><dt>State</dt><dd>${status.state.toLowerCase()}</dd></div>
  </dl>`;
}
