package babelmux.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file in memory: its packets as a source gives them, and its last formats. */
final class Clip implements AutoCloseable {
  private final List<Packet> packets = new ArrayList<>();
  private final @Nullable TrackFormat video;
  private final @Nullable TrackFormat audio;

  Clip(Path file) throws MediaException {
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        packets.add(next);
      }
      video = copy(source.video());
      audio = copy(source.audio());
    }
  }

  private static @Nullable TrackFormat copy(@Nullable TrackFormat format) {
    return format == null ? null : format.copy();
  }

  List<Packet> packets() {
    return packets;
  }

  @Nullable TrackFormat video() {
    return video;
  }

  @Nullable TrackFormat audio() {
    return audio;
  }

  @Override
  public void close() {
    packets.forEach(Packet::close);
    if (video != null) {
      video.close();
    }
    if (audio != null) {
      audio.close();
    }
  }
}
