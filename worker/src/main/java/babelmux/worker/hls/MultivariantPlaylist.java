package babelmux.worker.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MediaMTX's multivariant playlist: what of it is known is read, checked and made anew, so that
 * nothing that a server invents reaches a player. Pure.
 *
 * @param version of the protocol
 * @param variants at least one
 * @param audio audio of its own, for variants that name its group
 */
public record MultivariantPlaylist(int version, List<Variant> variants, List<Audio> audio) {
  private static final int MAX_ENTRIES = 20;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");
  private static final Pattern RATE = Pattern.compile("\\d{1,5}(?:\\.\\d{1,9})?");
  private static final Pattern SIZE = Pattern.compile("\\d{1,5}x\\d{1,5}");
  private static final Pattern CODECS = Pattern.compile("[A-Za-z0-9.,_-]{1,200}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9 ._-]{1,60}");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{2,35}");
  private static final Pattern CHANNELS = Pattern.compile("[A-Za-z0-9/,-]{1,20}");
  private static final Pattern ANSWER = Pattern.compile("YES|NO");
  private static final Pattern WORD = Pattern.compile("[A-Z-]{1,30}");
  private static final Pattern URI = Pattern.compile("\\S{1,500}");
  private static final String SUBTITLES = "subtitles";

  public MultivariantPlaylist {
    variants = List.copyOf(variants);
    audio = List.copyOf(audio);
  }

  /**
   * A way to play the stream.
   *
   * @param bandwidth bits a second; and so on, as the attributes of EXT-X-STREAM-INF
   */
  record Variant(
      String bandwidth,
      @Nullable String averageBandwidth,
      @Nullable String codecs,
      @Nullable String resolution,
      @Nullable String frameRate,
      @Nullable String audio,
      HlsFile file) {}

  /**
   * An audio track.
   *
   * @param group as the attributes of EXT-X-MEDIA
   * @param file null when the variants themselves have it
   */
  record Audio(
      String group,
      String name,
      @Nullable String language,
      @Nullable String isDefault,
      @Nullable String autoselect,
      @Nullable String channels,
      @Nullable HlsFile file) {}

  /**
   * A playlist of subtitles beside those of the media.
   *
   * @param language BCP 47 tag
   * @param name for people; no quotes
   * @param uri relative or absolute
   * @param isDefault whether players show it unasked
   */
  public record Subtitles(String language, String name, String uri, boolean isDefault) {}

  /**
   * Reads a playlist.
   *
   * @throws HlsException when it is none, or one that MediaMTX would not write
   */
  public static MultivariantPlaylist parse(byte[] text) throws HlsException {
    int version = 3;
    List<Variant> variants = new ArrayList<>();
    List<Audio> audio = new ArrayList<>();
    AttributeList next = null;
    for (String line : Lines.of(text)) {
      String media = Lines.after("#EXT-X-MEDIA", line);
      String stream = Lines.after("#EXT-X-STREAM-INF", line);
      String number = Lines.after("#EXT-X-VERSION", line);
      if (number != null) {
        version = version(number);
      } else if (media != null) {
        audio(AttributeList.parse(media), audio);
      } else if (stream != null) {
        next = AttributeList.parse(stream);
      } else if (!line.startsWith("#")) {
        if (next == null) {
          throw HlsException.unavailable("an answer that is no multivariant playlist");
        }
        variants.add(variant(next, HlsFile.parse(line)));
        next = null;
      }
    }
    if (variants.isEmpty() || variants.size() > MAX_ENTRIES || audio.size() > MAX_ENTRIES) {
      throw HlsException.unavailable(
          "a playlist with %d variants and %d audio tracks"
              .formatted(variants.size(), audio.size()));
    }
    return new MultivariantPlaylist(version, variants, audio);
  }

  private static int version(String text) throws HlsException {
    if (!text.matches("\\d{1,2}")) {
      throw HlsException.unavailable(
          "a playlist of version %s".formatted(AttributeList.shown(text)));
    }
    return Integer.parseInt(text);
  }

  private static void audio(AttributeList media, List<Audio> audio) throws HlsException {
    if (!"AUDIO".equals(media.plain("TYPE", WORD))) {
      return;
    }
    String uri = media.quoted("URI", URI);
    audio.add(
        new Audio(
            required("GROUP-ID", media.quoted("GROUP-ID", NAME)),
            required("NAME", media.quoted("NAME", NAME)),
            media.quoted("LANGUAGE", LANGUAGE),
            media.plain("DEFAULT", ANSWER),
            media.plain("AUTOSELECT", ANSWER),
            media.quoted("CHANNELS", CHANNELS),
            uri == null ? null : HlsFile.parse(uri)));
  }

  private static Variant variant(AttributeList stream, HlsFile file) throws HlsException {
    return new Variant(
        required("BANDWIDTH", stream.plain("BANDWIDTH", NUMBER)),
        stream.plain("AVERAGE-BANDWIDTH", NUMBER),
        stream.quoted("CODECS", CODECS),
        stream.plain("RESOLUTION", SIZE),
        stream.plain("FRAME-RATE", RATE),
        stream.quoted("AUDIO", NAME),
        file);
  }

  private static String required(String name, @Nullable String value) throws HlsException {
    if (value == null) {
      throw HlsException.unavailable("a playlist without %s".formatted(name));
    }
    return value;
  }

  /** The playlist whose segments tell the media timeline. */
  HlsFile leading() {
    return variants.get(0).file();
  }

  /**
   * Makes the playlist anew.
   *
   * @param base URL of the folder that MediaMTX's files are in, without a slash at the end
   * @param subtitles may be empty
   */
  public String render(String base, List<Subtitles> subtitles) {
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:" + version + "\n");
    text.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
    for (Audio track : audio) {
      text.append("#EXT-X-MEDIA:TYPE=AUDIO");
      quoted(text, "GROUP-ID", track.group());
      quoted(text, "NAME", track.name());
      quoted(text, "LANGUAGE", track.language());
      plain(text, "DEFAULT", track.isDefault());
      plain(text, "AUTOSELECT", track.autoselect());
      quoted(text, "CHANNELS", track.channels());
      quoted(text, "URI", track.file() == null ? null : base + "/" + track.file().uri());
      text.append('\n');
    }
    for (Subtitles track : subtitles) {
      text.append("#EXT-X-MEDIA:TYPE=SUBTITLES");
      quoted(text, "GROUP-ID", SUBTITLES);
      quoted(text, "NAME", track.name());
      quoted(text, "LANGUAGE", track.language());
      plain(text, "DEFAULT", track.isDefault() ? "YES" : "NO");
      plain(text, "AUTOSELECT", "YES");
      plain(text, "FORCED", "NO");
      quoted(text, "URI", track.uri());
      text.append('\n');
    }
    for (Variant variant : variants) {
      text.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(variant.bandwidth());
      plain(text, "AVERAGE-BANDWIDTH", variant.averageBandwidth());
      quoted(text, "CODECS", variant.codecs());
      plain(text, "RESOLUTION", variant.resolution());
      plain(text, "FRAME-RATE", variant.frameRate());
      quoted(text, "AUDIO", variant.audio());
      quoted(text, "SUBTITLES", subtitles.isEmpty() ? null : SUBTITLES);
      text.append('\n').append(base).append('/').append(variant.file().uri()).append('\n');
    }
    return text.toString();
  }

  private static void plain(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(',').append(name).append('=').append(value);
    }
  }

  private static void quoted(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(',').append(name).append("=\"").append(value).append('"');
    }
  }
}
