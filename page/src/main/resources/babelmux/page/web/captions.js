// Words for the video that plays, where the playlist has no subtitles. Pure.
import { slotAt } from './strip.js';

/**
 * The words of the slot that is seen.
 *
 * @param outputMs output time that leaves now
 * @param lag seconds that the player is behind
 * @param kind "transcript" or "translation"
 */
export function wordsAt(slots, outputMs, lag, kind) {
  if (outputMs == null || lag == null) return '';
  return slotAt(slots, outputMs - lag * 1000)?.[kind] ?? '';
}

/** The subtitle track for this kind of words: the dub's language, or the other one; -1 for none. */
export function trackFor(tracks, kind, dubLanguage) {
  const base = code => (code ?? '').toLowerCase().split('-')[0];
  return tracks.findIndex(track => (base(track.lang) === base(dubLanguage)) === (kind === 'translation'));
}
