// The slots of a stream as the page shows them. Pure; all times are output times in milliseconds.

/** Slots that have left and are shown, as the worker keeps them. */
export const LEFT = 20;
/** Length of a slot where none is known yet. */
const SLOT_MS = 6000;
/** A dub that is mixed already cannot be vetoed. */
const MIXED_MS = 400;

const LETTERS = { dub: 'D', original: 'O', vetoed: 'V', waiting: 'W' };
const NAMES = { dub: 'dub', original: 'original', vetoed: 'vetoed', waiting: 'waiting for the dub' };

/** What fills a slot: "dub", "original", "vetoed" or "waiting". */
export function kindOf(slot) {
  if (slot.vetoed) return 'vetoed';
  return LETTERS[slot.state] ? slot.state : 'waiting';
}

/** The letter of a kind, for those who do not go by colours. */
export function letterOf(kind) {
  return LETTERS[kind];
}

export function nameOf(kind) {
  return NAMES[kind];
}

/** The slot that is on air at this time, or null. */
export function slotAt(slots, ms) {
  return (slots ?? []).find(slot => slot.startMs <= ms && ms < slot.endMs) ?? null;
}

/** Whether a veto of this slot would still be taken. */
export function canVeto(slot, outputMs) {
  return !slot.aired && !slot.vetoed && slot.state !== 'original' && slot.startMs - outputMs > MIXED_MS;
}

/** The next slot that a veto would keep off air, or null. */
export function nextToVeto(slots, outputMs) {
  return (slots ?? []).filter(slot => canVeto(slot, outputMs)).sort((a, b) => a.startMs - b.startMs)[0] ?? null;
}

/**
 * Slots in order, each with its kind, its letter, the time until it leaves (negative: since it began to leave),
 * whether it is on air, and whether its answer came too late.
 *
 * @param late numbers of the segments whose answer came late
 */
export function layout(slots, outputMs, late = new Set()) {
  const sorted = [...(slots ?? [])].sort((a, b) => a.startMs - b.startMs);
  const left = sorted.filter(slot => slot.endMs <= outputMs).slice(-LEFT);
  const rest = sorted.filter(slot => slot.endMs > outputMs);
  return [...left, ...rest].map(slot => {
    const kind = kindOf(slot);
    return {
      slot,
      kind,
      letter: late.has(slot.number) && kind === 'original' ? 'L' : LETTERS[kind],
      inMs: slot.startMs - outputMs,
      onAir: slot.startMs <= outputMs && outputMs < slot.endMs,
      late: late.has(slot.number),
      soon: kind === 'waiting' && slot.startMs - outputMs < 3000,
    };
  });
}

/** How much time the strip shows: 20 slots that have left, and all that has not, in milliseconds. */
export function windowOf(slots, delayMs) {
  const length = (slots ?? []).reduce((most, slot) => Math.max(most, slot.endMs - slot.startMs), 0) || SLOT_MS;
  return { past: LEFT * length, ahead: Math.max(delayMs ?? 0, length) + length / 2 };
}

/** "17 dub, 3 original": the slots that have left. */
export function summary(slots, outputMs) {
  const counts = new Map();
  for (const { slot, kind } of layout(slots, outputMs)) {
    if (slot.startMs <= outputMs) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = ['dub', 'original', 'vetoed', 'waiting'].filter(kind => counts.has(kind)).map(kind => `${counts.get(kind)} ${kind}`);
  return parts.length ? parts.join(', ') : 'no slot has left yet';
}
