package babelmux.worker.api;

import babelmux.hooks.Printable;
import babelmux.worker.api.Endpoints.Endpoint;
import babelmux.worker.api.Endpoints.Where;
import babelmux.worker.captions.CaptionBook;
import babelmux.worker.captions.CaptionBook.Words;
import babelmux.worker.captions.WebVtt;
import babelmux.worker.hls.HlsException;
import babelmux.worker.hls.HlsSource;
import babelmux.worker.hls.MultivariantPlaylist;
import babelmux.worker.hls.MultivariantPlaylist.Subtitles;
import babelmux.worker.hls.Playable;
import babelmux.worker.hls.SubtitleSegments;
import babelmux.worker.streams.StreamCaptions;
import babelmux.worker.streams.StreamStatus;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The words of a stream as captions: as WebVTT, and beside the output's HLS. */
final class CaptionEndpoints {
  private static final String VTT = "text/vtt; charset=utf-8";
  private static final String M3U8 = "application/vnd.apple.mpegurl";
  private static final int HLS_PORT = 8888;
  private static final String RETRY_SECONDS = "1";
  private static final String NUMBER = "\\d{1,15}";

  private final ApiParts parts;

  CaptionEndpoints(ApiParts parts) {
    this.parts = parts;
  }

  List<Endpoint> all() {
    return List.of(
        get("/v1/streams/:id/captions/:lang.vtt", Where.STREAMS, this::words),
        get("/v1/streams/:id/captions/:lang.m3u8", Where.CAPTIONS, this::playlist),
        get("/v1/streams/:id/captions/:lang/:segment.vtt", Where.CAPTIONS, this::segment),
        get("/v1/streams/:id/players", Where.HLS, this::players),
        get("/v1/streams/:id/hls.m3u8", Where.HLS, this::multivariant));
  }

  private static Endpoint get(String path, Where where, Endpoints.Maker answer) {
    return new Endpoint(HttpMethod.GET, path, Access.PROTECTED, where, answer);
  }

  /** Why there is nothing to show, as an answer. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    Refused(ProblemType type, String detail) {
      super(detail);
      this.answer = Refusals.problem(type, detail);
    }
  }

  /** One language of a stream. */
  private record Track(StreamCaptions stream, CaptionBook book, Words words) {
    /** Output time that is due now; nothing has left before the first packet was read. */
    long outputUs() {
      OptionalLong now = stream.outputUs().get();
      return now.isPresent() ? now.getAsLong() : stream.outputStartUs();
    }
  }

  private Answer words(ApiRequest request) {
    try {
      Track track = track(request);
      StringBuilder text = new StringBuilder(WebVtt.HEADER);
      track
          .book()
          .cues(track.words(), Long.MIN_VALUE, Long.MAX_VALUE)
          .forEach(cue -> text.append(WebVtt.of(cue, 0)));
      return new Answer(200, VTT, text.toString());
    } catch (Refused e) {
      return e.answer;
    }
  }

  private Answer playlist(ApiRequest request) throws InterruptedException {
    try {
      Track track = track(request);
      return new Answer(
          200,
          M3U8,
          segments(track)
              .playlist(request.language(), track.outputUs(), track.book().knownUntilUs()));
    } catch (Refused e) {
      return e.answer;
    } catch (HlsException e) {
      return refused(e);
    }
  }

  private Answer segment(ApiRequest request) throws InterruptedException {
    try {
      Track track = track(request);
      SubtitleSegments segments = segments(track);
      long number = request.part().matches(NUMBER) ? Long.parseLong(request.part()) : -1;
      if (!segments.has(number, track.outputUs(), track.book().knownUntilUs())) {
        throw new Refused(
            ProblemType.CAPTIONS_NOT_FOUND,
            "segment: %s: expected one that the playlist names, in the last two minutes"
                .formatted(Printable.quote(request.part())));
      }
      return new Answer(
          200,
          VTT,
          segments.segment(
              track.book().cues(track.words(), segments.startUs(number), segments.endUs(number))));
    } catch (Refused e) {
      return e.answer;
    } catch (HlsException e) {
      return refused(e);
    }
  }

  private Answer multivariant(ApiRequest request) throws InterruptedException {
    try {
      StreamCaptions stream = stream(request.id());
      String path = path(stream);
      String base = base(request.sender()) + "/" + path;
      MultivariantPlaylist playlist = parts.hls().multivariant(path, request.sender().elsewhere());
      return new Answer(200, M3U8, playlist.render(base, subtitles(stream)));
    } catch (Refused e) {
      return e.answer;
    } catch (HlsException e) {
      return refused(e);
    }
  }

  /**
   * What each player of the page can be given, so that a browser need not be refused to find out.
   */
  private Answer players(ApiRequest request) throws InterruptedException {
    try {
      String id = request.id();
      boolean over = parts.streams().captions(id).isEmpty() && parts.streams().get(id).isPresent();
      return over
          ? players(Playable.NOTHING, Playable.NOTHING)
          : playersOf(id, stream(id).outputPath());
    } catch (Refused e) {
      return e.answer;
    }
  }

  private Answer playersOf(String id, @Nullable String outputPath) throws InterruptedException {
    return players(playable(sourcePath(id, outputPath)), playable(outputPath));
  }

