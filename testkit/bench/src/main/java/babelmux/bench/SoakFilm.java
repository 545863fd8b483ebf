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
 * A clip in memory that can be repeated without end: H.264 of 720p at 2 Mbit/s and AAC stereo
 * without a pause, speech over music and noise. Its length holds a whole number of video frames, of
 * GOPs and of audio frames, so the times of a repetition follow those of the one before without a
 * gap. Its owner closes it; any number of publishers read it at the same time.
 */
final class SoakFilm implements AutoCloseable {
  /** One repetition, microseconds: 240 video frames, 8 GOPs, 375 audio frames. */
  static final long LENGTH_US = 8_000_000;

  private static final int FRAMES_PER_SECOND = 30;
  private static final int GOP_FRAMES = 30;
  private static final int VIDEO_FRAMES = 240;
  private static final int AUDIO_FRAMES = 375;
  private static final int AUDIO_RATE = 48_000;
  private static final int AUDIO_FRAME_SAMPLES = 1024;
  // Noise that changes with every frame costs the encoder about 2 Mbit/s at this strength.
  private static final String VIDEO =
      "testsrc2=size=1280x720:rate=30,noise=alls=9:allf=t,format=yuv420p";
  private static final String NOISE =
      "anoisesrc=color=pink:amplitude=0.12:sample_rate=48000:seed=7";
  private static final String MUSIC =
      "aevalsrc=0.08*sin(2*PI*220*t)+0.06*sin(2*PI*277.18*t)"
          + "+0.06*sin(2*PI*329.63*t*(1+0.002*sin(2*PI*5*t))):s=48000";

  /**
   * One packet and its time within a repetition.
   *
   * @param atUs presentation and decoding time: there are no B-frames
   */
  record Entry(Packet packet, long atUs) {}

  private final TrackFormat video;
  private final TrackFormat audio;
  private final List<Entry> entries;

  private SoakFilm(TrackFormat video, TrackFormat audio, List<Entry> entries) {
    this.video = video;
    this.audio = audio;
    this.entries = entries;
  }

  /** Makes the clip in a temporary file and reads it. Takes some seconds of one core. */
  static SoakFilm make() throws IOException, InterruptedException {
    Path file = Files.createTempFile("babelmux-soak", ".mp4");
    try {
      encode(file);
      return read(file);
    } catch (MediaException e) {
      throw new IOException("reading the soak's clip: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void encode(Path file) throws IOException, InterruptedException {
    String speech = Distribution.fixture("30s-counting-english.mp4").toString();
    List<String> arguments =
        new ArrayList<>(
            List.of("-f", "lavfi", "-i", VIDEO, "-stream_loop", "-1", "-i", speech, "-f", "lavfi"));
    arguments.addAll(List.of("-i", NOISE, "-f", "lavfi", "-i", MUSIC, "-filter_complex"));
    arguments.add(
        "[1:a]aresample=48000[speech];[speech][2:a][3:a]amix=inputs=3:normalize=0,"
            + "aformat=channel_layouts=stereo[mix]");
    arguments.addAll(List.of("-map", "0:v", "-map", "[mix]", "-t", "8.2"));
    arguments.addAll(List.of("-c:v", "libopenh264", "-b:v", "2000k", "-maxrate", "2000k"));
    arguments.addAll(List.of("-g", Integer.toString(GOP_FRAMES), "-c:a", "aac", "-b:a", "128k"));
    arguments.add(file.toString());
    ClipMaker.make(arguments);
  }

  /** Reads a file that {@link #encode} wrote. */
  private static SoakFilm read(Path file) throws MediaException, IOException {
    List<Packet> pictures = new ArrayList<>();
    List<Packet> sounds = new ArrayList<>();
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet packet = source.read(); packet != null; packet = source.read()) {
        (packet.kind() == TrackKind.VIDEO ? pictures : sounds).add(packet);
      }
      TrackFormat video = source.video();
      TrackFormat audio = source.audio();
      // The first packet of AAC is the encoder's priming.
      if (video == null
          || audio == null
          || pictures.size() < VIDEO_FRAMES
          || sounds.size() < AUDIO_FRAMES + 1) {
        throw new IOException(
            "the soak's clip has %d video and %d audio packets"
                .formatted(pictures.size(), sounds.size()));
      }
      List<Entry> entries = new ArrayList<>();
      for (int n = 0; n < VIDEO_FRAMES; n++) {
        entries.add(new Entry(pictures.get(n).share(), 1_000_000L * n / FRAMES_PER_SECOND));
      }
      for (int n = 0; n < AUDIO_FRAMES; n++) {
        long atUs = 1_000_000L * n * AUDIO_FRAME_SAMPLES / AUDIO_RATE;
        entries.add(new Entry(sounds.get(n + 1).share(), atUs));
      }
      entries.sort(Comparator.comparingLong(Entry::atUs));
      return new SoakFilm(video.copy(), audio.copy(), List.copyOf(entries));
    } finally {
      pictures.forEach(Packet::close);
      sounds.forEach(Packet::close);
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
      if (entry.atUs() >= atUs
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
