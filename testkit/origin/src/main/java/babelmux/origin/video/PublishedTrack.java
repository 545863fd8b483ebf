package babelmux.origin.video;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One video track of a publisher. Not thread-safe. */
public final class PublishedTrack {
  /** MediaMTX writes these whatever the stream is: it does not look into it. */
  private static final byte[] AV1_CONFIG =
      HexFormat.of().parseHex("81080c000a0b00000042abbfc3700be001");

  private static final byte[] VP9_CONFIG = HexFormat.of().parseHex("010000000028820202020000");

  private static final byte[] TEMPORAL_DELIMITER = {0x12, 0};

  private final String codec;
  private final int track;
  private final ParameterSets parameters;

  /**
   * @param tag of the track's first message
   */
  public PublishedTrack(MediaTag tag) {
    codec = tag.codec();
    track = tag.track();
    parameters = new ParameterSets(codec);
  }

  /**
   * Takes the next message of the track.
   *
   * @return the picture in it; null when it has none for readers
   * @throws RtmpProtocolException where MediaMTX ends the publisher's connection
   */
  public @Nullable Picture take(MediaTag tag, RtmpMessage message) throws RtmpProtocolException {
    VideoTag.Layout layout = VideoTag.layout(tag, message);
    boolean nals = VideoTag.hasNals(codec) && tag.codec().equals(codec);
    if (tag.role() == Role.CONFIG && nals) {
      parameters.configure(layout.payload(message));
    }
    if (tag.role() != Role.KEYFRAME && tag.role() != Role.FRAME) {
      return null;
    }
    long ptsMs = message.timestampMs() + layout.compositionMs();
    byte[] payload = layout.payload(message);
    if (!nals) {
      return picture(ptsMs, false, null, delimited(payload), message);
    }
    List<byte[]> units = parameters.arrange(NalUnits.split(payload));
    return parameters.hasPicture(units)
        ? picture(ptsMs, parameters.randomAccess(units), units, NalUnits.join(units), message)
        : null;
  }

  private Picture picture(
      long ptsMs,
      boolean randomAccess,
      @Nullable List<byte[]> nals,
      byte[] payload,
      RtmpMessage original) {
    return new Picture(
        codec, track, ptsMs, randomAccess, nals, new Picture.Payload(payload), original);
  }

  /** MediaMTX puts a temporal delimiter in front of AV1. */
  private byte[] delimited(byte[] payload) {
    boolean there = payload.length > 1 && payload[0] == TEMPORAL_DELIMITER[0] && payload[1] == 0;
    if (!codec.equals("av01") || there) {
      return payload;
    }
    byte[] delimited = new byte[payload.length + 2];
    delimited[0] = TEMPORAL_DELIMITER[0];
    System.arraycopy(payload, 0, delimited, 2, payload.length);
    return delimited;
  }

  /**
   * The header for a reader that joins now.
   *
   * @param given the publisher's newest
   */
  public RtmpMessage header(MediaTag tag, RtmpMessage given) {
    byte[] config = VideoTag.layout(tag, given).payload(given);
    return VideoTag.header(
        codec,
        track,
        switch (codec) {
          case "avc1", "hvc1" -> parameters.configuration(config);
          case "av01" -> AV1_CONFIG;
          case "vp09" -> VP9_CONFIG;
          default -> config;
        });
  }
}