  private static Answer players(Playable source, Playable output) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("source", source.name().toLowerCase(Locale.ROOT));
    body.put("output", output.name().toLowerCase(Locale.ROOT));
    return Answer.json(200, body);
  }

  private Playable playable(@Nullable String path) throws InterruptedException {
    return path == null ? Playable.UNKNOWN : parts.hls().playable(path);
  }

  /** The source's path, where it is on the server that the output is on; else null. */
  private @Nullable String sourcePath(String id, @Nullable String outputPath) {
    StreamStatus status = parts.streams().get(id).orElse(null);
    if (status == null || outputPath == null) {
      return null;
    }
    String output = withoutQuery(status.outputUrl());
    String source = withoutQuery(status.source().url());
    if (!output.endsWith("/" + outputPath)) {
      return null;
    }
    String server = output.substring(0, output.length() - outputPath.length());
    return source.startsWith(server) ? source.substring(server.length()) : null;
  }

  private static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  private List<Subtitles> subtitles(StreamCaptions stream) {
    List<Subtitles> tracks = new ArrayList<>();
    if (stream.book() == null || !parts.page().transcripts()) {
      return tracks;
    }
    String target = stream.targetLanguage();
    String source = stream.sourceLanguage();
    tracks.add(new Subtitles(target, name(target), uri(target), false));
    if (!source.equalsIgnoreCase(target)) {
      tracks.add(new Subtitles(source, name(source) + " (original)", uri(source), false));
    }
    return tracks;
  }

  private static String uri(String language) {
    return "captions/" + language + ".m3u8";
  }

  /** The language's own name for itself, where Java knows it. */
  private static String name(String tag) {
    Locale locale = Locale.forLanguageTag(tag);
    String name = locale.getDisplayName(locale).replaceAll("[\\p{Cntrl}\"]", "");
    return name.isEmpty() ? tag : name;
  }

  private StreamCaptions stream(String id) throws Refused {
    StreamCaptions stream = parts.streams().captions(id).orElse(null);
    if (stream != null) {
      return stream;
    }
    throw parts.streams().get(id).isPresent()
        ? new Refused(
            ProblemType.STREAM_OVER, "the stream \"%s\" is over, or has not begun".formatted(id))
        : new Refused(ProblemType.STREAM_NOT_FOUND, Endpoints.unknownText(id));
  }

  private Track track(ApiRequest request) throws Refused {
    if (!parts.page().transcripts()) {
      throw new Refused(
          ProblemType.TRANSCRIPTS_OFF, "words are not shown here: page.transcripts is off");
    }
    StreamCaptions stream = stream(request.id());
    String language = request.language();
    CaptionBook book = stream.book();
    if (book != null && language.equalsIgnoreCase(stream.targetLanguage())) {
      return new Track(stream, book, Words.TRANSLATION);
    }
    if (book != null && language.equalsIgnoreCase(stream.sourceLanguage())) {
      return new Track(stream, book, Words.TRANSCRIPT);
    }
    throw new Refused(
        ProblemType.CAPTIONS_NOT_FOUND,
        book == null
            ? "nothing is dubbed here: no STS is set"
            : "language: %s: expected %s or %s"
                .formatted(
                    Printable.quote(language), stream.sourceLanguage(), stream.targetLanguage()));
  }

  private SubtitleSegments segments(Track track)
      throws HlsException, InterruptedException, Refused {
    StreamCaptions stream = track.stream();
    HlsSource hls = parts.hls();
    return new SubtitleSegments(
        hls.times(path(stream), stream.startedAt(), stream.outputUs()),
        stream.startedAt(),
        stream.outputStartUs());
  }

  private static String path(StreamCaptions stream) throws Refused {
    String path = stream.outputPath();
    if (path == null) {
      throw new Refused(
          ProblemType.HLS_NOT_FOUND, "the stream's output is not on the MediaMTX of this worker");
    }
    return path;
  }

  /** Where viewers reach MediaMTX's HLS. */
  private String base(Sender sender) throws Refused {
    URI given = parts.page().hlsUrl();
    if (given != null) {
      return given.toString();
    }
    return "%s://%s:%d".formatted(sender.tls() ? "https" : "http", host(sender), HLS_PORT);
  }

  private static String host(Sender sender) throws Refused {
    String host = sender.host();
    if (host == null) {
      throw new Refused(
          ProblemType.BAD_REQUEST, "Host: expected a name or an address, or set page.hls-url");
    }
    if (!host.equalsIgnoreCase("localhost")) {
      return host;
    }
    // Browsers may take the other address than they took here, and MediaMTX's session is for one.
    return sender.isLoopback6() ? "[::1]" : "127.0.0.1";
  }

  private static Answer refused(HlsException reason) {
    String detail = String.valueOf(reason.getMessage());
    return switch (reason.kind()) {
      case NOT_FOUND -> Refusals.problem(ProblemType.HLS_NOT_FOUND, detail);
      case NOT_YET ->
          Refusals.problem(ProblemType.HLS_NOT_YET, detail).with("Retry-After", RETRY_SECONDS);
      case UNAVAILABLE -> Refusals.problem(ProblemType.HLS_UNAVAILABLE, detail);
    };
  }
}
