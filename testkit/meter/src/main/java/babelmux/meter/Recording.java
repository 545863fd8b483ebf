package babelmux.meter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Contents that were found in a file. All times are presentation times as its container has them,
 * edit lists honoured.
 *
 * @param container FFmpeg's name of the format, such as {@code flv}
 * @param video null if the file has no picture
 * @param audio null if the file has no sound
 * @param flashes in the order of presentation
 * @param beeps in the order of presentation
 */
public record Recording(
    String container,
    @Nullable Video video,
    @Nullable Audio audio,
    List<Flash> flashes,
    List<Beep> beeps) {

  /**
   * The picture.
   *
   * @param codec FFmpeg's name of the codec, such as {@code h264}
   * @param fps as the container states it, 0 if it does not
   * @param startUs presentation time of the first picture
   * @param durationUs from the first picture's time to the end of the last one
   * @param frames pictures decoded
   * @param largestStepUs the longest time between two pictures
   * @param firstNumber the number in the first picture that has a readable one, -1 if none has
   * @param lastNumber the same of the last one
   * @param unreadable pictures without a readable number
   * @param faultCount pictures out of sequence
   * @param faults the first 1000 of them
   * @param decodeErrors packets that could not be decoded
   */
  public record Video(
      String codec,
      int width,
      int height,
      double fps,
      long startUs,
      long durationUs,
      long frames,
      long largestStepUs,
      int firstNumber,
      int lastNumber,
      long unreadable,
      long faultCount,
      List<FrameFault> faults,
      int decodeErrors) {}

  /**
   * The sound.
   *
   * @param codec FFmpeg's name of the codec, such as {@code aac}
   * @param sampleRate in Hz
   * @param startUs presentation time of the first sample heard
   * @param endUs presentation time of the end of the last one
   * @param durationSamples samples heard
   * @param gaps where times and samples part
   * @param decodeErrors packets that could not be decoded
   */
  public record Audio(
      String codec,
      int sampleRate,
      int channels,
      long startUs,
      long endUs,
      long durationSamples,
      List<AudioGap> gaps,
      int decodeErrors) {}
}
