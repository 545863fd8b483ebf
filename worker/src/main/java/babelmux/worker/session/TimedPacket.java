package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;

/**
 * A packet in the delay line, at its place on the session's timeline.
 *
 * @param packet whoever holds the record closes it
 * @param format its track's; not this record's to close
 * @param ptsUs presentation time, session microseconds
 * @param dtsUs decoding time, session microseconds
 * @param sourcePtsUs presentation time in the source, unwrapped, microseconds
 * @param run counts the contiguous runs of the source from 0
 * @param startSample audio: where its first decoded sample belongs, session samples
 * @param frontDrop audio: decoded samples at its start that are not to be heard
 * @param frames audio: decoded samples that count, {@code frontDrop} included
 * @param arrivedNanos when it was read, monotonic clock
 */
record TimedPacket(
    Packet packet,
    TrackFormat format,
    long ptsUs,
    long dtsUs,
    long sourcePtsUs,
    int run,
    long startSample,
    int frontDrop,
    int frames,
    long arrivedNanos)
    implements AutoCloseable {
  boolean isAudio() {
    return packet.kind() == TrackKind.AUDIO;
  }

  /** The first sample that is to be heard. */
  long heardFrom() {
    return startSample + frontDrop;
  }

  /** The sample behind the last one that is to be heard. */
  long heardTo() {
    return startSample + frames;
  }

  /** The same packet at other times; takes the place of this record. */
  TimedPacket at(long newPtsUs, long newDtsUs) {
    return new TimedPacket(
        packet,
        format,
        newPtsUs,
        newDtsUs,
        sourcePtsUs,
        run,
        startSample,
        frontDrop,
        frames,
        arrivedNanos);
  }

  TimedPacket share() {
    return new TimedPacket(
        packet.share(),
        format,
        ptsUs,
        dtsUs,
        sourcePtsUs,
        run,
        startSample,
        frontDrop,
        frames,
        arrivedNanos);
  }

  @Override
  public void close() {
    packet.close();
  }
}
