package babelmux.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Viewers of a soak, spread over its streams: every other one over HLS where there is HLS. */
final class SoakAudience implements AutoCloseable {
  /**
   * Counts of some viewers.
   *
   * @param bytes that they were sent
   */
  record Tally(int viewers, long bytes, int gaps, int ends) {}

  private record Seat(int stream, SoakViewer viewer) {}

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<Seat> seats = new ArrayList<>();

  /**
   * Starts viewers; all outputs are on air.
   *
   * @param hls MediaMTX's HLS; null for RTMP alone
   */
  static SoakAudience start(List<SoakStream> streams, int viewers, @Nullable URI hls) {
    SoakAudience audience = new SoakAudience();
    HttpClient http = HlsViewer.client();
    for (int i = 0; i < viewers; i++) {
      int stream = i % streams.size();
      boolean overHls = hls != null && i / streams.size() % 2 == 1;
      SoakStream watched = streams.get(stream);
      audience.seats.add(
          new Seat(
              stream,
              overHls
                  ? HlsViewer.start(
                      http, URI.create(hls + "/live/" + watched.id() + "/out/index.m3u8"))
                  : RtmpViewer.start(watched.outputUrl())));
    }
    return audience;
  }

  /** Waits until each has been sent something, at most half a minute. */
  void awaitSeated() throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (true) {
      long waiting = seats.stream().filter(seat -> seat.viewer().bytes() == 0).count();
      if (waiting == 0) {
        return;
      }
      if (System.nanoTime() - since > LIMIT.toNanos()) {
        throw new ChainException(
            ChainException.Link.VIEWERS, waiting + " of " + seats.size() + " got nothing");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** More viewers of one stream come, stay and go; returns when they are gone. */
  void join(SoakStream stream, int viewers, int seconds) throws InterruptedException {
    List<SoakViewer> more = new ArrayList<>();
    try {
      for (int i = 0; i < viewers; i++) {
        more.add(RtmpViewer.start(stream.outputUrl()));
      }
      TimeUnit.SECONDS.sleep(seconds);
    } finally {
      more.forEach(SoakViewer::close);
    }
  }

  /** Counts of the viewers of the streams from a number to another, that one excluded. */
  Tally tally(int from, int to) {
    int viewers = 0;
    long bytes = 0;
    int gaps = 0;
    int ends = 0;
    for (Seat seat : seats) {
      if (seat.stream() >= from && seat.stream() < to) {
        viewers++;
        bytes += seat.viewer().bytes();
        gaps += seat.viewer().gaps();
        ends += seat.viewer().ends();
      }
    }
    return new Tally(viewers, bytes, gaps, ends);
  }

  /** Why connections of the same viewers ended, one line a viewer that lost one. */
  List<String> ends(int from, int to) {
    return seats.stream()
        .filter(seat -> seat.stream() >= from && seat.stream() < to && seat.viewer().ends() > 0)
        .map(
            seat ->
                "%s of stream %d ended %d times, the last one: %s"
                    .formatted(
                        seat.viewer() instanceof HlsViewer ? "HLS viewer" : "RTMP viewer",
                        seat.stream(),
                        seat.viewer().ends(),
                        seat.viewer().lastEnd()))
        .toList();
  }

  @Override
  public void close() {
    seats.forEach(seat -> seat.viewer().close());
  }
}
