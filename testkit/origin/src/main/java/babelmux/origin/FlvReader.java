package babelmux.origin;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.video.Picture;
import babelmux.origin.video.ReaderRefusedException;
import babelmux.origin.video.ReaderTrack;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * One HTTP-FLV reader of a path: the codec headers, then media from the next keyframe on, at the
 * publisher's times. It gets the first video and the first audio track. What it has not taken yet
 * is bounded: a reader that falls further behind is disconnected. Event loop only.
 */
final class FlvReader {
  /** Unsent bytes from which on it is disconnected: some seconds of video. */
  static final int MAX_UNSENT_BYTES = 2 * 1024 * 1024;

  private static final int FILE_HEADER_BYTES = 9;
  private static final int TAG_HEADER_BYTES = 11;
  private static final int HAS_VIDEO = 1;
  private static final int HAS_AUDIO = 4;

  private final HttpServerResponse response;
  private final Runnable disconnect;
  private final ReaderTrack track = new ReaderTrack();
  private final boolean waitsForVideo;
  private boolean began;
  private boolean over;

  /**
   * Begins the answer.
   *
   * @param disconnect closes the reader's connection at once, whatever is unsent
   */
  FlvReader(HttpServerResponse response, RelayPath path, Runnable disconnect) {
    this.response = response;
    this.disconnect = disconnect;
    response.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
    waitsForVideo = has(path.tracks(), true);
    int flags = (waitsForVideo ? HAS_VIDEO : 0) | (has(path.tracks(), false) ? HAS_AUDIO : 0);
    response.write(
        Buffer.buffer("FLV")
            .appendByte((byte) 1)
            .appendByte((byte) flags)
            .appendInt(FILE_HEADER_BYTES)
            .appendInt(0));
    path.headers().replay(FlvReader::takes).forEach(this::write);
  }

  /** Writes the picture when the reader may have it. */
  void offer(Picture picture) {
    if (over || picture.track() != 0) {
      return;
    }
    try {
      RtmpMessage message = track.next(picture);
      if (message != null) {
        began = true;
        write(message);
      }
    } catch (ReaderRefusedException e) {
      drop();
    }
  }

  /** Writes audio, once a keyframe has been written where there is video. */
  void offer(MediaTag tag, RtmpMessage audio) {
    if (!over && takes(tag) && (began || !waitsForVideo)) {
      write(audio);
    }
  }

  /** The publisher is gone: what was written is sent, and the answer ends. */
  void end() {
    if (over) {
      return;
    }
    over = true;
    if (response.writeQueueFull()) {
      disconnect.run();
    } else if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /** Disconnects; what was not sent is lost. */
  void drop() {
    over = true;
    disconnect.run();
  }

  private void write(RtmpMessage message) {
    if (over) {
      return;
    }
    if (response.writeQueueFull()) {
      drop();
    } else {
      response.write(tag(message));
    }
  }

  /** A tag as it stands in a file: header, body, and the size of both. */
  private static Buffer tag(RtmpMessage message) {
    byte[] body = message.body();
    long time = message.timestampMs();
    return Buffer.buffer(TAG_HEADER_BYTES + body.length + Integer.BYTES)
        .appendByte((byte) message.type())
        .appendMedium(body.length)
        .appendMedium((int) (time & 0xFFFFFF))
        .appendByte((byte) (time >> 24))
        .appendMedium(0)
        .appendBytes(body)
        .appendInt(TAG_HEADER_BYTES + body.length);
  }

  private static boolean takes(MediaTag tag) {
    return tag.track() == 0;
  }

  private static boolean has(List<Track> tracks, boolean video) {
    return tracks.stream().anyMatch(track -> track.video() == video && track.id() == 0);
  }
}
