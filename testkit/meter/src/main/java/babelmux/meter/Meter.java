package babelmux.meter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a finished recording as a viewer's player would: decoded, at the times that its
 * container gives.
 */
public final class Meter {
  private Meter() {}

  /**
   * Decodes a file once and notes its marks. Takes a few seconds a minute of video and a few MB of
   * memory, whatever the file's length; blocks; any thread.
   *
   * @throws IOException if the file cannot be opened, stops being readable, or holds what the meter
   *     cannot measure (sound that changes its rate, pictures other than 8 bits 4:2:0); the message
   *     says which
   */
  public static Recording read(Path file) throws IOException {
    try (MediaFile media = MediaFile.open(file)) {
      return look(media, media::readAll, null);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file.toString()) ? e : new IOException(file + ": " + message, e);
    }
  }

  /**
   * Watches a stream of an RTMP server from now on until it ends or nothing comes for 30 s, and
   * notes its marks; keeps some 3 MB an hour. Blocks; an interrupt ends it with an error.
   *
   * @throws IOException if the stream cannot be opened, or as for {@link #read}
   */
  public static LiveCapture follow(String rtmpUrl) throws IOException {
    List<Long> arrivals = new ArrayList<>();
    try (MediaFile media = MediaFile.follow(rtmpUrl)) {
      Recording recording = look(media, media::readOn, arrivals);
      return new LiveCapture(recording, List.copyOf(arrivals));
    }
  }

  private interface Reading {
    void read(MediaFile.PacketSink sink) throws IOException;
  }

  /**
   * @param arrivals is told when each flash came
   */
  private static Recording look(MediaFile media, Reading reading, @Nullable List<Long> arrivals)
      throws IOException {
    AVStream video = media.video();
    AVStream audio = media.audio();
    PictureMarks pictures = video == null ? null : new PictureMarks(video);
    BeepFinder finder = audio == null ? null : new BeepFinder(audio.codecpar().sample_rate());
    PcmReader sound =
        audio == null || finder == null
            ? null
            : new PcmReader(
                audio, media.container(), samples -> finder.accept(PcmReader.mono(samples)));
    Arrivals came = new Arrivals();
    try (Decoder videoDecoder =
            video == null || pictures == null ? null : Decoder.of(video, pictures::accept);
        Decoder audioDecoder =
            audio == null || sound == null ? null : Decoder.of(audio, sound::accept)) {
      reading.read(
          (stream, packet) -> {
            long nanos = came.read(media.waitedNanos(), System.nanoTime());
            if (videoDecoder != null && video != null && stream.index() == video.index()) {
              videoDecoder.decode(packet);
              if (arrivals != null && pictures != null) {
                while (arrivals.size() < pictures.flashCount()) {
                  arrivals.add(nanos);
                }
              }
            } else if (audioDecoder != null && audio != null && stream.index() == audio.index()) {
              audioDecoder.decode(packet);
            }
          });
      Recording.Video videoResult = null;
      if (videoDecoder != null && pictures != null) {
        videoDecoder.decode(null);
        while (arrivals != null && arrivals.size() < pictures.flashCount()) {
          arrivals.add(LiveCapture.NOT_KNOWN);
        }
        videoResult = pictures.result(videoDecoder.errors());
      }
      Recording.Audio audioResult = null;
      List<Beep> beeps = List.of();
      if (audioDecoder != null && sound != null && finder != null) {
        audioDecoder.decode(null);
        sound.finish();
        audioResult = sound.result(audioDecoder.errors());
        beeps = beeps(finder.finish(), sound.timeline());
      }
      return new Recording(
          media.container(),
          videoResult,
          audioResult,
          pictures == null ? List.of() : pictures.flashes(),
          beeps);
    }
  }

  private static List<Beep> beeps(List<BeepFit> fits, AudioTimeline timeline) {
    List<Beep> beeps = new ArrayList<>();
    for (BeepFit fit : fits) {
      beeps.add(
          new Beep(
              Math.round(timeline.timeUs(fit.onset())),
              Math.round(fit.onset()),
              Marks.second(fit.hz()),
              fit.hz(),
              fit.level()));
    }
    return List.copyOf(beeps);
  }
}
