// Turns values into text. Pure; all times are in milliseconds.

const NONE = '–';

/** 75250 -> "1:15.2"; of an hour or more "1:01:15.2". Negative times keep their sign. */
export function clock(ms, digits = 1) {
  if (ms == null || !Number.isFinite(ms)) return NONE;
  const unit = 10 ** digits;
  const all = Math.floor((Math.abs(ms) / 1000) * unit) / unit;
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  const seconds = (all % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, '0');
  const rest = hours ? `${hours}:${String(minutes).padStart(2, '0')}` : `${minutes}`;
  return `${ms < 0 && all > 0 ? '-' : ''}${rest}:${seconds}`;
}

/** Wall clock of this browser, "21:03:07". */
export function wall(ms) {
  if (ms == null || !Number.isFinite(ms)) return NONE;
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(n => String(n).padStart(2, '0')).join(':');
}

/** 14500 -> "14.5 s", 640 -> "640 ms". */
export function span(ms) {
  if (ms == null || !Number.isFinite(ms)) return NONE;
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  return `${seconds(ms)} s`;
}

/** 14500 -> "14.5"; whole from 100 on. */
export function seconds(ms) {
  const value = ms / 1000;
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** 93784 (seconds) -> "1 d 2 h", 125 -> "2 min". */
export function age(s) {
  if (s == null || !Number.isFinite(s)) return NONE;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** 1048576 -> "1.0 MiB". */
export function bytes(n) {
  if (n == null || !Number.isFinite(n)) return NONE;
  if (n < 1024) return `${n} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = n;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 0.421 -> "42 %". */
export function percent(share) {
  return share == null || !Number.isFinite(share) ? NONE : `${Math.round(share * 100)} %`;
}

/** "invalid_output" -> "invalid output". */
export function plain(name) {
  return name == null ? NONE : String(name).replaceAll('_', ' ').replaceAll('-', ' ');
}

/** Several with a comma, or what stands for none. */
export function value(v) {
  return v == null || v === '' ? NONE : v;
}

/** The name of a language, "es" -> "Spanish (es)"; the code alone where the browser knows no name. */
export function language(code) {
  if (!code) return 'dub';
  try {
    const name = new Intl.DisplayNames(['en'], { type: 'language' }).of(code);
    return name && name !== code ? `${name} (${code})` : code;
  } catch {
    return code;
  }
}
