'use strict';

// The smallest STS service that babelmux can use: everything of docs/sts.md that a service must do.
// Put your recognition, translation and synthesis into dub(). Run it with:
//   npm ci && PORT=3000 node server.js

const { createServer } = require('node:http');
const { randomUUID } = require('node:crypto');
const { Server } = require('socket.io');

// Gets up to 6 s of sound as bytes of a container (M4A) and the
// session's config; gives back the dub: as long as the original, give or take 10 %.
async function dub(bytes, { audio, config }) {
  return {
    bytes,
    format: audio.format,
    sampleRateHz: audio.sample_rate_hz,
    channels: audio.channels,
    durationMs: audio.duration_ms,
    transcript: `(${config.source_language})`,
    translatedText: `(${config.target_language})`,
  };
}

// Whatever a client sends must not end the service: null, a number and a list are empty objects here.
const object = (value) => (value !== null && typeof value === 'object' ? value : {});

async function answerTo(data, config) {
  const began = Date.now();
  const ids = {
    fragment_id: data.fragment_id,
    stream_id: data.stream_id,
    sequence_number: data.sequence_number,
  };
  try {
    const result = await dub(Buffer.from(data.audio.data_base64, 'base64'), { audio: data.audio, config });
    return {
      ...ids,
      status: 'success',
      dubbed_audio: {
        format: result.format,
        sample_rate_hz: result.sampleRateHz,
        channels: result.channels,
        duration_ms: result.durationMs,
        data_base64: result.bytes.toString('base64'),
      },
      transcript: result.transcript,
      translated_text: result.translatedText,
      processing_time_ms: Date.now() - began,
    };
  } catch (e) {
    // Five retryable failures in a row, and babelmux leaves this service alone for 30 s.
    return {
      ...ids,
      status: 'failed',
      dubbed_audio: null,
      processing_time_ms: Date.now() - began,
      error: { code: 'MODEL_ERROR', message: String(e?.message ?? e), stage: null, retryable: true },
    };
  }
}

const http = createServer((request, response) => {
  const healthy = request.url === '/health';
  response.writeHead(healthy ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(healthy ? { status: 'healthy' } : {}));
});

// A message is at most 10 MiB; the default limit of 1 MB would cut long fragments off.
const io = new Server(http, { maxHttpBufferSize: 16 << 20 });

io.on('connection', (socket) => {
  let session = null;

  socket.on('stream:init', (payload) => {
    const init = object(payload);
    // A second stream:init on the same connection starts again: numbers start at 0 again.
    session = { config: object(init.config), sent: 0, pending: new Set() };
    socket.emit('stream:ready', {
      stream_id: init.stream_id,
      session_id: randomUUID(),
      max_inflight: Math.min(Number(init.max_inflight) || 3, 3),
    });
  });

  socket.on('fragment:data', async (payload) => {
    const data = object(payload);
    const mine = session;
    if (!mine) {
      socket.emit('error', { code: 'STREAM_NOT_FOUND', message: 'no stream:init came', retryable: false });
      return;
    }
    if (typeof object(data.audio).data_base64 !== 'string') {
      const fragment = { fragment_id: data.fragment_id };
      socket.emit('error', { code: 'MALFORMED_DATA', message: 'no audio.data_base64', retryable: false, ...fragment });
      return;
    }
    socket.emit('fragment:ack', { fragment_id: data.fragment_id, status: 'queued' });
    const work = answerTo(data, mine.config);
    mine.pending.add(work);
    const answer = await work;
    mine.pending.delete(work);
    if (mine === session) {
      mine.sent += 1;
      socket.emit('fragment:processed', answer);
    }
  });

  socket.on('stream:end', async (payload) => {
    const end = object(payload);
    const mine = session;
    await Promise.all(mine?.pending ?? []);
    setImmediate(() => {
      socket.emit('stream:complete', { stream_id: end.stream_id, total_fragments: mine?.sent ?? 0 });
      setTimeout(() => socket.disconnect(true), 500);
    });
  });
});

http.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`listening on http://${http.address().address}:${http.address().port}`);
});
