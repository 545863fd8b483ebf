// All streams, each in a few words.
import { html, nothing } from '../lib/lit-html.js';
import { repeat } from '../lib/directives/repeat.js';
import { span } from '../format.js';
import { onAir } from '../onair.js';
import { layout, nameOf, summary } from '../strip.js';
import { lateSegments, outputNow } from '../state.js';

const MARKS = { good: '●', warn: '▲', bad: '■', calm: '○' };

export function list(app, streams, chosen) {
  return html`<nav class="list" aria-label="Streams">
    <ul>
      ${repeat(streams, each => each.status.streamId, each => row(app, each, each === chosen))}
    </ul>
  </nav>`;
}

function row(app, stream, chosen) {
  const { status } = stream;
  const air = onAir(status);
  const now = outputNow(stream, app.now, app.state.connection.kind === 'open');
  const down = (status.destinations ?? []).filter(each => each.state === 'down').length;
  const warnings = status.warnings?.length ?? 0;
  return html`<li>
    <a class=${`row ${air.tone}`} href=${`#stream/${encodeURIComponent(status.streamId)}`} aria-current=${chosen ? 'true' : nothing}>
      <span class="name"><span class=${`mark tone ${air.tone}`} aria-hidden="true">${MARKS[air.tone]}</span>${status.streamId}</span>
      <span class="state">${status.state === 'LIVE' ? span(status.sts?.rttMs) : status.state.toLowerCase()}</span>
      <span class=${`what tone ${air.tone}`}>${air.title}</span>
      ${mini(status, now, app.state.journal.get(status.streamId))}
      ${down || warnings || (status.sts && status.sts.breaker !== 'closed')
        ? html`<span class="flags">
            ${down ? html`<span class="chip bad">${down} down</span>` : nothing}
            ${status.sts && status.sts.breaker && status.sts.breaker !== 'closed' ? html`<span class="chip warn">breaker ${status.sts.breaker.replace('_', ' ')}</span>` : nothing}
            ${warnings ? html`<span class="chip warn">${warnings} warning${warnings > 1 ? 's' : ''}</span>` : nothing}
          </span>`
        : nothing}
    </a>
  </li>`;
}

function mini(status, now, journal) {
  const slots = layout(status.slots, now, lateSegments(journal));
  if (!slots.length) return nothing;
  return html`<span class="mini" role="img" aria-label=${`Last slots: ${summary(status.slots, now)}`}>
    ${repeat(slots, each => each.slot.number, each => html`<i class=${`k-${each.kind}${each.onAir ? ' now' : ''}`} title=${`slot ${each.slot.number}: ${nameOf(each.kind)}`}></i>`)}
  </span>`;
}
