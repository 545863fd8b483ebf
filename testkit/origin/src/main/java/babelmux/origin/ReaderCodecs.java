package babelmux.origin;

import babelmux.origin.rtmp.MediaTag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Codecs that a reader said that it understands, and so what it gets: classic tracks always,
 * enhanced ones only if announced.
 *
 * @param fourCcs the {@code fourCcList} of its connect command
 */
record ReaderCodecs(Set<String> fourCcs) {
  private static final Set<String> WITH_CLASSIC_FORM = Set.of("avc1", "mp4a", ".mp3");

  static ReaderCodecs of(@Nullable Object fourCcList) {
    return new ReaderCodecs(
        fourCcList instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet())
            : Set.of());
  }

  boolean understands(MediaTag tag) {
    if (tag.codec().equals("avc1") && tag.track() == 0) {
      return true;
    }
    if (!tag.enhanced()) {
      return !tag.codec().equals("hvc1") || fourCcs.contains("hvc1");
    }
    return WITH_CLASSIC_FORM.contains(tag.codec())
        ? !fourCcs.isEmpty()
        : fourCcs.contains(tag.codec());
  }

  /** Tells whether there is a track for this reader at all. */
  boolean understandsAny(List<Track> tracks, CodecHeaders headers) {
    return tracks.stream()
        .map(headers::config)
        .anyMatch(header -> header == null || understands(header.tag()));
  }
}
