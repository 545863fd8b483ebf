package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.StsLink;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Dubs a file: the pipeline of a live stream, as fast as the STS answers. No slot leaves before it
 * is decided, so the STS's limit and not a delay bounds how long it may take. Reading waits while
 * the link cannot send, for as long as the settings say. One thread, the caller's.
 */
public final class OfflineDub {
  private static final String DUB = "dub";

  private final String input;
  private final String output;
  private final Settings settings;
  private final Executor pool;
  private final DubSpec dub;
  private final SessionListener listener;
  private final LongConsumer progress;
  private final LongSupplier clock = System::nanoTime;

  /**
   * @param segment length of a segment
   * @param answerLimit how long the STS may take for a fragment when it has no other
   * @param window how many segments may wait for their answers before reading pauses
   * @param bitRate of the output's audio, bits per second
   * @param copiesAudio see {@link DubSpec#copiesAudio}
   * @param sound how the audio of a slot is made
   * @param quietCut whether segments are cut at pauses in speech, near the grid
   * @param patience how long reading waits for a link that cannot send; what is cut after that
   *     falls back to original audio until it can. Zero waits for nothing
   * @param listed the segments that are dubbed, counted in samples of the file's time; all else
   *     stays as it is. Null dubs everything
   */
  public record Settings(
      Duration segment,
      Duration answerLimit,
      int window,
      int bitRate,
      boolean copiesAudio,
      SoundOptions sound,
      boolean quietCut,
      Duration patience,
      @Nullable List<Segment> listed) {
    /** Everything is dubbed. */
    public Settings(
        Duration segment,
        Duration answerLimit,
        int window,
        int bitRate,
        SoundOptions sound,
        boolean quietCut,
        Duration patience) {
      this(segment, answerLimit, window, bitRate, true, sound, quietCut, patience, null);
    }

    /** Segments are cut on the grid, and nothing waits for the link. */
    public Settings(
        Duration segment, Duration answerLimit, int window, int bitRate, SoundOptions sound) {
      this(segment, answerLimit, window, bitRate, sound, false);
    }

    /** Nothing waits for the link. */
    public Settings(
        Duration segment,
        Duration answerLimit,
        int window,
        int bitRate,
        SoundOptions sound,
        boolean quietCut) {
      this(segment, answerLimit, window, bitRate, sound, quietCut, Duration.ZERO);
    }

    /**
     * The time that a fragment may take from its sending: an STS that works on one at a time begins
     * with the last of the window when it has answered all others.
     */
    public Duration fragmentTimeout() {
      return answerLimit.multipliedBy(window);
    }
  }

  /**
   * @param linkOpener opens the STS link, ready to be used, or gives null when nothing is to be
   *     dubbed; the link is this object's
   * @param dubListener is told what happens to the segments
   * @param progress is told how far the input has been read, microseconds
   */
  public OfflineDub(
      String input,
      String output,
      Settings settings,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> linkOpener,
      SessionListener listener,
      DubListener dubListener,
      LongConsumer progress) {
    this.input = input;
    this.output = output;
    this.settings = settings;
    this.pool = pool;
    this.dub =
        new DubSpec(
            DUB,
            settings.sound(),
            settings.bitRate(),
            settings.copiesAudio(),
            linkOpener,
            dubListener);
    this.listener = listener;
    this.progress = progress;
  }

  /**
   * Runs to the end.
   *
   * @throws MediaException when the input cannot be read or the output cannot be written
   */
  public void run() throws MediaException, InterruptedException {
    try (Source source = Source.open(input, SourceOptions.defaults());
        DirectSink sink = new DirectSink(output)) {
      Packet first = source.read();
      if (first == null) {
        throw new MediaException(MediaException.Kind.INVALID, source.name() + " has no packets");
      }
      try (FileDriver driver =
          new FileDriver(
              source,
              first,
              Sink.takesNegativeTimes(output),
              settings,
              List.of(dub),
              List.of(new OutputMixer.Output(DUB, sink)),
              pool,
              listener,
              clock)) {
        driver.run(progress);
        sink.finish();
      }
    }
  }
}
