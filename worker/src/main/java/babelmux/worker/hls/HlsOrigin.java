package babelmux.worker.hls;

import babelmux.hooks.HlsClient;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MediaMTX for the HLS of outputs: for each viewer the multivariant playlist, for all viewers
 * of a stream together the times of its media. Every method blocks, for some seconds when the
 * server is slow. Thread-safe; the client stays the caller's.
 */
public final class HlsOrigin implements HlsSource {
  private static final Logger log = LoggerFactory.getLogger(HlsOrigin.class);

  /** Of any answer. */
  static final int MAX_BYTES = 1 << 20;

  /** The times of a segment stand at its beginning. */
  private static final int SEGMENT_BYTES = 64 << 10;

  /** Less than the header of HTTP-FLV: an answer that has begun will do. */
  private static final int FLV_BYTES = 8;

  /** MediaMTX begins to mux when it is first asked, and answers when it has a whole segment. */
  private static final int TRIES = 3;

  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MAX_STREAMS = 200;

  private final HlsClient client;
  private final InstantSource clock;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  /** What is known of a stream; guarded by its lock. */
  private static final class Known {
    final Instant startedAt;
    final ReentrantLock lock = new ReentrantLock();
    @Nullable HlsFile playlist;
    @Nullable HlsFile map;
    long timescale;
    volatile @Nullable MediaTimes times;
    volatile Instant readAt = Instant.MIN;
    @Nullable HlsException failure;

    Known(Instant startedAt) {
      this.startedAt = startedAt;
    }
  }

  /**
   * @param client of MediaMTX's HLS port
   */
  public HlsOrigin(HlsClient client) {
    this(client, InstantSource.system());
  }

