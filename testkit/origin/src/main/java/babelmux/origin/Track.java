package babelmux.origin;

import babelmux.origin.rtmp.MediaTag;

/** One track of a publisher, found by the analysis; key of its headers too. */
record Track(boolean video, int id, String codec) {
  static Track of(MediaTag tag) {
    return new Track(tag.video(), tag.track(), tag.codec());
  }

  /** MediaMTX's name of the codec. */
  String label() {
    return switch (codec) {
      case "avc1" -> "H264";
      case "hvc1" -> "H265";
      case "av01" -> "AV1";
      case "vp09" -> "VP9";
      case "mp4a" -> "MPEG-4 Audio";
      case "Opus" -> "Opus";
      case "fLaC" -> "FLAC";
      case ".mp3" -> "MPEG-1/2 Audio";
      case "ac-3" -> "AC3";
      case "g711" -> "G711";
      default -> "LPCM";
    };
  }
}
