// Plays source and output beside each other. The elements live as long as the page: their sound can be taken only once.
import { ahead, catchUp, step } from './hold.js';
import { trackFor } from './captions.js';
import { Levels } from './levels.js';

// How late words over the video may come.
const TICK_MS = 250;
const PROBE_MS = 6000;
const RETRY_MS = 3000;
/** Cues that were shown are forgotten after a while. */
const OLD_CUE_SECONDS = 60;
/** Both players ask for what can be played; one answer is for both. */
const ASKED_MS = 1000;

class Deck {
  constructor(name, changed) {
    this.name = name;
    this.changed = changed;
    this.video = document.createElement('video');
    this.video.playsInline = true;
    this.video.muted = true;
    this.video.setAttribute('aria-label', name === 'source' ? 'Source' : 'Output');
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'levels';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.held = false;
    this.plain = false;
    this.words = this.video.addTextTrack('subtitles', 'Captions');
    this.words.mode = 'hidden';
    this.reset();
    this.video.addEventListener('playing', () => {
      this.begun = true;
      this.say('playing', '');
    });
    this.video.addEventListener('waiting', () => {
      if (this.state === 'playing') this.say('loading', 'Waiting for data.');
    });
  }

  reset() {
    this.hls = null;
    this.flv = null;
    this.kind = '';
    this.state = 'off';
    this.text = '';
    this.tracks = [];
    this.holding = 0;
    this.begun = false;
  }

  say(state, text) {
    if (this.state === 'off' && state !== 'loading') return;
    this.state = state;
    this.text = text;
    this.changed();
  }

  stop() {
    this.run = null;
    clearTimeout(this.again);
    this.hls?.destroy();
    this.flv?.destroy();
    this.showCues(false);
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
    this.reset();
    this.changed();
  }

  /** Plays the first of these that answers. */
  async play(target, bufferSeconds) {
    this.stop();
    const run = (this.run = {});
    this.state = 'loading';
    this.text = 'Looking for it…';
    this.changed();
    if (target.why) {
      this.say('none', target.why);
      return;
    }
    const found = await this.find(target);
    if (this.run !== run) return;
    if (!found) {
      this.say('none', `It cannot be played here: neither HLS (${target.hls}) nor HTTP-FLV answers. Look at page.hls-url.`);
      this.retry(run, target, bufferSeconds, 10 * RETRY_MS);
      return;
    }
    if (found === 'nothing') {
      this.say('loading', this.name === 'source' ? 'Nobody publishes now. It goes on when somebody does.' : 'Nothing is on air now. It goes on when something is.');
      this.retry(run, target, bufferSeconds, RETRY_MS);
      return;
    }
    if (found === 'later') {
      this.say('loading', 'The server has nothing to play yet. Trying again…');
      this.retry(run, target, bufferSeconds, RETRY_MS);
      return;
    }
    const again = why => {
      if (this.run !== run) return;
      this.say('loading', `${why} Trying again…`);
      this.retry(run, target, bufferSeconds, RETRY_MS);
    };
    try {
      await (found.kind === 'flv' ? this.playFlv(found.url, again) : this.playHls(found.url, bufferSeconds, again));
    } catch (e) {
      if (this.run === run) this.say('none', `This browser cannot play it: ${e.message}`);
    }
  }

