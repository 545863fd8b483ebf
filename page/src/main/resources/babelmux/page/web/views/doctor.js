// What doctor found, and a run of it.
import { html, nothing } from '../lib/lit-html.js';
import { seconds, wall } from '../format.js';

const LEVELS = { fail: ['bad', '■', 'fail'], warn: ['warn', '▲', 'warn'], ok: ['good', '●', 'ok'], unknown: ['calm', '○', 'unknown'] };
const ORDER = ['fail', 'warn', 'unknown', 'ok'];

export function doctor(app, actions) {
  const { report } = app;
  const busy = app.busy.has('doctor');
  const findings = [...(report?.findings ?? [])].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  return html`<section class="doctor" aria-labelledby="doctor-title">
    <header>
      <h2 id="doctor-title">Doctor</h2>
      <p>Looks at everything between the publisher and the viewer. A run publishes to a path of its own for 4 s; streams are left alone.</p>
      <p class="acts">
        <button class="main" ?disabled=${busy} @click=${() => actions.runDoctor(true)}>${busy ? 'Looking…' : 'Run doctor'}</button>
        <button ?disabled=${busy} @click=${() => actions.runDoctor(false)}>Run without publishing</button>
      </p>
      ${busy ? html`<progress aria-label="Doctor runs"></progress>` : nothing}
      ${app.reportText ? html`<p class="hint" role="status">${app.reportText}</p>` : nothing}
    </header>
    ${report
      ? html`<p class="summary">${word(report.level)} <span>${wall(Date.parse(report.time))}, took ${seconds(report.tookMs)} s, version ${report.version}</span></p>
          <ul class="findings">
            ${findings.map(each => html`<li class=${(LEVELS[each.level] ?? LEVELS.unknown)[0]}>
              ${word(each.level)}
              <div>
                <p><b>${each.subject}</b>${each.code ? html` <code>${each.code}</code>` : nothing}</p>
                <p>${each.text}</p>
                ${each.advice ? html`<p class="advice"><b>Do:</b> ${each.advice}</p>` : nothing}
              </div>
            </li>`)}
          </ul>`
      : nothing}
  </section>`;
}

function word(level) {
  const [tone, mark, text] = LEVELS[level] ?? LEVELS.unknown;
  return html`<span class=${`level tone ${tone}`}><span aria-hidden="true">${mark}</span> ${text}</span>`;
}
