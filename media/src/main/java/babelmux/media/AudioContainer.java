package babelmux.media;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The containers of audio that the STS contract knows, told by their first bytes. */
public enum AudioContainer {
  MP4("mov"),
  ADTS("aac"),
  WAV("wav"),
  MP3("mp3"),
  OGG("ogg"),
  FLAC("flac");

  private final String demuxer;

  AudioContainer(String demuxer) {
    this.demuxer = demuxer;
  }

  String demuxer() {
    return demuxer;
  }

  /** The container of {@code bytes}, or null when they look like none: raw samples, or rubbish. */
  public static @Nullable AudioContainer sniff(byte[] bytes) {
    if (starts(bytes, 4, "ftyp")) {
      return MP4;
    }
    if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WAVE")) {
      return WAV;
    }
    if (starts(bytes, 0, "OggS")) {
      return OGG;
    }
    if (starts(bytes, 0, "fLaC")) {
      return FLAC;
    }
    if (starts(bytes, 0, "ID3")) {
      return MP3;
    }
    if (bytes.length >= 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xe0) == 0xe0) {
      // Layer 0 is ADTS, which has 12 sync bits; 1 to 3 are MPEG audio, MPEG 2.5 with 11.
      boolean layerZero = (bytes[1] & 0x06) == 0;
      if (layerZero) {
        return (bytes[1] & 0xf0) == 0xf0 ? ADTS : null;
      }
      return MP3;
    }
    return null;
  }

  private static boolean starts(byte[] bytes, int at, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < at + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
