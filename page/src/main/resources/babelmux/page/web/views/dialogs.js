// Questions before what cannot be taken back, and the list of keys. Escape closes each of them.
import { html, nothing } from '../lib/lit-html.js';
import { KEYS, enabled } from '../keys.js';
import { span } from '../format.js';

export function dialogs(app, actions) {
  const { dialog } = app;
  if (!dialog) return nothing;
  const delay = app.state.streams.get(dialog.id)?.status.delayMs;
  switch (dialog.kind) {
    case 'drain':
      return ask(actions, `Drain ${dialog.id}?`, html`Reading stops. What was read leaves within ${span(delay)}, then the stream ends. It starts again with the next publisher.`, [
        ['Drain', () => actions.drain(dialog.id)],
        ['End at once', () => actions.end(dialog.id), 'what has not left is lost'],
      ]);
    case 'drain-worker':
      return ask(actions, 'Drain the worker?', 'All streams end when what was read has left. New ones are refused until you accept streams again.', [
        ['Drain all streams', actions.drainWorker],
      ]);
    case 'remove':
      return ask(actions, `Turn off destination ${dialog.name}?`, html`What waits is sent, then the connection ends. The stream <b>${dialog.id}</b> goes on. To turn it on again you need its whole URL.`, [
        ['Turn off', () => actions.removeDestination(dialog.id, dialog.name)],
      ]);
    case 'destination':
      return destination(dialog, actions);
    default:
      return help(actions);
  }
}

function frame(actions, title, content) {
  return html`<dialog aria-labelledby="dialog-title" @close=${actions.close} @cancel=${actions.close}>
    <h2 id="dialog-title">${title}</h2>
    ${content}
  </dialog>`;
}

function ask(actions, title, text, choices) {
  return frame(
    actions,
    title,
    html`<p>${text}</p>
      <p class="choices">
        <button autofocus @click=${actions.close}>Cancel</button>
        ${choices.map(([word, act, hint]) => html`<button
            class="danger"
            @click=${() => {
              actions.close();
              act();
            }}
          >${word}${hint ? html`<small>${hint}</small>` : nothing}</button>`)}
      </p>`,
  );
}

function destination(dialog, actions) {
  const submit = async event => {
    event.preventDefault();
    const { name, url } = event.target.elements;
    const added = await actions.addDestination(dialog.id, name.value.trim(), url.value.trim());
    if (added) actions.close();
  };
  return frame(
    actions,
    `Add a destination to ${dialog.id}`,
    html`<form @submit=${submit}>
      <label for="d-name">Name</label>
      <input id="d-name" name="name" required pattern="[A-Za-z0-9][A-Za-z0-9_\\-]{0,31}" maxlength="32" autocomplete="off" autofocus aria-describedby="d-name-hint">
      <p class="hint" id="d-name-hint">A letter or digit, then letters, digits, - and _.</p>
      <label for="d-url">URL</label>
      <input id="d-url" name="url" required maxlength="1000" autocomplete="off" spellcheck="false" aria-describedby="d-url-hint">
      <p class="hint" id="d-url-hint">rtmp://HOST/APP/KEY, rtmps://… or srt://HOST:PORT?streamid=ID. The host has to be in output.destinations-allow. It begins with the next keyframe.</p>
      <p class="choices"><button type="button" @click=${actions.close}>Cancel</button><button type="submit" class="main">Add</button></p>
    </form>`,
  );
}

function help(actions) {
  return frame(
    actions,
    'Keyboard',
    html`<dl class="keys">${KEYS.map(([key, does]) => html`<div><dt><kbd>${key.length === 1 && key >= 'A' && key <= 'Z' ? `Shift ${key}` : key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
      <label class="switch"><input type="checkbox" .checked=${enabled()} @change=${event => actions.keys(event.target.checked)}> Use these keys</label>
      <p class="hint">“On air” means written to the output. Viewers, and the players here, see it some seconds later. Output times count from the begin of the stream's output; clock times are those of this browser.</p>
      <p class="choices"><button autofocus @click=${actions.close}>Close</button></p>`,
  );
}