  retry(run, target, bufferSeconds, ms) {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.run === run && this.play(target, bufferSeconds), ms);
  }

  /**
   * What can be played; null when nothing answers, "later" when the server has nothing to play yet, "nothing" when nothing
   * is there. The worker is asked: a browser notes each 404 as an error.
   */
  async find(target) {
    switch (await target.kind()) {
      case 'hls':
        // The worker's playlist has the subtitles; MediaMTX's will do when it cannot be had.
        return { kind: 'hls', url: target.own && !this.plain ? target.own : target.hls };
      case 'flv':
        return { kind: 'flv', url: target.flv };
      case 'not_yet':
        return 'later';
      case 'nothing':
        return 'nothing';
      default:
        break;
    }
    if ((await answer(target.hls)) === 200) return { kind: 'hls', url: target.hls };
    if ((await answer(target.flv)) === 200) return { kind: 'flv', url: target.flv };
    return null;
  }

  async playHls(url, bufferSeconds, again) {
    const { default: Hls } = await import('./vendor/hls.js');
    this.kind = 'hls';
    if (!Hls.isSupported()) {
      if (!this.video.canPlayType('application/vnd.apple.mpegurl')) throw new Error('it has no Media Source Extensions');
      this.video.src = url;
      await this.video.play();
      return;
    }
    const hls = new Hls({
      enableWorker: false,
      lowLatencyMode: true,
      backBufferLength: 20,
      maxBufferLength: bufferSeconds,
      maxMaxBufferLength: bufferSeconds + 30,
      maxBufferSize: 200e6,
      // Its own tracks load an empty data: URL, which the page's policy does not allow.
      renderTextTracksNatively: false,
    });
    this.hls = hls;
    // Where this player is held back it is older than the playlist. hls.js would go to the newest whenever data is late.
    const newest = () => Object.getOwnPropertyDescriptor(Hls.prototype, 'liveSyncPosition').get.call(hls);
    Object.defineProperty(hls, 'liveSyncPosition', { get: () => (this.held && this.begun ? null : newest()) });
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, (name, data) => {
      this.tracks = data.subtitleTracks;
      this.onTracks?.();
      this.changed();
    });
    hls.on(Hls.Events.CUES_PARSED, (name, data) => {
      if (data.type === 'subtitles') this.addCues(data.cues);
    });
    hls.on(Hls.Events.ERROR, (name, data) => {
      if (!data.fatal || this.hls !== hls) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
        this.recovered = true;
        hls.recoverMediaError();
        return;
      }
      this.recovered = false;
      this.plain = !this.plain && data.details.startsWith('manifestLoad');
      again('The player lost it.');
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.start());
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  /** Cues of one subtitle track; segments overlap, and a cue has the same id in both. */
  addCues(cues) {
    const { cues: known } = this.words;
    for (const cue of [...known]) {
      if (cue.endTime < this.video.currentTime - OLD_CUE_SECONDS) this.words.removeCue(cue);
    }
    for (const cue of cues) {
      if (!cue.id || !known.getCueById(cue.id)) this.words.addCue(cue);
    }
  }

  /** Shows the cues that come from now on, or none. */
  showCues(shown) {
    for (const cue of [...this.words.cues]) this.words.removeCue(cue);
    this.words.mode = shown ? 'showing' : 'hidden';
  }

  async playFlv(url, again) {
    if (!globalThis.mpegts) await script('page/vendor/mpegts.js');
    const mpegts = globalThis.mpegts;
    if (!mpegts?.isSupported()) throw new Error('it has no Media Source Extensions');
    mpegts.LoggingControl.enableAll = false;
    this.kind = 'flv';
    const flv = mpegts.createPlayer(
      { type: 'flv', isLive: true, url, cors: true },
      {
        enableWorker: false,
        enableStashBuffer: false,
        lazyLoad: false,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: 40,
        autoCleanupMinBackwardDuration: 20,
      },
    );
    this.flv = flv;
    flv.on(mpegts.Events.ERROR, () => again('The player lost it.'));
    flv.on(mpegts.Events.LOADING_COMPLETE, () => again('It has ended.'));
    flv.attachMediaElement(this.video);
    flv.load();
    this.start();
  }

  start() {
    this.video.play()?.catch(() => {});
  }

  /** When what is seen reached the server, milliseconds since 1970; null where nothing tells. */
  get date() {
    return this.hls?.playingDate?.getTime() ?? null;
  }

  /** Seconds that could be played without loading. */
  get buffered() {
    const { buffered, currentTime } = this.video;
    return buffered.length ? Math.max(0, buffered.end(buffered.length - 1) - currentTime) : 0;
  }

  /** Seconds behind the newest that the server has; null while nothing plays. */
  get lag() {
    if (this.video.readyState < 2) return null;
    return this.hls ? this.hls.latency || null : this.buffered;
  }

  /** Stays near the newest; HLS does that itself. */
  catchUp() {
    const { rate, jump } = catchUp(this.buffered);
    if (jump) this.toEdge();
    else if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  /** Goes to the newest. */
  toEdge() {
    this.holding = 0;
    this.video.playbackRate = 1;
    const sync = this.hls?.liveSyncPosition;
    // Not further than what is there: it would stand still.
    if (sync) this.video.currentTime = Math.min(sync, this.video.currentTime + Math.max(0, this.buffered - 1));
    else if (this.buffered > 2) this.video.currentTime += this.buffered - 1;
    this.start();
  }
}

