// The slots of one stream on the time of its output; "on air" stands still, they move.
import { html, nothing } from '../lib/lit-html.js';
import { repeat } from '../lib/directives/repeat.js';
import { clock, plain, wall } from '../format.js';
import { place } from '../place.js';
import { layout, nameOf, summary, windowOf } from '../strip.js';
import { lateSegments, outputNow } from '../state.js';

/** Positions count from here on: far fewer pixels than an engine can place. */
const BASE_MS = 600000;
const TICK_MS = 30000;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export function strip(app, stream) {
  const { status } = stream;
  const connected = app.state.connection.kind === 'open';
  const now = outputNow(stream, app.now, connected);
  if (now == null || !(status.slots ?? []).length) return nothing;
  const { past, ahead } = windowOf(status.slots, status.delayMs);
  const base = Math.floor(status.outputMs / BASE_MS) * BASE_MS;
  const s = ms => (ms - base) / 1000;
  const moves = connected && (status.state === 'LIVE' || status.state === 'DRAINING');
  // The next event comes in a second: until then it moves there.
  const to = status.outputMs + (moves && !still.matches ? 1000 : 0);
  const slots = layout(status.slots, now, lateSegments(app.state.journal.get(status.streamId)));
  const waiting = slots.filter(each => each.inMs > 0 && each.kind === 'waiting').length;
  const ticks = [];
  for (let at = Math.max(0, Math.ceil((now - past) / TICK_MS) * TICK_MS); at <= now + ahead; at += TICK_MS) ticks.push(at);
  const label = `${summary(status.slots, now)}; ${waiting} waiting to leave. The words below say it slot by slot.`;
  return html`<section class="strip" aria-labelledby="strip-title">
    <h3 id="strip-title">Slots</h3>
    <div class="rail" role="img" aria-label=${label} ${place({ past: past / 1000, ahead: ahead / 1000 })}>
      ${repeat([base], each => `${status.streamId} ${status.startedAt} ${each}`, () => html`<div class=${`track${moves ? ' moves' : ''}`} ${place({ now: s(to) })}>
        ${repeat(ticks, at => at, at => html`<span class="tick" ${place({ at: s(at) })}>${clock(at, 0)}</span>`)}
        ${repeat(slots, each => each.slot.number, each => one(each, s, stream, status))}
        ${stream.spans.map(span => html`<div class="bypassed" ${place({ at: s(Math.max(span.fromMs, now - past)), for: ((span.toMs ?? now + ahead) - Math.max(span.fromMs, now - past)) / 1000 })}>bypass</div>`)}
      </div>`)}
      <div class="nowline"><span>on air</span></div>
    </div>
    <ul class="legend" aria-label="Legend">
      <li><i class="slot k-dub">D</i> dub</li>
      <li><i class="slot k-original">O</i> original, and why</li>
      <li><i class="slot k-vetoed">V</i> vetoed</li>
      <li><i class="slot k-waiting">W</i> waits for the dub</li>
      <li><i class="slot k-original">L</i> original: answered too late</li>
    </ul>
  </section>`;
}

function one(each, s, stream, status) {
  const { slot } = each;
  const reason = each.kind === 'original' && slot.reason ? plain(slot.reason) : each.kind === 'vetoed' ? 'vetoed' : '';
  const at = wall(stream.at + slot.startMs - status.outputMs);
  return html`<div
    class=${`slot k-${each.kind}${each.onAir ? ' now' : ''}${each.soon ? ' soon' : ''}`}
    title=${`slot ${slot.number}, ${at}: ${nameOf(each.kind)}${reason ? `, ${reason}` : ''}${each.late ? ', answered too late' : ''}`}
    ${place({ at: s(slot.startMs), for: (slot.endMs - slot.startMs) / 1000 })}
  ><b>${each.letter}</b><em>${reason}</em>${reason ? nothing : html`<small>${slot.number}</small>`}</div>`;
}
