// Asks the worker. Addresses are relative, so that a proxy may put the page below a path.

/** Of what a new connection waits for. */
const LIMIT_MS = 5000;

/** An answer: `{ok, status, body, text}`; text is one sentence when it is a refusal. */
export async function call(method, path, body, limitMs) {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: limitMs ? AbortSignal.timeout(limitMs) : undefined,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    return { ok: false, status: 0, body: null, text: 'The worker does not answer.' };
  }
  const type = response.headers.get('Content-Type') ?? '';
  const answer = type.includes('json') ? await response.json().catch(() => null) : null;
  const text = response.ok ? '' : answer?.detail ?? answer?.title ?? `The worker answered ${response.status}.`;
  return { ok: response.ok, status: response.status, body: answer, text };
}

const stream = id => `v1/streams/${encodeURIComponent(id)}`;

export const page = () => call('GET', 'v1/page', undefined, LIMIT_MS);
/** Whether this browser is answered: asked first, since an answer of 401 is an error in the browser's console. */
export const look = () => call('GET', 'v1/session', undefined, LIMIT_MS);
export const signIn = token => call('POST', 'v1/session', { token });
export const signOut = () => call('DELETE', 'v1/session');
export const players = id => call('GET', `${stream(id)}/players`);
export const debug = id => call('GET', `${stream(id)}/debug`);
export const bypass = (id, on) => call('POST', `${stream(id)}/bypass`, { bypass: on });
export const veto = (id, slot) => call('POST', `${stream(id)}/slots/${slot}/veto`);
export const drain = id => call('DELETE', stream(id));
export const end = id => call('DELETE', `${stream(id)}?now=true`);
export const addDestination = (id, name, url) => call('POST', `${stream(id)}/destinations`, { name, url });
export const removeDestination = (id, name) => call('DELETE', `${stream(id)}/destinations/${encodeURIComponent(name)}`);
export const drainWorker = () => call('POST', 'v1/drain');
export const acceptAgain = () => call('DELETE', 'v1/drain');
export const doctorReport = () => call('GET', 'v1/doctor');
export const runDoctor = publish => call('POST', publish ? 'v1/doctor' : 'v1/doctor?publish=false');