/** The status that a GET of this address is answered with, 0 for none; the body is left alone. */
async function answer(url) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PROBE_MS);
  try {
    const response = await fetch(url, { signal: stop.signal, cache: 'no-store', credentials: 'same-origin' });
    return response.status;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function script(src) {
  return new Promise((done, failed) => {
    const element = document.createElement('script');
    element.src = src;
    element.onload = done;
    element.onerror = () => failed(new Error(`${src} did not load`));
    document.head.append(element);
  });
}

export class Players {
  /** @param changed is called when something is to be shown anew */
  constructor(changed) {
    this.changed = changed;
    this.source = new Deck('source', changed);
    this.output = new Deck('output', changed);
    // The next tick would be too late: meanwhile one would be ahead of the other.
    for (const event of ['waiting', 'playing', 'seeked']) this.output.video.addEventListener(event, () => this.tick());
    this.levels = null;
    this.stream = null;
    this.delay = 0;
    this.heard = null;
    this.held = false;
    this.captions = 'off';
    this.over = false;
    this.dubLanguage = undefined;
    // A player that began anew shows captions as before.
    this.output.onTracks = () => this.caption(this.captions, this.dubLanguage);
    this.timer = 0;
    this.resume = 0;
  }

  get on() {
    return this.stream !== null;
  }

  /**
   * Tells how the stream is.
   *
   * @param over whether it has ended: then there is nothing to ask for until it begins anew
   */
  know(over) {
    this.over = over;
  }

  /** Begins. Called by a click, so that sound may be made later. */
  watch(stream, delaySeconds, targets) {
    const kinds = once(targets.kinds, ASKED_MS);
    for (const name of ['source', 'output']) targets[name].kind = async () => (this.over ? 'nothing' : (await kinds())?.[name]);
    if (!this.levels) {
      try {
        this.levels = new Levels();
        for (const deck of [this.source, this.output]) {
          this.levels.add(deck.name, deck.video, deck.canvas);
          deck.video.muted = false;
        }
      } catch {
        // Without Web Audio they play, and show no levels.
        this.levels = null;
      }
    }
    this.stream = stream;
    this.delay = delaySeconds;
    this.hear(this.heard);
    this.source.held = this.held;
    this.source.play(targets.source, delaySeconds + 30);
    this.output.play(targets.output, 20);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.changed();
  }

  stop() {
    clearInterval(this.timer);
    clearTimeout(this.resume);
    this.stream = null;
    this.source.stop();
    this.output.stop();
  }

  hear(name) {
    this.heard = name;
    if (this.levels) {
      this.levels.hear(name);
    } else {
      this.source.video.muted = name !== 'source';
      this.output.video.muted = name !== 'output';
    }
    this.changed();
  }

  hold(on) {
    this.held = on;
    this.source.held = on;
    if (this.on && !on) this.source.toEdge();
    this.tick();
    this.changed();
  }

  caption(kind, dubLanguage) {
    this.captions = kind;
    this.dubLanguage = dubLanguage;
    const { hls, tracks } = this.output;
    if (hls && tracks.length) {
      const track = kind === 'off' ? -1 : trackFor(tracks, kind, dubLanguage);
      if (hls.subtitleTrack !== track) {
        this.output.showCues(track >= 0);
        hls.subtitleTrack = track;
      }
    }
  }

  tick() {
    if (!this.on) return;
    const { source, output } = this;
    if (output.kind === 'flv') output.catchUp();
    if (this.held) this.keepStep();
    else if (source.kind === 'flv') source.catchUp();
    this.changed();
  }

  /** How far the source is ahead of the output, in seconds of what is said; null when it cannot be told. */
  get apart() {
    return ahead({ date: this.source.date, lag: this.source.lag }, { date: this.output.date, lag: this.output.lag }, this.delay);
  }

  keepStep() {
    const { source, output } = this;
    if (source.video.readyState < 2 || !output.kind) return;
    clearTimeout(this.resume);
    const apart = this.apart;
    if (output.video.readyState < 3) {
      // The output stands still: so does the source, unless it is behind.
      if (apart == null || apart > -0.1) source.video.pause();
      return;
    }
    const { wait, rate, seek } = step(apart, source.buffered);
    source.holding = wait;
    if (wait > 0) {
      source.video.pause();
      // The last bit to the point: a tick would be half a second late.
      if (wait < 1) this.resume = setTimeout(() => this.held && this.on && source.start(), wait * 1000);
      return;
    }
    if (source.video.paused) source.start();
    source.video.playbackRate = rate;
    if (seek > 0) source.video.currentTime += seek;
  }
}

/** The same question, asked once for all who ask within a while. */
function once(ask, ms) {
  let at = -Infinity;
  let answer = null;
  return () => {
    if (Date.now() - at > ms) {
      at = Date.now();
      answer = ask();
    }
    return answer;
  };
}
