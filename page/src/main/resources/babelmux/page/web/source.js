// Finds out what a player can be given. Pure.

const HLS_PORT = 8888;

/** Where the HLS is: the worker's setting, or this page's host. Without a slash at its end. */
export function hlsBase(hlsUrl, location) {
  const base = hlsUrl ?? `${location.protocol}//${location.hostname}:${HLS_PORT}`;
  return base.replace(/\/+$/, '');
}

/** Host, port and path of a media URL; null for what is none, such as a file. */
export function parts(url) {
  const match = /^(rtmps?|rtsps?|srt):\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?(?:\/([^?#]*))?/i.exec(url ?? '');
  if (!match) return null;
  const scheme = match[1].toLowerCase();
  const port = match[3] ?? { rtmp: '1935', rtmps: '1936', rtsp: '8554', rtsps: '8322', srt: '8890' }[scheme];
  return { scheme, host: match[2].toLowerCase(), port, path: (match[4] ?? '').replace(/\/+$/, '') };
}

function urls(base, path) {
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  return { hls: `${base}/${escaped}/index.m3u8`, flv: `${base}/${escaped}.flv` };
}

/**
 * What to try for the output, in this order: the worker's playlist with subtitles, the server's own, HTTP-FLV.
 *
 * @returns {{own: string, hls: string, flv: string}|{why: string}}
 */
export function outputOf(status, base) {
  const output = parts(status.outputUrl);
  if (!output || !output.path) return { why: 'The output is not at a server that this page can play from.' };
  return { own: `v1/streams/${encodeURIComponent(status.streamId)}/hls.m3u8`, ...urls(base, output.path) };
}

/** The same for the source, which can be played only when it is on the output's server. */
export function sourceOf(status, base) {
  const output = parts(status.outputUrl);
  const source = parts(status.source?.url);
  if (!source || !source.path) return { why: 'The source has no path that this page can play.' };
  if (!output || source.host !== output.host || (source.scheme === output.scheme && source.port !== output.port)) {
    return { why: `The source is on another server (${source.host}), not where the output is: it cannot be played here.` };
  }
  return urls(base, source.path);
}

/** What to publish to, as it is reached from where this page is: a worker beside MediaMTX knows it as its own machine. */
export function publishTo(told, location) {
  const address = told ?? `rtmp://${location.hostname}:1935/live/NAME/in`;
  return address.replace(/^(\w+:\/\/)(localhost|127(?:\.\d+){3}|\[::1\])(?=[:/])/i, (all, scheme) => `${scheme}${location.hostname}`);
}
