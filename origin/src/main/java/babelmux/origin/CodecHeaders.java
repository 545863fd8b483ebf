package babelmux.origin;

import babelmux.origin.rtmp.Amf0;
import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a late reader has to know first: metadata and the decoder configuration of every track. */
final class CodecHeaders {
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private record Key(boolean video, int track, boolean enhanced, Role role) {}

  /** A header and how it is announced. */
  record Header(MediaTag tag, RtmpMessage message) {}

  private final Map<Key, Header> headers = new LinkedHashMap<>();
  private byte @Nullable [] metadata;
  private Map<?, ?> metadataValues = Map.of();

  /** Keeps the message if it is a header; the newest of its kind counts. */
  void offer(MediaTag tag, RtmpMessage message) throws RtmpProtocolException {
    if (tag.role() != Role.CONFIG && tag.role() != Role.DESCRIPTION) {
      return;
    }
    headers.put(
        new Key(tag.video(), tag.track(), tag.enhanced(), tag.role()), new Header(tag, message));
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
        messages.add(new RtmpMessage(header.message().type(), 4, 1, 0, header.message().body()));
      }
    }
    return messages;
  }

  /** The configuration of a track, null when it needs none. */
  @Nullable Header config(Track track) {
    for (boolean enhanced : new boolean[] {false, true}) {
      Header header = headers.get(new Key(track.video(), track.id(), enhanced, Role.CONFIG));
      if (header != null) {
        return header;
      }
    }
    return null;
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
