package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.TrackKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketQueueTest {
  @SuppressWarnings("NullAway.Init") // before each test
  private Film film;

  @BeforeEach
  void read() throws Exception {
    film = new Film();
  }

  @AfterEach
  void nothingLeaks() {
    film.close();
    assertThat(Natives.live()).isZero();
  }

  private record Sent(long dtsUs, boolean picture, boolean key) {
    static Sent of(OutputPacket packet) {
      try (packet) {
        boolean picture = packet.packet().kind() == TrackKind.VIDEO;
        return new Sent(packet.dtsUs(), picture, picture && packet.packet().key());
      }
    }
  }

  private QueuedPacket queued(OutputPacket packet) {
    return new QueuedPacket(packet.share(), film.formats());
  }

  private static List<Sent> drained(PacketQueue queue) {
    List<Sent> all = new ArrayList<>();
    for (QueuedPacket next = queue.poll(); next != null; next = queue.poll()) {
      all.add(Sent.of(next.packet()));
    }
    return all;
  }

  @Test
  void whatFitsComesOutAsItWentIn() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, Long.MAX_VALUE);
    film.packets().forEach(packet -> queue.add(queued(packet)));
    assertThat(drained(queue))
        .extracting(Sent::dtsUs)
        .containsExactlyElementsOf(film.packets().stream().map(OutputPacket::dtsUs).toList());
    assertThat(queue.dropped()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "2000000,9223372036854775807",
    "9223372036854775807,60000",
    "100000,9223372036854775807"
  })
  void whatDoesNotFitCostsWholeGroupsFromTheFront(long spanUs, long bytes) {
    PacketQueue queue = new PacketQueue(bytes, spanUs);
    film.packets().forEach(packet -> queue.add(queued(packet)));
    List<Sent> left = drained(queue);
    assertThat(queue.dropped()).isPositive().isEqualTo(film.packets().size() - left.size());
    if (!left.isEmpty()) {
      assertThat(left.get(0).key()).isTrue();
      // Nothing is missing behind it.
      assertThat(left)
          .extracting(Sent::dtsUs)
          .containsExactlyElementsOf(
              film
                  .packets()
                  .subList(film.packets().size() - left.size(), film.packets().size())
                  .stream()
                  .map(OutputPacket::dtsUs)
                  .toList());
      assertThat(left.get(left.size() - 1).dtsUs() - left.get(0).dtsUs())
          .isLessThanOrEqualTo(spanUs);
    }
  }

  /** However writer and reader take turns: a frame is never sent without those it is made from. */
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void noGroupIsSentWithAHoleInIt(int seed) {
    PacketQueue queue = new PacketQueue(40_000, 1_500_000);
    Random random = new Random(seed);
    List<Sent> sent = new ArrayList<>();
    for (OutputPacket packet : film.packets()) {
      queue.add(queued(packet));
      if (random.nextInt(10) < 4) {
        QueuedPacket next = queue.poll();
        if (next != null) {
          sent.add(Sent.of(next.packet()));
        }
      }
    }
    sent.addAll(drained(queue));
    assertThat(queue.dropped()).isPositive();
    assertThat(sent.size() + queue.dropped()).isEqualTo(film.packets().size());
    List<Long> pictures = times(film.packets());
    List<Sent> sentPictures = sent.stream().filter(Sent::picture).toList();
    for (int i = 1; i < sentPictures.size(); i++) {
      int before = pictures.indexOf(sentPictures.get(i - 1).dtsUs());
      int now = pictures.indexOf(sentPictures.get(i).dtsUs());
      assertThat(now == before + 1 || sentPictures.get(i).key())
          .as("picture %s follows %s", now, before)
          .isTrue();
    }
  }

  private static List<Long> times(List<OutputPacket> packets) {
    return packets.stream()
        .filter(packet -> packet.packet().kind() == TrackKind.VIDEO)
        .map(OutputPacket::dtsUs)
        .toList();
  }

  @Test
  void afterARestartTheNextGroupComesFirst() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, Long.MAX_VALUE);
    List<OutputPacket> packets = film.packets();
    int middle = packets.size() / 2;
    packets.subList(0, middle).forEach(packet -> queue.add(queued(packet)));
    queue.restart();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.dropped()).isEqualTo(middle);
    packets.subList(middle, packets.size()).forEach(packet -> queue.add(queued(packet)));
    assertThat(drained(queue).get(0).key()).isTrue();
  }

  @Test
  void audioAloneHasNoGroups() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, 1_000_000);
    OutputFormats audioAlone = new OutputFormats(null, film.formats().audio());
    audio().forEach(packet -> queue.add(new QueuedPacket(packet.share(), audioAlone)));
    List<Sent> left = drained(queue);
    assertThat(left.get(left.size() - 1).dtsUs() - left.get(0).dtsUs())
        .isBetween(950_000L, 1_000_000L);
  }

  private List<OutputPacket> audio() {
    return film.packets().stream()
        .filter(packet -> packet.packet().kind() == TrackKind.AUDIO)
        .toList();
  }

  /** The source's video has ended; its audio goes on. */
  @Test
  void audioDoesNotWaitForeverForAKeyframe() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, Long.MAX_VALUE);
    queue.restart();
    audio().forEach(packet -> queue.add(queued(packet)));
    List<Sent> sent = drained(queue);
    assertThat(sent.get(0).dtsUs() - audio().get(0).dtsUs())
        .isBetween(PacketQueue.MAX_KEYFRAME_WAIT_US, PacketQueue.MAX_KEYFRAME_WAIT_US + 30_000);
    assertThat(sent.size() + queue.dropped()).isEqualTo(audio().size());
  }

  /** Neither video before its keyframe, nor audio held back for longer than the limit. */
  @Test
  void videoWithoutAKeyframeStaysAway() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, Long.MAX_VALUE);
    queue.restart();
    List<OutputPacket> packets =
        film.packets().stream()
            .filter(
                packet ->
                    packet.packet().kind() == TrackKind.AUDIO
                        || !packet.packet().key()
                        || packet.dtsUs() > 20_000_000)
            .toList();
    packets.forEach(packet -> queue.add(queued(packet)));
    List<Sent> sent = drained(queue);
    Sent firstVideo = sent.stream().filter(Sent::picture).findFirst().orElseThrow();
    assertThat(firstVideo.key()).isTrue();
    assertThat(firstVideo.dtsUs()).isGreaterThan(20_000_000);
    assertThat(sent.get(0).dtsUs()).isLessThan(9_000_000);
  }

  /** Another connection begins with other formats: not in the middle of a GOP. */
  @Test
  void afterNewFormatsVideoBeginsAtAKeyframeAndAudioAtOnce() {
    PacketQueue queue = new PacketQueue(Long.MAX_VALUE, Long.MAX_VALUE);
    List<OutputPacket> packets = film.packets();
    int middle = 0;
    while (packets.get(middle).packet().kind() == TrackKind.AUDIO
        || packets.get(middle).packet().key()) {
      middle++;
    }
    queue.awaitKeyVideo();
    packets.subList(middle, packets.size()).forEach(packet -> queue.add(queued(packet)));
    List<Sent> sent = drained(queue);
    assertThat(sent.stream().filter(Sent::picture).findFirst().orElseThrow().key()).isTrue();
    assertThat(sent.stream().filter(packet -> !packet.picture()).count())
        .isEqualTo(
            packets.stream()
                .skip(middle)
                .filter(packet -> packet.packet().kind() == TrackKind.AUDIO)
                .count());
  }
}
