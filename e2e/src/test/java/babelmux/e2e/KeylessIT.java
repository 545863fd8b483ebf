package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.ClipMaker;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A source without a keyframe for 24 s, in real time and at the default delay. No part of the
 * build, where the same is shown in virtual time: {@code -De2e.long=true} runs it.
 */
@EnabledIfSystemProperty(named = "e2e.long", matches = "true")
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class KeylessIT {
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  @Timeout(120)
  void withoutAKeyframeForTwentySecondsEachPictureIsInItsPlace() throws Exception {
    List<FlvTag> tags = film();
    Path folder = Films.folder(KeylessIT.class);
    Path film = folder.resolve("whole.flv");
    Path copy = folder.resolve("copy.flv");
    Files.deleteIfExists(copy);
    FlvTag.write(tags, film);
    Map<String, Long> warned = new TreeMap<>();
    // Who reads the output begins at a keyframe, and there is none: a file has all that left.
    Map<String, String> settings =
        Map.of(
            "delay", "14500ms", "output.destinations", "copy=file://" + folder.resolve("copy.flv"));
    try (Running running = Running.start(StsEchoConfig.builder(), settings)) {
      long startNanos = System.nanoTime();
      CompletableFuture<Void> publishing =
          CompletableFuture.runAsync(
              () -> publishQuietly(running.stack().server().rtmpUrl(), "keyless", tags), pool);
      while (!publishing.isDone()) {
        for (String kind : List.of("few_keyframes", "no_keyframe", "long_gop")) {
          String label = "kind=\"" + kind + "\"";
          if (running.metric("worker_source_warnings", "keyless", label) > 0) {
            warned.putIfAbsent(kind, sinceMs(startNanos));
          }
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      publishing.get(1, TimeUnit.SECONDS);
      JsonNode status = running.awaitOver("keyless");
      OnAir.Picture picture =
          new OnAir("keyless", film, Tap.of(copy.toString()), film, status, 0).picture();
      Report.measured("no keyframe for 24 s: pictures", picture);
      Report.measured("no keyframe for 24 s: warnings, ms after the start", warned);
      assertThat(status.at("/destinations/0/reconnects").asInt()).isZero();
      assertThat(picture.lost() + picture.after()).isZero();
      assertThat(picture.spreadUs()).isLessThan(33_000);
      assertThat(warned).containsKeys("few_keyframes", "no_keyframe");
    }
  }

  /** A keyframe a second for 4 s, so that the worker finds one, then one that is 24 s long. */
  private static List<FlvTag> film() throws Exception {
    Path folder = Films.folder(KeylessIT.class);
    List<FlvTag> tags = new ArrayList<>(video(folder.resolve("first.flv"), 4, 30));
    append(tags, video(folder.resolve("keyless.flv"), 24, 1000), 4_000);
    append(tags, video(folder.resolve("last.flv"), 6, 30), 28_000);
    assertThat(tags.stream().filter(FlvTag::isKeyframe).filter(tag -> !tag.isHeader()))
        .hasSize(4 + 1 + 6);
    Path whole = Films.cut(Films.noBframes(), folder.resolve("sound.flv"), 34);
    FlvTag.read(whole).stream().filter(FlvTag::isAudio).forEach(tags::add);
    tags.sort(Comparator.comparingLong(tag -> tag.isHeader() ? -1 : tag.millis()));
    return tags;
  }

  private static void append(List<FlvTag> tags, List<FlvTag> more, int offsetMs) {
    for (FlvTag tag : more) {
      if (!tag.isHeader()) {
        tags.add(tag.at(tag.millis() + offsetMs));
      }
    }
  }

  /** Noise, in which the encoder sees no change of scene: it would put a keyframe there. */
  private static List<FlvTag> video(Path to, int seconds, int gop) throws Exception {
    ClipMaker.make(
        "-f",
        "lavfi",
        "-i",
        "color=c=gray:size=320x180:rate=30:duration=%d,noise=alls=6:allf=t,format=yuv420p"
            .formatted(seconds),
        "-c:v",
        "libopenh264",
        "-b:v",
        "500k",
        "-g",
        String.valueOf(gop),
        to.toString());
    // The last one says that the sequence is over.
    return FlvTag.read(to).stream().filter(tag -> tag.isVideo() && tag.body()[1] != 2).toList();
  }

  private static void publishQuietly(URI server, String id, List<FlvTag> tags) {
    try (RawPublisher publisher = RawPublisher.connect(server, "live/" + id + "/in")) {
      publisher.play(tags, System.nanoTime(), at -> 3_000 + at);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static long sinceMs(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
