package babelmux.origin;

import babelmux.origin.rtmp.Amf0;
import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import babelmux.origin.video.Picture;
import babelmux.origin.video.PublishedTrack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a late reader has to know first: metadata and the decoder configuration of every
 * track.
 */
final class CodecHeaders {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private record Key(boolean video, int track, boolean enhanced) {}

  /** A header and how it is announced. */
  record Header(MediaTag tag, RtmpMessage message) {}

  private final Map<Key, Header> headers = new LinkedHashMap<>();
  private final Map<Integer, PublishedTrack> videoTracks = new HashMap<>();
  private byte @Nullable [] metadata;
  private Map<?, ?> metadataValues = Map.of();

  /**
   * Keeps the message if it is a header; the newest of its kind counts.
   *
   * @return the picture for readers that is in it, null when there is none
   */
  @Nullable Picture offer(MediaTag tag, RtmpMessage message) throws RtmpProtocolException {
    keep(tag, message);
    return tag.video() ? track(tag).take(tag, message) : null;
  }

  private PublishedTrack track(MediaTag tag) {
    return videoTracks.computeIfAbsent(tag.track(), id -> new PublishedTrack(tag));
  }

  private void keep(MediaTag tag, RtmpMessage message) throws RtmpProtocolException {
    if (tag.role() != Role.CONFIG) {
      return;
    }
    headers.put(new Key(tag.video(), tag.track(), tag.enhanced()), new Header(tag, message));
    long bytes = headers.values().stream().mapToLong(h -> h.message().body().length).sum();
    if (bytes > MAX_BYTES) {
      throw new RtmpProtocolException("codec headers of " + bytes + " bytes, at most " + MAX_BYTES);
    }
  }

  /** Keeps {@code onMetaData}, without {@code @setDataFrame} in front of it; ignores other data. */
  void offerData(RtmpMessage message) throws RtmpProtocolException {
    List<@Nullable Object> values = Amf0.decode(message.body());
    byte[] body = message.body();
    if (!values.isEmpty() && "@setDataFrame".equals(values.get(0))) {
      body = Amf0.afterFirstValue(body);
      values = values.subList(1, values.size());
    }
    if (!values.isEmpty() && "onMetaData".equals(values.get(0)) && body.length <= MAX_BYTES) {
      metadata = body;
      metadataValues = values.size() > 1 && values.get(1) instanceof Map<?, ?> map ? map : Map.of();
    }
  }

  /** Headers for a reader, metadata first, all at time 0. */
  List<RtmpMessage> replay(Predicate<MediaTag> wanted) {
    List<RtmpMessage> messages = new ArrayList<>();
    byte[] data = metadata == null ? ownMetadata() : metadata;
    messages.add(new RtmpMessage(MessageType.DATA_AMF0, 4, 1, 0, data));
    for (Header header : headers.values()) {
      if (wanted.test(header.tag())) {
        messages.add(
            header.tag().video()
                ? track(header.tag()).header(header.tag(), header.message())
                : AudioHeader.of(header.tag(), header.message()));
      }
    }
    return messages;
  }

  /** The configuration of a track, null when it needs none. */
  @Nullable Header config(Track track) {
    for (boolean enhanced : new boolean[] {false, true}) {
      Header header = headers.get(new Key(track.video(), track.id(), enhanced));
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  /**
   * The message at the time that is left of it on the clock of its codec: MediaMTX counts AAC in
   * samples, and cuts off what is left both ways.
   */
  RtmpMessage atClockRate(MediaTag tag, RtmpMessage message) {
    int rate = tag.codec().equals("mp4a") ? CodecProps.sampleRate(Track.of(tag), this) : 0;
    if (rate == 0) {
      return message;
    }
    long ms = message.timestampMs() * rate / 1000 * 1000 / rate;
    return new RtmpMessage(
        message.type(), message.chunkStreamId(), message.streamId(), ms, message.body());
  }

  /** A number of the metadata, 0 when it is not there. */
  int metadataNumber(String name) {
    return metadataValues.get(name) instanceof Double number ? number.intValue() : 0;
  }

  /** For publishers that send none; players wait for it. */
  private byte[] ownMetadata() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("videodatarate", 0.0);
    values.put("audiodatarate", 0.0);
    return Amf0.encode("onMetaData", values);
  }
}
