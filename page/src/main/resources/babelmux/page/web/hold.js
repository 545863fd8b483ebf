// Holds the source player back, so that source and output say the same at the same time. Pure; seconds.

/** Nearer than this is in step. */
const IN_STEP = 0.06;
/** Further ahead than this waits, further behind than this jumps; nearer is mended by pace. */
const NEAR_AHEAD = 0.25;
const NEAR_BEHIND = 1.2;
/** Of what is near, and of what is behind and cannot jump: half a second in two. */
const MAX_PACE = 0.1;
const MAX_HURRY = 0.25;

/**
 * How far the source player is ahead of where it has to be; negative: behind. Null when it cannot be told.
 *
 * By dates, if both players know when what they play reached the server: the worker sent it on `delay` later. Else by how
 * far each is behind what it has received.
 *
 * @param source and output: `{date: ms|null, lag: seconds|null}`
 * @param delay of the stream in seconds
 */
export function ahead(source, output, delay) {
  if (source.date != null && output.date != null) {
    return (source.date - output.date) / 1000 + delay;
  }
  if (source.lag != null && output.lag != null) {
    return delay + output.lag - source.lag;
  }
  return null;
}

/**
 * What the source player has to do now.
 *
 * @param aheadBy of {@link ahead}
 * @param buffered seconds that it could go forward
 * @returns {{wait: number, rate: number, seek: number}} seconds to stand still (0: play), pace, seconds to jump
 */
export function step(aheadBy, buffered) {
  if (aheadBy == null || Math.abs(aheadBy) < IN_STEP) return { wait: 0, rate: 1, seek: 0 };
  if (aheadBy > NEAR_AHEAD) return { wait: aheadBy, rate: 1, seek: 0 };
  if (aheadBy < -NEAR_BEHIND && buffered > -aheadBy + 0.2) return { wait: 0, rate: 1, seek: -aheadBy };
  const most = aheadBy < -NEAR_AHEAD ? MAX_HURRY : MAX_PACE;
  const pace = Math.max(-most, Math.min(most, -aheadBy * 0.5));
  return { wait: 0, rate: Math.round((1 + pace) * 1000) / 1000, seek: 0 };
}

/**
 * How a player that may be late catches up with the newest that it has received.
 *
 * @param buffered seconds that it could go forward
 * @returns {{rate: number, jump: boolean}}
 */
export function catchUp(buffered) {
  if (buffered > 4) return { rate: 1, jump: true };
  return { rate: buffered > 1.2 ? 1.06 : 1, jump: false };
}
