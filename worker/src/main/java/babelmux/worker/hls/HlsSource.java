package babelmux.worker.hls;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HLS of the outputs. Every method blocks, for some seconds when the server is slow. Thread-safe.
 */
public interface HlsSource {
  /** Knows no path. */
  HlsSource NONE =
      new HlsSource() {
        @Override
        public MultivariantPlaylist multivariant(String path, @Nullable String viewer)
            throws HlsException {
          throw new HlsException(HlsException.Kind.NOT_FOUND, "there is no HLS");
        }

        @Override
        public MediaTimes times(String path, Instant startedAt, Supplier<OptionalLong> outputUs)
            throws HlsException {
          throw new HlsException(HlsException.Kind.NOT_FOUND, "there is no HLS");
        }
      };

  /**
   * The multivariant playlist of a path, for one viewer: MediaMTX binds it to an address.
   *
   * @param path such as {@code live/demo/out}
   * @param viewer the address that will ask for what the playlist names, as RFC 5952 writes it;
   *     null: the worker's own
   */
  MultivariantPlaylist multivariant(String path, @Nullable String viewer)
      throws HlsException, InterruptedException;

  /**
   * What a browser could play of a path now.
   *
   * @param path such as {@code live/demo/in}
   */
  default Playable playable(String path) throws InterruptedException {
    return Playable.UNKNOWN;
  }

  /**
   * The times of a stream's media, at most ten seconds old where the server answers.
   *
   * @param path such as {@code live/demo/out}
   * @param startedAt of the stream: another one of the same path has other times
   * @param outputUs tells the output time that is due now, microseconds
   */
  MediaTimes times(String path, Instant startedAt, Supplier<OptionalLong> outputUs)
      throws HlsException, InterruptedException;
}
