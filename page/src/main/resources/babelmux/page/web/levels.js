// Levels of both players, also of the one that is not heard: the sound is taken from the element, measured, and only then
// made loud or silent.

const FLOOR_DB = -60;
const PER_SECOND = 12;

/** Level from 0 (-60 dBFS and less) to 1 (full scale). Pure. */
export function height(peak) {
  if (!(peak > 0)) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak)) / FLOOR_DB));
}

/** Falls by 24 dB a second, rises at once. Pure. */
export function fall(before, now, seconds) {
  return Math.max(now, before - (24 / -FLOOR_DB) * seconds);
}

export class Levels {
  /** Needs a click of the user before it: no browser makes sound without one. */
  constructor() {
    this.context = new AudioContext({ latencyHint: 'playback' });
    this.inputs = new Map();
    this.timer = setInterval(() => this.draw(), 1000 / PER_SECOND);
  }

  /** Takes the sound of a video; once for each element. */
  add(name, video, canvas) {
    const source = this.context.createMediaElementSource(video);
    const splitter = this.context.createChannelSplitter(2);
    const gain = this.context.createGain();
    gain.gain.value = 0;
    const analysers = [0, 1].map(channel => {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 4096;
      splitter.connect(analyser, channel);
      return analyser;
    });
    source.connect(splitter);
    source.connect(gain).connect(this.context.destination);
    this.inputs.set(name, { canvas, gain, analysers, shown: [0, 0], samples: new Float32Array(4096) });
  }

  /** Lets one be heard, or none (null). */
  hear(name) {
    this.context.resume();
    for (const [each, input] of this.inputs) {
      input.gain.gain.setTargetAtTime(each === name ? 1 : 0, this.context.currentTime, 0.02);
    }
  }

  draw() {
    if (document.hidden) return;
    for (const input of this.inputs.values()) {
      const levels = input.analysers.map(analyser => {
        analyser.getFloatTimeDomainData(input.samples);
        let peak = 0;
        for (const sample of input.samples) peak = Math.max(peak, Math.abs(sample));
        return height(peak);
      });
      input.shown = input.shown.map((before, i) => fall(before, levels[i], 1 / PER_SECOND));
      paint(input.canvas, input.shown);
    }
  }
}

function paint(canvas, levels) {
  const style = getComputedStyle(canvas);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width || !height) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const paper = canvas.getContext('2d');
  paper.clearRect(0, 0, width, height);
  const bar = Math.floor((height - 2) / 2);
  levels.forEach((level, i) => {
    const y = i * (bar + 2);
    paper.fillStyle = style.getPropertyValue('--line');
    paper.fillRect(0, y, width, bar);
    paper.fillStyle = style.getPropertyValue(level > 0.985 ? '--bad' : level > 0.9 ? '--warn' : '--good');
    paper.fillRect(0, y, Math.round(width * level), bar);
  });
}
