package babelmux.meter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;

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
      return read(media);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file.toString()) ? e : new IOException(file + ": " + message, e);
    }
  }

  private static Recording read(MediaFile media) throws IOException {
    AVStream video = media.video();
    AVStream audio = media.audio();
    PictureMarks pictures = video == null ? null : new PictureMarks(video);
    BeepFinder finder = audio == null ? null : new BeepFinder(audio.codecpar().sample_rate());
    SoundTrack sound =
        audio == null || finder == null
            ? null
            : new SoundTrack(
                audio, media.container(), samples -> finder.accept(SoundTrack.mono(samples)));
    try (Decoder videoDecoder =
            video == null || pictures == null ? null : Decoder.of(video, pictures::accept);
        Decoder audioDecoder =
            audio == null || sound == null ? null : Decoder.of(audio, sound::accept)) {
      media.readAll(
          (stream, packet) -> {
            if (videoDecoder != null && video != null && stream.index() == video.index()) {
              videoDecoder.decode(packet);
            } else if (audioDecoder != null && audio != null && stream.index() == audio.index()) {
              audioDecoder.decode(packet);
            }
          });
      Recording.Video videoResult = null;
      if (videoDecoder != null && pictures != null) {
        videoDecoder.decode(null);
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
