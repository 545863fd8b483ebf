// Source and output beside each other.
import { html, nothing } from '../lib/lit-html.js';
import { language, seconds } from '../format.js';
import { wordsAt } from '../captions.js';
import { outputNow } from '../state.js';

export function playersView(app, stream, players, actions) {
  const { status } = stream;
  const dub = status.dubs?.[0];
  const on = players.on;
  const now = outputNow(stream, app.now, app.state.connection.kind === 'open');
  const lag = players.output.lag;
  const overlay = on && players.captions !== 'off' && !players.output.tracks.length ? wordsAt(status.slots, now, lag, players.captions) : '';
  return html`<section class="players panel" aria-labelledby="players-title">
    <h3 id="players-title">Watch</h3>
    ${on ? html`<div class="pair">
      ${deck(players.source, 'Source', on, '', undefined)} ${deck(players.output, 'Output', on, overlay, players.captions === 'translation' ? dub?.language : undefined)}
    </div>` : nothing}
    <div class="controls">
      <button class=${on ? '' : 'main'} aria-keyshortcuts="w" @click=${() => actions.watch(stream)}>${on ? 'Stop' : 'Watch'}</button>
      <label class="switch"><input type="checkbox" .checked=${players.held} @change=${event => actions.hold(event.target.checked)}> Hold the source back by ${seconds(status.delayMs ?? 0)} s</label>
      <fieldset>
        <legend>Sound</legend>
        ${[[null, 'none'], ['source', 'source'], ['output', 'output']].map(
          ([name, word]) => html`<label><input type="radio" name="sound" .checked=${players.heard === name} @change=${() => actions.hear(name)}> ${word}</label>`,
        )}
      </fieldset>
      <label class="pick">Captions
        <select .value=${players.captions} @change=${event => actions.caption(event.target.value, dub?.language)} ?disabled=${app.page?.transcripts === false}>
          <option value="off">off</option><option value="transcript">original</option><option value="translation">${dub ? language(dub.language) : 'translation'}</option>
        </select>
      </label>
    </div>
    <p class="hint">
      “On air” means written to the output. ${on && lag != null ? html`This player is about <b>${seconds(lag * 1000)} s</b> behind that` : 'A player is some seconds behind that'}${
        on && players.held && players.apart != null ? html`; source and output are <b>${Math.abs(players.apart) < 0.1 ? 'in step' : `${seconds(Math.abs(players.apart) * 1000)} s apart`}</b>` : nothing
      }.
    </p>
  </section>`;
}

function deck(player, name, on, overlay, lang) {
  return html`<figure>
    <div class="screen">
      ${player.video}
      ${!on ? html`<span class="curtain"></span>` : player.holding > 0 ? html`<span class="curtain glass">held back: ${Math.ceil(player.holding)} s to go</span>` : player.text && player.state !== 'playing' ? html`<span class="curtain glass">${player.text}</span>` : nothing}
      ${overlay ? html`<span class="caption" lang=${lang ?? nothing}>${overlay}</span>` : nothing}
    </div>
    ${player.canvas}
    <figcaption>${name}</figcaption>
  </figure>`;
}
