// What is said, and what the dub says, slot by slot; the newest first, as they come.
import { html, nothing } from '../lib/lit-html.js';
import { repeat } from '../lib/directives/repeat.js';
import { clock, language, plain, seconds, wall } from '../format.js';
import { canVeto, layout, nameOf } from '../strip.js';
import { lateSegments, outputNow } from '../state.js';

export function words(app, stream, actions) {
  const { status } = stream;
  const connected = app.state.connection.kind === 'open';
  const now = outputNow(stream, app.now, connected);
  const slots = layout(status.slots, now, lateSegments(app.state.journal.get(status.streamId))).reverse();
  const dub = status.dubs?.[0];
  const hidden = app.page?.transcripts === false;
  return html`<section class="words panel" aria-labelledby="words-title">
    <h3 id="words-title">Words</h3>
    ${hidden ? html`<p class="hint">Transcripts are not shown here: <code>page.transcripts</code> is off.</p>` : nothing}
    ${slots.length
      ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="words-title">
          <table>
            <thead>
              <tr><th scope="col">Slot</th><th scope="col">Leaves</th><th scope="col">Original</th><th scope="col">${dub ? language(dub.language) : 'Dub'}</th></tr>
            </thead>
            <tbody>
              ${repeat(slots, each => each.slot.number, each => row(app, stream, each, now, dub, actions))}
            </tbody>
          </table>
        </div>`
      : html`<p class="hint">No segment has been cut yet.</p>`}
  </section>`;
}

function row(app, stream, each, now, dub, actions) {
  const { slot, kind } = each;
  const { status } = stream;
  const id = status.streamId;
  const at = stream.at + slot.startMs - status.outputMs;
  const why = kind === 'original' && slot.reason ? plain(slot.reason) : '';
  return html`<tr class=${`${each.onAir ? 'now' : each.inMs > 0 ? 'coming' : 'gone'}`}>
    <th scope="row">
      <span class=${`slot k-${kind}`} aria-hidden="true">${each.letter}</span>
      <span class="number">${slot.number}</span><span class="unseen">${nameOf(kind)}</span>
    </th>
    <td class="when">
      ${each.onAir ? html`<b>on air</b>` : each.inMs > 0 ? html`in ${seconds(Math.max(0, Math.round(each.inMs / 1000) * 1000))} s` : wall(at)}
      <small title="Time of the output">${clock(slot.startMs, 0)}</small>
    </td>
    <td>${slot.transcript ?? html`<span class="none">${each.kind === 'waiting' ? '…' : '–'}</span>`}</td>
    <td>
      ${why ? html`<span class="chip warn">${why}${each.late ? ', answered too late' : ''}</span> ` : nothing}
      ${kind === 'vetoed' ? html`<span class="chip calm">vetoed</span> ` : nothing}
      <span lang=${dub?.language ?? nothing} class=${kind === 'dub' ? '' : 'unheard'}>${slot.translation ?? (why ? '' : each.kind === 'waiting' ? '…' : kind === 'dub' ? '–' : '')}</span>
      ${canVeto(slot, now)
        ? html`<button class="veto" ?disabled=${app.busy.has(`veto ${id} ${slot.number}`)} @click=${() => actions.veto(id, slot.number)} aria-label=${`Veto slot ${slot.number}`}>Veto</button>`
        : nothing}
    </td>
  </tr>`;
}