  HlsOrigin(HlsClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public MultivariantPlaylist multivariant(String path, @Nullable String viewer)
      throws HlsException, InterruptedException {
    HlsException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return index(path, viewer);
      } catch (HlsException e) {
        if (e.kind() != HlsException.Kind.NOT_YET) {
          throw e;
        }
        last = e;
      }
    }
    throw last == null ? HlsException.unavailable(path) : last;
  }

  private MultivariantPlaylist index(String path, @Nullable String viewer)
      throws HlsException, InterruptedException {
    HlsClient.Answer answer;
    try {
      answer = client.index(path, viewer, MAX_BYTES);
    } catch (IOException e) {
      throw failed(path, e);
    }
    return MultivariantPlaylist.parse(body(path + "/index.m3u8", answer));
  }

  private static HlsException failed(String what, IOException reason) {
    Throwable cause = reason.getCause();
    boolean connected = !(cause instanceof HttpConnectTimeoutException);
    boolean slow =
        cause instanceof TimeoutException || (connected && cause instanceof HttpTimeoutException);
    return new HlsException(
        slow ? HlsException.Kind.NOT_YET : HlsException.Kind.UNAVAILABLE,
        "MediaMTX's HLS of %s: %s".formatted(what, reason.getMessage()));
  }

  private static byte[] body(String file, HlsClient.Answer answer) throws HlsException {
    if (answer.status() == 200) {
      return answer.body();
    }
    throw new HlsException(
        answer.status() == 404 ? HlsException.Kind.NOT_FOUND : HlsException.Kind.UNAVAILABLE,
        "MediaMTX's HLS: GET %s: status %d: expected 200".formatted(file, answer.status()));
  }

  @Override
  public Playable playable(String path) throws InterruptedException {
    try {
      int status = client.index(path, null, MAX_BYTES).status();
      if (status == 200) {
        return Playable.HLS;
      }
      if (status != 404) {
        return Playable.UNKNOWN;
      }
      boolean flv = client.beginning(path + ".flv", null, FLV_BYTES).status() == 200;
      return flv ? Playable.FLV : Playable.NOTHING;
    } catch (IOException e) {
      return failed(path, e).kind() == HlsException.Kind.NOT_YET
          ? Playable.NOT_YET
          : Playable.UNKNOWN;
    }
  }

  @Override
  public MediaTimes times(String path, Instant startedAt, Supplier<OptionalLong> outputUs)
      throws HlsException, InterruptedException {
    Known stream = known(path, startedAt);
    MediaTimes times = stream.times;
    if (times != null && isFresh(stream)) {
      return times;
    }
    if (times != null) {
      // One viewer's request reads them again, the others go on with what there is.
      if (!stream.lock.tryLock()) {
        return times;
      }
    } else {
      stream.lock.lockInterruptibly();
    }
    try {
      if (!isFresh(stream)) {
        readAgain(path, stream, outputUs);
      }
      MediaTimes read = stream.times;
      if (read != null) {
        return read;
      }
      HlsException failure = stream.failure;
      throw failure == null ? HlsException.unavailable(path) : failure;
    } finally {
      stream.lock.unlock();
    }
  }

  private Known known(String path, Instant startedAt) {
    synchronized (known) {
      Known found = known.get(path);
      if (found == null || !found.startedAt.equals(startedAt)) {
        found = new Known(startedAt);
        known.put(path, found);
      }
      return found;
    }
  }

  private boolean isFresh(Known stream) {
    Duration limit = stream.failure == null ? FRESH : RETRY;
    return clock.instant().isBefore(stream.readAt.plus(limit));
  }

  private void readAgain(String path, Known stream, Supplier<OptionalLong> outputUs)
      throws InterruptedException {
    try {
      MediaTimes read = read(path, stream, outputUs);
      if (!read.isExact() && !read.equals(stream.times)) {
        log.warn(
            "{}: MediaMTX's HLS does not keep the output's times: subtitles follow its dates, by"
                + " which the media's times are {} s later",
            path,
            read.offsetUs() / 1e6);
      }
      stream.times = read.after(stream.times);
      stream.failure = null;
    } catch (HlsException e) {
      log.debug("{}: the times of its media cannot be read: {}", path, e.getMessage());
      stream.failure = e;
    }
    stream.readAt = clock.instant();
  }

  private MediaTimes read(String path, Known stream, Supplier<OptionalLong> outputUs)
      throws HlsException, InterruptedException {
    HlsClient.Answer answer = null;
    HlsFile playlist = stream.playlist;
    if (playlist != null) {
      answer = file(path, playlist);
    }
    if (playlist == null || answer == null || answer.status() != 200) {
      // MediaMTX closes a session for which nobody has asked for 30 s, and all of a stream that
      // ended.
      playlist = multivariant(path, null).leading();
      stream.playlist = playlist;
      answer = file(path, playlist);
    }
    Duration ahead = answer.clockAhead();
    MediaPlaylist media = MediaPlaylist.parse(body(path + "/" + playlist.name(), answer));
    HlsFile map = media.map();
    byte[] segment = beginning(path, media.segment());
    MediaTimes.Segment read;
    if (map == null) {
      read =
          new MediaTimes.Segment(
              false, TsTimes.presentationUs(segment), media.date(), media.targetSeconds());
    } else {
      if (!map.equals(stream.map)) {
        stream.timescale = Fmp4Times.timescale(beginning(path, map));
        stream.map = map;
      }
      read =
          new MediaTimes.Segment(
              true,
              Fmp4Times.decodingUs(segment, stream.timescale),
              media.date(),
              media.targetSeconds());
    }
    Instant now = clock.instant();
    return MediaTimes.of(
        read, new MediaTimes.Clocks(ahead == null ? now : now.plus(ahead), outputUs.get()));
  }

  private HlsClient.Answer file(String path, HlsFile file)
      throws HlsException, InterruptedException {
    try {
      return client.file(path + "/" + file.name(), file.query(), MAX_BYTES);
    } catch (IOException e) {
      throw failed(path + "/" + file.name(), e);
    }
  }

  private byte[] beginning(String path, HlsFile file) throws HlsException, InterruptedException {
    try {
      return body(
          path + "/" + file.name(),
          client.beginning(path + "/" + file.name(), file.query(), SEGMENT_BYTES));
    } catch (IOException e) {
      throw failed(path + "/" + file.name(), e);
    }
  }
}
