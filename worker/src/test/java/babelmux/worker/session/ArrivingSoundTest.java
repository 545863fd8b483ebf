package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.Natives;
import babelmux.media.Sound;
import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.PacketLog;
import babelmux.meter.Recording;
import babelmux.testmedia.ClipMaker;
import babelmux.worker.sts.StsFragment;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audio that arrives, as real encoded media, echoed and looked at from outside. */
@Tag("slow")
class ArrivingSoundTest {
  private static final double SECONDS = 8.4;

  /** In FLV nothing tells a decoder to leave it out. */
  private static final int OPUS_PRESKIP = 312;

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private Path film(String options, String name) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-i", DubbedFilm.counting().toString(), "-t", "" + SECONDS));
    arguments.addAll(List.of("-c:v", "copy"));
    arguments.addAll(List.of(options.split(" ")));
    arguments.add(folder.resolve(name).toString());
    return ClipMaker.make(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          aac-mono.mp4,        -c:a aac -ac 1,                            48000, 1
          aac-22050.mp4,       -c:a aac -ar 22050,                        22050, 2
          aac-44100.flv,       -c:a aac -ar 44100,                        44100, 2
          aac-51.mp4,          -c:a aac -af pan=5.1|FL=FL|FR=FR|FC=FL|LFE=0*FL|BL=0.1*FL|BR=0.1*FR, 48000, 6
          aac-adts.ts,         -c:a aac -ar 44100,                        44100, 2
          mp3-44100.flv,       -c:a libmp3lame -ar 44100,                 44100, 2
          mp3-48000.ts,        -c:a libmp3lame,                           48000, 2
          opus.flv,            -c:a libopus,                              48000, 2
          opus-60ms.mkv,       -c:a libopus -frame_duration 60 -ac 1,     48000, 1
          ac3-51.ts,           -c:a ac3 -ac 6,                            48000, 6
          four-channels.mkv,   -c:a flac -sample_fmt s16 -af pan=quad|FL=FL|FR=FR|BL=0*FL|BR=0*FR, 48000, 2
          three-channels.mp4,  -c:a aac -af pan=3.0|FL=FL|FR=FR|FC=0.5*FL, 48000, 2
          flac-96000.mkv,      -c:a flac -sample_fmt s16 -ar 96000,                       48000, 2
          alaw-8000.flv,       -c:a pcm_alaw -ar 8000 -ac 1,              16000, 1
          speech-11025.mkv,    -c:a pcm_s16le -ar 11025 -ac 1,            22050, 1
          """)
  void isDubbedInItsPlace(String name, String options, int hz, int channels) throws Exception {
    Path input = film(options, name);
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording source = Meter.read(input);
    Recording out = film.recording();
    AvReport report = AvReport.of(source, out);
    Recording.Audio audio = Objects.requireNonNull(out.audio());
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L);
    assertThat(film.dub.fellBack).isEmpty();
    assertThat(film.dropped).isEmpty();
    assertThat(audio.sampleRate()).isEqualTo(hz);
    assertThat(audio.channels()).isEqualTo(channels);
    Recording.Audio read = Objects.requireNonNull(source.audio());
    double wanted = (double) read.durationSamples() * hz / read.sampleRate();
    assertThat((double) audio.durationSamples()).isCloseTo(wanted, within(1024.0 + OPUS_PRESKIP));
    assertThat(audio.gaps()).isEmpty();
    assertThat(report.pairs()).hasSize(8);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.addedAv().maxUs()).isLessThan(1024L * 1_000_000 / hz);
    boolean counted = name.endsWith(".ts");
    assertThat(video(film.output, counted)).isEqualTo(video(input, counted));
    for (StsFragment fragment : film.link.sent) {
      isValid(fragment, hz, Math.min(2, channels));
    }
  }

  /**
   * No encoder of HE-AAC is to be had here. A decoder told of spectral band replication doubles the
   * rate also when the frames bring no data for it, which is what a poor connection gives: 24 kHz
   * frames that the header announces as explicit HE-AAC of 48 kHz.
   */
  @Test
  void heAacIsHeardAtItsDoubledRate() throws Exception {
    Path plain = film("-c:a aac -ar 24000", "lc.flv");
    byte[] flv = Files.readAllBytes(plain);
    // ISO 14496-3, 1.6.2.1: type 2 at 24 kHz, and "no extension"; type 5 at 24 kHz over 48 kHz,
    // type 2.
    replaceOnce(flv, "af 00 13 10 56 e5 00", "af 00 2b 11 88 00 00");
    Path input = Files.write(folder.resolve("he.flv"), flv);
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording out = film.recording();
    AvReport report = AvReport.of(Meter.read(plain), out);
    Recording.Audio audio = Objects.requireNonNull(out.audio());
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L);
    assertThat(film.dub.fellBack).isEmpty();
    assertThat(film.dropped).isEmpty();
    assertThat(audio.sampleRate()).isEqualTo(48_000);
    assertThat(audio.channels()).isEqualTo(2);
    assertThat(audio.gaps()).isEmpty();
    assertThat((double) audio.durationSamples()).isCloseTo(SECONDS * 48_000, within(4096.0));
    assertThat(report.pairs()).hasSize(8);
    // Frames of 2048, and the filter bank of the replication has a delay of its own.
    assertThat(report.addedAv().maxUs()).isLessThan(2 * 1024L * 1_000_000 / 48_000);
    for (StsFragment fragment : film.link.sent) {
      isValid(fragment, 48_000, 2);
    }
  }

  private static void replaceOnce(byte[] bytes, String what, String by) {
    byte[] from = HexFormat.ofDelimiter(" ").parseHex(what);
    byte[] to = HexFormat.ofDelimiter(" ").parseHex(by);
    List<Integer> found = new ArrayList<>();
    for (int at = 0; at + from.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + from.length, from, 0, from.length)) {
        found.add(at);
      }
    }
    assertThat(found).hasSize(1);
    System.arraycopy(to, 0, bytes, found.get(0), to.length);
  }

  /** Payloads; only their number for MPEG-TS, whose start codes MP4 does not have. */
  private static List<String> video(Path file, boolean counted) throws Exception {
    return PacketLog.read(file).of(PacketLog.Kind.VIDEO).stream()
        .map(packet -> counted ? "picture" : packet.sha256())
        .toList();
  }

  private static void isValid(StsFragment fragment, int hz, int channels) throws Exception {
    Sound sound =
        AudioClipDecoder.decode(
            fragment.audio(), new AudioClipHint("m4a", hz, channels, 10_000_000));
    assertThat(fragment.sampleRateHz()).isEqualTo(hz);
    assertThat(fragment.channels()).isEqualTo(channels);
    assertThat(sound.sampleRate()).isEqualTo(hz);
    assertThat(sound.channelCount()).isEqualTo(channels);
    long wanted = fragment.durationMs() * (long) hz / 1000;
    assertThat((long) sound.frames()).isBetween(wanted - 50, wanted + 2048);
  }

  /** A piece of the fixture, its video as it is, at its place in a stream that begins at 3 s. */
  private Path part(String name, int from, int to, String options) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-ss", "" + from, "-i", DubbedFilm.noBframes().toString()));
    arguments.addAll(List.of("-t", "" + (to - from), "-c:v", "copy"));
    arguments.addAll(List.of(options.split(" ")));
    arguments.addAll(List.of("-output_ts_offset", "" + (3 + from)));
    arguments.add(folder.resolve(name).toString());
    return ClipMaker.make(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "ts,  -c:a aac,               -c:a aac -ac 1,            44100, 2",
    "ts,  -c:a aac -ac 1, -c:a aac, 44100, 1",
    "flv, -c:a aac,                -c:a aac -ar 22050 -ac 1,    44100, 2",
    "flv, -c:a aac -ar 48000,      -c:a libmp3lame,             48000, 2",
    "flv, -c:a libmp3lame -ar 44100, -c:a libmp3lame -ar 22050 -ac 1, 44100, 2",
    "flv, -c:a libopus,            -c:a aac -ac 6,              48000, 2",
  })
  void aChangeOnTheWayIsHeardAtOnce(String type, String before, String after, int hz, int channels)
      throws Exception {
    Path first = part("first." + type, 0, 7, before);
    byte[] second = Files.readAllBytes(part("second." + type, 7, 12, after));
    // Behind the header of the second file, and the empty tag size that follows it.
    int header = type.equals("flv") ? 13 : 0;
    Path input = folder.resolve("changes." + type);
    try (OutputStream out = Files.newOutputStream(input)) {
      out.write(Files.readAllBytes(first));
      out.write(second, header, second.length - header);
    }
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording out = film.recording();
    AvReport report = AvReport.of(Originals.of(DubbedFilm.counting()), out);
    Recording.Audio audio = Objects.requireNonNull(out.audio());
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L);
    assertThat(film.dub.fellBack).isEmpty();
    assertThat(audio.sampleRate()).isEqualTo(hz);
    assertThat(audio.channels()).isEqualTo(channels);
    assertThat((double) audio.durationSamples()).isCloseTo(12.0 * hz, within(4096.0));
    assertThat(audio.gaps()).isEmpty();
    assertThat(report.pairs()).hasSize(12);
    assertThat(report.beeps().missing()).isEmpty();
    assertThat(report.beeps().extra()).isEmpty();
    assertThat(report.addedAv().maxUs()).isLessThan(1024L * 1_000_000 / hz);
    assertThat(report.beepOffsets().spreadUs()).isLessThan(3_000);
    assertThat(report.frameFaults()).isZero();
    for (StsFragment fragment : film.link.sent) {
      isValid(fragment, hz, channels);
    }
  }

  private Path joined(double soundLate, double pictureLate, String options, String name)
      throws Exception {
    String film = DubbedFilm.counting().toString();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-itsoffset", "" + pictureLate, "-ss", "" + pictureLate, "-i", film));
    arguments.addAll(List.of("-itsoffset", "" + soundLate, "-ss", "" + soundLate, "-i", film));
    arguments.addAll(List.of("-map", "0:v", "-map", "1:a", "-c", "copy"));
    if (!options.isEmpty()) {
      arguments.addAll(List.of(options.split(" ")));
    }
    arguments.add(folder.resolve(name).toString());
    return ClipMaker.make(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "ts", "flv"})
  void soundThatStartsLateStartsWhereItBelongs(String type) throws Exception {
    Path input = joined(5, 0, "-t 14", "late." + type);
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording out = film.recording();
    AvReport report = AvReport.of(Originals.of(DubbedFilm.counting()), out);
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L);
    assertThat(film.dub.fellBack).isEmpty();
    assertThat(report.pairs().stream().map(AvReport.Pair::second))
        .containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    assertThat(report.flashes().missing()).isEmpty();
  }

  @Test
  void tenSecondsWithoutSoundAreSilentAndNothingMoves() throws Exception {
    Path input = joined(0, 0, "-t 23 -bsf:a noise=drop='between(pts*tb\\,5\\,15)'", "hole.flv");
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording out = film.recording();
    AvReport report = AvReport.of(Originals.of(DubbedFilm.counting()), out);
    Recording.Audio audio = Objects.requireNonNull(out.audio());
    // 5 s; 6 s and 2 s after the hole, in which nothing is sent.
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L, 2L);
    assertThat(film.link.sent.stream().map(StsFragment::durationMs))
        .satisfiesExactly(
            ms -> assertThat(ms).isBetween(4950, 5100),
            ms -> assertThat(ms).isEqualTo(6000),
            ms -> assertThat(ms).isBetween(1900, 2100));
    assertThat(film.dropped(DropReason.SOUND_HOLE)).isOne();
    assertThat(audio.gaps()).isEmpty();
    assertThat((double) audio.durationSamples()).isCloseTo(23.0 * 48_000, within(4096.0));
    assertThat(report.pairs().stream().map(AvReport.Pair::second))
        .containsExactly(0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 20, 21, 22);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    assertThat(report.beepOffsets().spreadUs()).isLessThan(3_000);
  }

  @Test
  void aShortHoleIsSilenceWithinItsSegment() throws Exception {
    Path input = joined(0, 0, "-t 8 -bsf:a noise=drop='between(pts*tb\\,2.7\\,4.3)'", "hole.flv");
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    AvReport report = AvReport.of(Originals.of(DubbedFilm.counting()), film.recording());
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L);
    assertThat(report.pairs().stream().map(AvReport.Pair::second))
        .containsExactly(0, 1, 2, 4, 5, 6, 7);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    for (StsFragment fragment : film.link.sent) {
      isValid(fragment, 48_000, 2);
    }
  }

  @Test
  void withoutSoundThePicturePasses() throws Exception {
    Path input = film("-an", "silent.flv");
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    assertThat(film.link.sent).isEmpty();
    assertThat(film.recording().audio()).isNull();
    assertThat(video(film.output, false)).isEqualTo(video(input, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "ts", "flv"})
  void aPictureThatStartsLateStartsWhereItBelongs(String type) throws Exception {
    Path input = joined(0, 5, "-t 14", "late." + type);
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.mp4"));

    Recording out = film.recording();
    AvReport report = AvReport.of(Originals.of(DubbedFilm.counting()), out);
    assertThat(film.dub.dubbed()).containsExactly(0L, 1L, 2L);
    assertThat(report.pairs().stream().map(AvReport.Pair::second))
        .containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    assertThat(report.beeps().missing()).isEmpty();
  }
}
