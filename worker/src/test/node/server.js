'use strict';

// An STS service on the official Socket.IO server, written from the contract alone, so that the
// worker's link is tested against something that is not its own kind. The beginning of a stream's id,
// up to the first '-', says what goes wrong with it. Trouble with a fragment strikes number 1 of the
// stream's first session. GET /sessions shows the books. It ends when its standard input does.

const { createServer } = require('node:http');
const { randomUUID } = require('node:crypto');
const { Server } = require('socket.io');

const STRUCK = 1;
const sessionsOf = new Map(); // stream id -> all its sessions, the oldest first

class Session {
  constructor(socket, init) {
    const earlier = sessionsOf.get(init.stream_id) ?? [];
    sessionsOf.set(init.stream_id, [...earlier, this]);
    this.socket = socket;
    this.streamId = init.stream_id;
    this.config = init.config;
    this.limitMs = init.timeout_ms ?? 8000;
    this.trouble = init.stream_id.split('-')[0];
    this.first = earlier.length === 0;
    this.id = randomUUID();
    this.next = 0; // the lowest number that was not answered
    this.finished = new Map(); // number -> answer that waits for lower ones
    this.received = [];
    this.acks = [];
    this.refusals = 0;
    this.paused = this.trouble === 'paused';
    this.held = null;
  }

  strikes(trouble, number) {
    return this.first && this.trouble === trouble && number === STRUCK;
  }

  refuse(code, retryable, fragmentId) {
    this.refusals += 1;
    const ids = fragmentId ? { stream_id: this.streamId, fragment_id: fragmentId } : {};
    this.socket.emit('error', { code, message: 'refused', retryable, ...ids });
  }

  fragment(data) {
    const number = data.sequence_number;
    if (this.strikes('toolarge', number)) return this.refuse('FRAGMENT_TOO_LARGE', false, null);
    if (this.strikes('queuefull', number) && this.refusals === 0) {
      return this.refuse('QUEUE_FULL', true, data.fragment_id);
    }
    if (this.paused && number === STRUCK) return this.refuse('STREAM_PAUSED', true, data.fragment_id);
    this.received.push(number);
    this.socket.emit('fragment:ack', { fragment_id: data.fragment_id, status: 'queued', timestamp: Date.now() });
    if (this.strikes('cut', number)) return this.socket.disconnect(true);
    if (this.strikes('press', number)) {
      this.socket.emit('backpressure', {
        stream_id: this.streamId, severity: 'high', action: 'pause', current_inflight: 1, queue_depth: 1,
        recommended_delay_ms: 200,
      });
    }
    if (this.strikes('hole', number)) return undefined;
    const delay = this.strikes('late', number) ? this.limitMs + 500 : 5;
    setTimeout(() => this.finish(number, this.answer(data)), delay);
    return undefined;
  }

  answer(data) {
    const struck = (trouble) => this.strikes(trouble, data.sequence_number);
    let audio = { ...data.audio };
    if (struck('nonsense')) audio.data_base64 = '!!! no base64 !!!';
    if (struck('silent')) audio = null;
    if (struck('text')) audio = audio.data_base64;
    const failed = struck('failed');
    return {
      fragment_id: data.fragment_id,
      stream_id: data.stream_id,
      sequence_number: data.sequence_number,
      status: failed ? 'failed' : 'success',
      dubbed_audio: failed ? null : audio,
      transcript: `heard ${data.sequence_number}`,
      translated_text: `said ${data.sequence_number}`,
      processing_time_ms: 5,
      error: failed ? { code: 'MODEL_ERROR', message: 'no model', stage: 'asr', retryable: true } : null,
    };
  }

  // As the servers in the field do: an answer waits for those with lower numbers.
  finish(number, answer) {
    this.finished.set(number, answer);
    while (this.finished.has(this.next)) {
      const due = this.finished.get(this.next);
      this.finished.delete(this.next);
      this.next += 1;
      this.send(due);
    }
  }

  send(answer) {
    const number = answer.sequence_number;
    const emit = (one) => this.socket.emit('fragment:processed', one);
    if (this.strikes('drop', number)) return;
    if (this.strikes('reorder', number)) {
      this.held = answer;
      return;
    }
    if (this.strikes('stranger', number)) emit({ ...answer, fragment_id: 'nobody' });
    if (this.strikes('double', number)) emit(answer);
    emit(answer);
    if (this.held) emit(this.held);
    this.held = null;
  }

  end() {
    if (this.trouble === 'mute') return;
    const total = this.received.length;
    this.socket.emit('stream:complete', { stream_id: this.streamId, total_fragments: total, total_duration_ms: 0, statistics: { success_count: total } });
    setTimeout(() => this.socket.disconnect(true), 200);
  }

  book() {
    const { streamId, received, acks, refusals } = this;
    return { stream_id: streamId, received, acks, refusals };
  }
}

const http = createServer((request, response) => {
  const known = request.url === '/sessions';
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(known ? [...sessionsOf.values()].flat().map((one) => one.book()) : {}));
});

const io = new Server(http, { maxHttpBufferSize: 16 << 20, pingInterval: 25000, pingTimeout: 10000 });

io.on('connection', (socket) => {
  let session = null;
  socket.on('stream:init', (init) => {
    const { voice_profile: voice, chunk_duration_ms: chunk } = init.config ?? {};
    if (voice !== 'default') {
      return socket.emit('error', { code: 'INVALID_VOICE_PROFILE', message: `no voice ${voice}`, retryable: false });
    }
    if (!(chunk <= 6000) || !(init.max_inflight >= 1 && init.max_inflight <= 10)) {
      return socket.emit('error', { code: 'INVALID_CONFIG', message: 'bad config', retryable: false });
    }
    session = new Session(socket, init);
    return socket.emit('stream:ready', { stream_id: init.stream_id, session_id: session.id, max_inflight: init.max_inflight, capabilities: ['asr', 'tts'] });
  });
  socket.on('fragment:data', (data) => {
    if (session) session.fragment(data);
    else socket.emit('error', { code: 'STREAM_NOT_FOUND', message: 'no session', retryable: false });
  });
  socket.on('fragment:ack', (ack) => session?.acks.push(`${ack.fragment_id} ${ack.status}`));
  socket.on('stream:pause', () => { if (session) session.paused = true; });
  socket.on('stream:resume', () => { if (session) session.paused = false; });
  socket.on('stream:end', () => session?.end());
});

process.stdin.on('end', () => process.exit(0)).resume();
http.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
