// Keyboard. Single keys can be turned off: they are in the way of those who speak to their computer.

/** What the keys do, in the order in which they are shown. */
export const KEYS = [
  ['j', 'next stream'],
  ['k', 'previous stream'],
  ['w', 'watch source and output, or stop'],
  ['h', 'hold the source back by the delay'],
  ['s', 'sound: none, source, output'],
  ['c', 'captions: off, original, translation'],
  ['d', 'doctor, or back to the streams'],
  ['B', 'bypass: take the dubs off air, or on air again'],
  ['V', 'veto of the next slot that leaves'],
  ['?', 'this list'],
];

const STORED = 'babelmux-keys';

export function enabled() {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function enable(on) {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // Then it holds for this page only.
  }
}

/** Calls `press(key)` for a key of the list. */
export function listen(press) {
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || !enabled()) return;
    if (event.target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, dialog')) return;
    if (KEYS.some(([key]) => key === event.key) && press(event.key)) event.preventDefault();
  });
}
