package babelmux.worker.sts;

/**
 * A segment on its way to the service.
 *
 * @param id unique in the world, 1 to 64 characters; the segment's name in logs and the API, too
 * @param segmentIndex the segment's number in its stream, from 0
 * @param generation what {@link StsLink#generation()} was when the segment was cut; a fragment of
 *     an earlier connection is never sent
 * @param ptsNs presentation time of its first sample in the source, nanoseconds
 * @param samples length of the segment: at most a minute; what a service charges for
 * @param sampleRateHz 8000 to 96000
 * @param channels 1 or 2
 * @param format {@code m4a} or {@code pcm_s16le}
 * @param audio the container's bytes; not copied, must not be changed
 * @param deadlineNanos when its slot needs the dub, on the ticker of {@link StsLinks} ({@link
 *     System#nanoTime} unless another was given)
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
public record StsFragment(
    String id,
    long segmentIndex,
    long generation,
    long ptsNs,
    int samples,
    int sampleRateHz,
    int channels,
    String format,
    byte[] audio,
    long deadlineNanos) {

  public StsFragment {
    Checks.length("id", id, 1, 64);
    Checks.range("segmentIndex", segmentIndex, 0, Long.MAX_VALUE);
    Checks.range("sampleRateHz", sampleRateHz, 8_000, 96_000);
    Checks.range("samples", samples, 0, 60L * sampleRateHz);
    Checks.range("channels", channels, 1, 2);
    Checks.length("format", format, 1, 32);
    Checks.range("audio.length", audio.length, 1, Integer.MAX_VALUE);
  }

  /** The length as messages carry it. */
  public int durationMs() {
    return (int) Math.round(samples * 1000.0 / sampleRateHz);
  }

  @Override
  public String toString() {
    return "StsFragment[%s, segment %d, %d ms, %s, %d bytes]"
        .formatted(id, segmentIndex, durationMs(), format, audio.length);
  }
}
