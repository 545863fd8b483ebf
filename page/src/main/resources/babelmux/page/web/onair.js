// Says what viewers get of a stream. Pure.
import { language, plain, seconds, span } from './format.js';
import { slotAt } from './strip.js';

const BEGIN_MS = 3000;

/**
 * What is on air, that is: written to the stream's output.
 *
 * @returns {{kind: string, tone: 'good'|'warn'|'bad'|'calm', title: string, detail: string}} kind changes when what is
 *   heard changes, not with each slot
 */
export function onAir(status) {
  switch (status.state) {
    case 'STARTING':
      return status.flags?.sourceLost
        ? { kind: 'starting', tone: 'warn', title: 'Waiting for the source', detail: 'It has not been read yet. It is tried again and again.' }
        : { kind: 'starting', tone: 'calm', title: 'Opening the source', detail: 'Nothing has been read yet.' };
    case 'BUFFERING':
      return {
        kind: 'buffering',
        tone: 'calm',
        title: status.outputMs == null ? 'Buffering' : `On air in ${Math.max(0, Math.ceil((BEGIN_MS - status.outputMs) / 1000))} s`,
        detail: `The delay of ${span(status.delayMs)} passes first. Nothing leaves yet.`,
      };
    case 'ENDED':
      return { kind: 'ended', tone: 'calm', title: 'Ended', detail: 'Everything that was read has left.' };
    case 'FAILED':
      return {
        kind: 'failed',
        tone: 'bad',
        title: 'Failed',
        detail: status.reason ? `${status.reason.message} (${status.reason.blame}${status.reason.retryable ? ', trying again may help' : ''})` : '',
      };
    default:
      return live(status);
  }
}

function live(status) {
  const flags = status.flags ?? {};
  const draining = status.state === 'DRAINING' ? ' The stream drains: what was read still leaves.' : '';
  // The flag is for any destination; the first is the stream's own output.
  const [own, ...further] = status.destinations ?? [];
  if (own ? isDown(own) : flags.destinationDown) {
    return {
      kind: 'down',
      tone: 'bad',
      title: 'Nothing on air: the output is down',
      detail: (own?.lastError ?? 'It is tried again and again.') + draining,
    };
  }
  const heard = sound(status, flags);
  if (flags.sourceLost && status.state === 'LIVE') {
    return {
      ...heard,
      kind: `lost-${heard.kind}`,
      tone: 'bad',
      title: 'Source lost',
      detail: `What was read before still leaves (${heard.title}). It is tried again and again.`,
    };
  }
  const lost = further.filter(isDown).map(each => each.name);
  const missing = lost.length ? ` Not at ${lost.join(', ')}: ${lost.length > 1 ? 'they are' : 'it is'} down.` : '';
  return {
    ...heard,
    tone: lost.length && heard.tone === 'good' ? 'warn' : heard.tone,
    detail: (heard.detail + missing + draining).trim(),
  };
}

/** Takes nothing, also while it is tried again. */
function isDown(destination) {
  return destination.state === 'down' || (destination.state === 'connecting' && destination.lastError != null);
}

function sound(status, flags) {
  const dub = (status.dubs ?? [])[0];
  const name = dub ? language(dub.language) : null;
  if (status.bypass?.active) {
    return {
      kind: 'bypass',
      tone: 'warn',
      title: 'Original on air: bypass',
      detail: status.bypass.since ? `An operator took the dub off air ${since(status)}.` : 'An operator took the dub off air.',
    };
  }
  if (!flags.original && flags.dubbing) {
    return { kind: 'dub', tone: 'good', title: `Dub on air: ${name ?? 'dub'}`, detail: '' };
  }
  const slot = slotAt(status.slots, status.outputMs);
  if (slot?.vetoed) {
    return { kind: 'vetoed', tone: 'warn', title: 'Original on air: vetoed', detail: `An operator kept the dub of slot ${slot.number} off air.` };
  }
  if (slot?.state === 'original') {
    return {
      kind: 'original',
      tone: 'warn',
      title: `Original on air: ${plain(slot.reason ?? 'no dub')}`,
      detail: reason(slot.reason),
    };
  }
  if (!dub) {
    return { kind: 'original', tone: 'calm', title: 'Original on air', detail: 'This stream has no dub.' };
  }
  return { kind: 'original', tone: 'warn', title: 'Original on air', detail: 'No slot with a dub has left yet.' };
}

function since(status) {
  const ms = status.bypass.sinceMs;
  return ms == null || status.outputMs == null || ms > status.outputMs ? '' : `${seconds(status.outputMs - ms)} s ago`;
}

const REASONS = {
  timeout: 'The STS did not answer before the slot was due.',
  error: 'The STS refused the fragment, or cannot be used.',
  overload: 'The STS, or this worker, has too much to do.',
  invalid_output: 'The answer of the STS cannot be played.',
  breaker_open: 'The breaker is open: the STS failed too often and is left alone for a while.',
  disconnected: 'There is no connection to the STS.',
};

/** One sentence for a reason of a fallback. */
export function reason(name) {
  return REASONS[name] ?? '';
}
