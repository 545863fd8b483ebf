package babelmux.origin;

import babelmux.origin.hook.RunningHook;
import babelmux.origin.rtmp.ChunkWriter;
import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import babelmux.origin.video.Picture;
import babelmux.origin.video.ReaderRefusedException;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A path that is ready: one publisher and its readers. Event loop only. */
final class RelayPath {
  static final int OUT_CHUNK_BYTES = 65_536;

  private final String name;
  private final String query;
  private final RtmpServerConnection source;
  private final String sourceId;
  private final Instant availableTime;
  private final List<Track> tracks;
  private final CodecHeaders headers;
  private final Set<RtmpServerConnection> readers = new LinkedHashSet<>();
  private final Set<FlvReader> flvReaders = new LinkedHashSet<>();
  private final List<RunningHook> readyHooks = new ArrayList<>();
  private long inboundBytes;
  private long outboundBytes;

  RelayPath(
      String name,
      String query,
      RtmpServerConnection source,
      List<Track> tracks,
      CodecHeaders headers,
      Instant now) {
    this.name = name;
    this.query = query;
    this.source = source;
    this.sourceId = source.id();
    this.tracks = List.copyOf(tracks);
    this.headers = headers;
    this.availableTime = now;
  }

  /** Passes a message on to every reader that can take it. */
  void relay(MediaTag tag, RtmpMessage message) throws RtmpProtocolException {
    requireKnown(tag);
    Picture picture = headers.offer(tag, message);
    inboundBytes += message.body().length;
    if (picture != null) {
      relay(tag, picture);
    } else if (!tag.video()) {
      relayAudio(tag, headers.atClockRate(tag, message));
    }
  }

  /** Every reader has a DTS of its own. */
  private void relay(MediaTag tag, Picture picture) {
    flvReaders().forEach(reader -> reader.offer(picture));
    for (RtmpServerConnection reader : readers()) {
      ReaderQueue queue = reader.readerQueue();
      if (queue == null || !reader.understands(tag)) {
        continue;
      }
      try {
        offer(queue, queue.next(picture));
      } catch (ReaderRefusedException e) {
        if (source.keepsReaders()) {
          offer(queue, picture.original());
        } else {
          reader.close(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private void offer(ReaderQueue queue, @Nullable RtmpMessage message) {
    if (message != null) {
      outboundBytes += message.body().length;
      queue.offer(encode(message));
    }
  }

  private void relayAudio(MediaTag tag, RtmpMessage message) {
    flvReaders().forEach(reader -> reader.offer(tag, message));
    Buffer wire = null;
    for (RtmpServerConnection reader : readers()) {
      ReaderQueue queue = reader.readerQueue();
      if (queue == null || !reader.understands(tag)) {
        continue;
      }
      if (wire == null) {
        wire = encode(message);
      }
      outboundBytes += message.body().length;
      queue.offer(wire);
    }
  }

  static Buffer encode(RtmpMessage message) {
    int chunkStream = message.type() == MessageType.VIDEO ? 6 : 4;
    return Buffer.buffer(
        ChunkWriter.encode(
            new RtmpMessage(message.type(), chunkStream, 1, message.timestampMs(), message.body()),
            OUT_CHUNK_BYTES));
  }

  void addReader(RtmpServerConnection reader) {
    readers.add(reader);
  }

  void removeReader(RtmpServerConnection reader) {
    readers.remove(reader);
  }

  void addFlvReader(FlvReader reader) {
    flvReaders.add(reader);
  }

  /** Tells whether it was one. */
  boolean removeFlvReader(FlvReader reader) {
    return flvReaders.remove(reader);
  }

  /** A copy, as {@link #readers}. */
  List<FlvReader> flvReaders() {
    return List.copyOf(flvReaders);
  }

  /** A copy: closing a reader changes the set. */
  List<RtmpServerConnection> readers() {
    return List.copyOf(readers);
  }

  List<RunningHook> readyHooks() {
    return readyHooks;
  }

  String name() {
    return name;
  }

  String query() {
    return query;
  }

  RtmpServerConnection source() {
    return source;
  }

  /** The id that the hooks were told; {@link RtmpServerConnection#id} may be newer. */
  String sourceId() {
    return sourceId;
  }

  Instant availableTime() {
    return availableTime;
  }

  List<Track> tracks() {
    return tracks;
  }

  CodecHeaders headers() {
    return headers;
  }

  long inboundBytes() {
    return inboundBytes;
  }

  long outboundBytes() {
    return outboundBytes;
  }

  private void requireKnown(MediaTag tag) throws RtmpProtocolException {
    String kind = tag.video() ? "video" : "audio";
    boolean known =
        tracks.stream().anyMatch(t -> t.video() == tag.video() && t.id() == tag.track());
    if (!known && tag.timed()) {
      throw new RtmpProtocolException(
          "received a packet for " + kind + " track " + tag.track() + ", but track is not set up");
    }
  }
}
