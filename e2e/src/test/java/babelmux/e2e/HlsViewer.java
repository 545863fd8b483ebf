package babelmux.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the HLS of a stream as players do: reads the multivariant playlist once, then the media and
 * subtitle playlists again and again with whatever segments are new. One thread.
 */
final class HlsViewer {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z-]+)=(\"[^\"]*\"|[^\",]*)");
  private static final Pattern CUE =
      Pattern.compile(
          "(\\d{2,}):(\\d\\d):(\\d\\d\\.\\d{3}) --> (\\d{2,}):(\\d\\d):(\\d\\d\\.\\d{3})\\n((?:.+\\n)+)");
  private static final Pattern MAP =
      Pattern.compile("X-TIMESTAMP-MAP=MPEGTS:(\\d+),LOCAL:00:00:00\\.000\\n");
  private static final double NO_DATE = Double.NaN;

  /**
   * A subtitle.
   *
   * @param start on the media timeline, seconds
   * @param date of its segment's beginning by the subtitle playlist, seconds
   * @param map media time of output time 0 by its segment, seconds
   */
  record Cue(double start, double end, String text, double date, double map) {}

  /** A playlist that is read again and again. */
  private static final class Playing {
    final URI uri;
    final Map<URI, byte[]> segments = new LinkedHashMap<>();
    final Map<URI, Double> dates = new LinkedHashMap<>();
    byte[] init = {};
    boolean fmp4;
    double target;

    Playing(URI uri) {
      this.uri = uri;
    }
  }

  private final Playing video;
  private final Playing audio;
  private final Map<String, Playing> subtitles;
  private double beganAt;
  private double endedAt;
  private double mediaAt;
  private double mediaDate;

  private HlsViewer(Playing video, Playing audio, Map<String, Playing> subtitles) {
    this.video = video;
    this.audio = audio;
    this.subtitles = subtitles;
  }

  /**
   * Opens a stream.
   *
   * @param stream URL of the worker's, with a slash at the end
   */
  static HlsViewer open(URI stream, Duration limit) {
    URI uri = stream.resolve("hls.m3u8");
    List<String> text = new ArrayList<>();
    Running.await(
        "hls.m3u8",
        limit,
        () -> {
          HttpResponse<byte[]> response = get(uri);
          text.add(new String(response.body(), StandardCharsets.UTF_8));
          return response.statusCode() == 200;
        });
    Playing video = null;
    Playing audio = null;
    Map<String, Playing> subtitles = new TreeMap<>();
    String[] lines = text.get(text.size() - 1).split("\n");
    for (int i = 0; i < lines.length; i++) {
      Map<String, String> attributes = attributes(lines[i]);
      if (lines[i].startsWith("#EXT-X-MEDIA:TYPE=AUDIO")) {
        audio = new Playing(uri.resolve(attributes.get("URI")));
      } else if (lines[i].startsWith("#EXT-X-MEDIA:TYPE=SUBTITLES")) {
        subtitles.put(attributes.get("LANGUAGE"), new Playing(uri.resolve(attributes.get("URI"))));
      } else if (lines[i].startsWith("#EXT-X-STREAM-INF")) {
        video = new Playing(uri.resolve(lines[i + 1]));
      }
    }
    if (video == null || subtitles.size() != 2) {
      throw new AssertionError("a playlist without media or subtitles: " + text);
    }
    return new HlsViewer(video, audio == null ? video : audio, subtitles);
  }

  private static Map<String, String> attributes(String line) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher matcher = ATTRIBUTE.matcher(line);
    while (matcher.find()) {
      found.put(matcher.group(1), matcher.group(2).replace("\"", ""));
    }
    return found;
  }

  private static HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(15)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Reads what is new. */
  void look() throws IOException, InterruptedException {
    look(video);
    if (audio != video) {
      look(audio);
    }
    for (Playing each : subtitles.values()) {
      look(each);
    }
  }

  private static void look(Playing playing) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(playing.uri);
    if (response.statusCode() != 200) {
      return;
    }
    double date = NO_DATE;
    boolean gap = false;
    for (String line : new String(response.body(), StandardCharsets.UTF_8).split("\n")) {
      if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) {
        date = seconds(line.substring(line.indexOf(':') + 1));
      } else if (line.startsWith("#EXT-X-TARGETDURATION:")) {
        playing.target = Double.parseDouble(line.substring(line.indexOf(':') + 1));
      } else if (line.startsWith("#EXT-X-MAP:")) {
        playing.fmp4 = true;
        if (playing.init.length == 0) {
          playing.init = get(playing.uri.resolve(attributes(line).get("URI"))).body();
        }
      } else if (line.startsWith("#EXT-X-GAP")) {
        gap = true;
      } else if (!line.startsWith("#") && !line.isBlank()) {
        URI segment = playing.uri.resolve(line);
        if (!gap && !playing.segments.containsKey(segment)) {
          HttpResponse<byte[]> content = get(segment);
          if (content.statusCode() == 200) {
            playing.segments.put(segment, content.body());
            playing.dates.put(segment, date);
          }
        }
        gap = false;
        date = NO_DATE;
      }
    }
  }

  private static double seconds(String date) {
    return OffsetDateTime.parse(date).toInstant().toEpochMilli() / 1000.0;
  }

  /** The container and the target durations, for a report. */
  String kind() {
    double subtitle = subtitles.values().iterator().next().target;
    return "%s with segments of up to %.0f s, subtitles of %.0f s"
        .formatted(video.fmp4 ? "fMP4" : "MPEG-TS", video.target, subtitle);
  }

  /** Writes the video that was read into one file. */
  Path saveVideo(Path folder) throws IOException {
    Path file = save(video, folder.resolve("video"));
    Tap all = Tap.of(file.toString());
    beganAt = all.video().get(0).ptsUs() / 1e6;
    endedAt = all.video().get(all.video().size() - 1).ptsUs() / 1e6;
    for (Map.Entry<URI, Double> each : video.dates.entrySet()) {
      if (!each.getValue().isNaN()) {
        Path one = folder.resolve(video.fmp4 ? "one.mp4" : "one.ts");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(video.init);
        bytes.writeBytes(video.segments.get(each.getKey()));
        Files.write(one, bytes.toByteArray());
        mediaAt = Tap.of(one.toString()).video().get(0).ptsUs() / 1e6;
        mediaDate = each.getValue();
        break;
      }
    }
    return file;
  }

  /** Writes the audio that was read into one file. */
  Path saveAudio(Path folder) throws IOException {
    return save(audio, folder.resolve("audio"));
  }

  private static Path save(Playing playing, Path stem) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(playing.init);
    playing.segments.values().forEach(bytes::writeBytes);
    Path file = Path.of(stem + (playing.fmp4 ? ".mp4" : ".ts"));
    return Files.write(file, bytes.toByteArray());
  }

  /** Media time of the first picture, once the video is saved. */
  double beganAt() {
    return beganAt;
  }

  /** Media time of the last picture, once the video is saved. */
  double endedAt() {
    return endedAt;
  }

  /** The cues of a language on the media timeline, each once. */
  List<Cue> cues(String language) {
    Playing playing = Objects.requireNonNull(subtitles.get(language));
    Map<String, Cue> cues = new LinkedHashMap<>();
    playing.segments.forEach(
        (uri, content) -> {
          String text = new String(content, StandardCharsets.UTF_8);
          Matcher map = MAP.matcher(text);
          if (!text.startsWith("WEBVTT\nX-TIMESTAMP-MAP=") || !map.find()) {
            throw new AssertionError(uri + " has no X-TIMESTAMP-MAP:\n" + text);
          }
          double offset = Long.parseLong(map.group(1)) / 90_000.0;
          double date = Objects.requireNonNull(playing.dates.get(uri));
          Matcher cue = CUE.matcher(text + "\n");
          while (cue.find()) {
            double start = offset + time(cue, 1);
            cues.putIfAbsent(
                cue.group(), new Cue(start, offset + time(cue, 4), cue.group(7), date, offset));
          }
        });
    return List.copyOf(cues.values());
  }

  private static double time(Matcher cue, int from) {
    return Integer.parseInt(cue.group(from)) * 3600
        + Integer.parseInt(cue.group(from + 1)) * 60
        + Double.parseDouble(cue.group(from + 2));
  }

  /**
   * By how much a cue begins outside of the subtitle segment that had it first, when both are put
   * on the media timeline by their dates; 0 inside.
   */
  double dateError(Cue cue) {
    double target = subtitles.values().iterator().next().target;
    double segment = mediaAt + (cue.date() - mediaDate);
    if (cue.start() < segment) {
      return cue.start() - segment;
    }
    return Math.max(0, cue.start() - segment - target);
  }
}
