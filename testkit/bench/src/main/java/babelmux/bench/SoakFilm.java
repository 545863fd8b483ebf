package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A clip in memory that can be repeated without end: H.264 of 720p with B-frames, and AAC stereo
 * without a pause, speech over music and noise. The video is the counting fixture's, made as large
 * as wanted by filler. Its length holds a whole number of video frames, of GOPs and of audio
 * frames, so the times of a repetition follow those of the one before without a gap. Its owner
 * closes it; any number of publishers read it at the same time.
 */
final class SoakFilm implements AutoCloseable {
  /** One repetition, microseconds: 240 video frames, 16 GOPs, 375 audio frames. */
  static final long LENGTH_US = 8_000_000;

  private static final int FRAMES_PER_SECOND = 30;
  private static final int VIDEO_FRAMES = 240;
  // A keyframe behind the end shows that a repetition can follow.
  private static final int VIDEO_FILE_SECONDS = 9;
  private static final int AUDIO_FRAMES = 375;
  private static final int AUDIO_RATE = 48_000;
  private static final int AUDIO_FRAME_SAMPLES = 1024;
  private static final int AUDIO_BIT_RATE = 128_000;
  private static final int BIT_RATE = 2_130_000;
  private static final String NOISE =
      "anoisesrc=color=pink:amplitude=0.12:sample_rate=48000:seed=7";
  private static final String MUSIC =
      "aevalsrc=0.08*sin(2*PI*220*t)+0.06*sin(2*PI*277.18*t)"
          + "+0.06*sin(2*PI*329.63*t*(1+0.002*sin(2*PI*5*t))):s=48000";

  /**
   * One packet and its times within a repetition.
   *
   * @param dtsUs decoding time
   * @param ptsUs presentation time, which of the last B-frames is in the next repetition
   */
  record Entry(Packet packet, long dtsUs, long ptsUs) {}

  private final TrackFormat video;
  private final TrackFormat audio;
  private final List<Entry> entries;

  private SoakFilm(TrackFormat video, TrackFormat audio, List<Entry> entries) {
    this.video = video;
    this.audio = audio;
    this.entries = entries;
  }

  /** Of 2.1 Mbit/s. Takes a second of one core. */
  static SoakFilm make() throws IOException, InterruptedException {
    return make(BIT_RATE);
  }

  /**
   * Makes the clip in temporary files and reads it. Takes a second of one core.
   *
   * @param bitRate of both tracks, bits per second; 500,000 or more
   */
  static SoakFilm make(int bitRate) throws IOException, InterruptedException {
    return make(Distribution.fixture("30s-counting-english.mp4"), bitRate);
  }

  static SoakFilm make(Path fixture, int bitRate) throws IOException, InterruptedException {
    Path video = Files.createTempFile("babelmux-soak", ".flv");
    Path audio = Files.createTempFile("babelmux-soak", ".mp4");
    try {
      makeVideo(fixture, video, (bitRate - AUDIO_BIT_RATE) / 8 * VIDEO_FILE_SECONDS);
      makeAudio(fixture, audio);
      return read(video, audio);
    } catch (MediaException e) {
      throw new IOException("reading the soak's clip: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(video);
      Files.deleteIfExists(audio);
    }
  }

  private static void makeVideo(Path fixture, Path file, int bytes)
      throws IOException, InterruptedException {
    ClipMaker.make(
        "-i",
        fixture.toString(),
        "-an",
        "-c",
        "copy",
        "-t",
        Integer.toString(VIDEO_FILE_SECONDS),
        file.toString());
    Files.write(file, FillerVideo.fillTo(Files.readAllBytes(file), bytes));
  }

  private static void makeAudio(Path fixture, Path file) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("-i", fixture.toString(), "-f", "lavfi", "-i", NOISE));
    arguments.addAll(List.of("-f", "lavfi", "-i", MUSIC, "-filter_complex"));
    arguments.add(
        "[0:a]aresample=48000[speech];[speech][1:a][2:a]amix=inputs=3:normalize=0,"
            + "aformat=channel_layouts=stereo[mix]");
    arguments.addAll(List.of("-map", "[mix]", "-t", "8.2", "-c:a", "aac"));
    arguments.addAll(List.of("-b:a", Integer.toString(AUDIO_BIT_RATE), file.toString()));
    ClipMaker.make(arguments);
  }

  private static SoakFilm read(Path videoFile, Path audioFile) throws MediaException, IOException {
    List<Packet> pictures = new ArrayList<>();
    List<Packet> sounds = new ArrayList<>();
    try (Source moving = Source.open(videoFile.toString(), SourceOptions.defaults());
        Source heard = Source.open(audioFile.toString(), SourceOptions.defaults())) {
      readAll(moving, pictures);
      readAll(heard, sounds);
      TrackFormat video = moving.video();
      TrackFormat audio = heard.audio();
      // The first packet of AAC is the encoder's priming. A repetition begins as the first one.
      if (video == null
          || audio == null
          || pictures.size() <= VIDEO_FRAMES
          || !pictures.get(VIDEO_FRAMES).key()
          || sounds.size() < AUDIO_FRAMES + 1) {
        throw new IOException(
            "the soak's clip has %d video and %d audio packets, or no keyframe behind its end"
                .formatted(pictures.size(), sounds.size()));
      }
      List<Entry> entries = new ArrayList<>();
      for (int n = 0; n < VIDEO_FRAMES; n++) {
        Packet picture = pictures.get(n);
        long held = Math.round((picture.ptsUs() - picture.dtsUs()) * FRAMES_PER_SECOND / 1e6);
        entries.add(
            new Entry(
                picture.share(),
                1_000_000L * n / FRAMES_PER_SECOND,
                1_000_000L * (n + held) / FRAMES_PER_SECOND));
      }
      for (int n = 0; n < AUDIO_FRAMES; n++) {
        long atUs = 1_000_000L * n * AUDIO_FRAME_SAMPLES / AUDIO_RATE;
        entries.add(new Entry(sounds.get(n + 1).share(), atUs, atUs));
      }
      entries.sort(Comparator.comparingLong(Entry::dtsUs));
      return new SoakFilm(video.copy(), audio.copy(), List.copyOf(entries));
    } finally {
      pictures.forEach(Packet::close);
      sounds.forEach(Packet::close);
    }
  }

  private static void readAll(Source source, List<Packet> into) throws MediaException {
    for (Packet packet = source.read(); packet != null; packet = source.read()) {
      into.add(packet);
    }
  }

  TrackFormat video() {
    return video;
  }

  TrackFormat audio() {
    return audio;
  }

  /** All packets of one repetition, in the order of their times. */
  List<Entry> entries() {
    return entries;
  }

  /** The place of the first keyframe at or behind a time, so that a publisher can start there. */
  int keyframeFrom(long atUs) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.dtsUs() >= atUs
          && entry.packet().kind() == TrackKind.VIDEO
          && entry.packet().key()) {
        return i;
      }
    }
    return 0;
  }

  /** Payload of both tracks, bits per second. */
  double bitRate() {
    long bytes = entries.stream().mapToLong(entry -> entry.packet().size()).sum();
    return bytes * 8.0 * Duration.ofSeconds(1).toNanos() / 1000 / LENGTH_US;
  }

  /** The packets' native memory goes, too. Publishers have ended before. */
  @Override
  public void close() {
    entries.forEach(entry -> entry.packet().close());
    video.close();
    audio.close();
  }
}
