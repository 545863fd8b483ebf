package babelmux.worker.api;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.Printable;
import babelmux.media.Secrets;
import babelmux.worker.config.DestinationName;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.metrics.RequestRefusal;
import babelmux.worker.metrics.ScrapeFormat;
import babelmux.worker.streams.AirVerdict;
import babelmux.worker.streams.BypassRequest;
import babelmux.worker.streams.DestinationRequest;
import babelmux.worker.streams.DestinationVerdict;
import babelmux.worker.streams.StartVerdict;
import babelmux.worker.streams.StreamRegistry;
import babelmux.worker.streams.StreamRequest;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The endpoints of the HTTP port and their answers. */
final class Endpoints {

  static final String NOW = "now=true";
  static final String OPEN_METRICS = "format=openmetrics";
  static final String NO_PUBLISH = "publish=false";
  private static final int DOCTOR_RETRY_SECONDS = 10;
  private static final Pattern SLOT = Pattern.compile("\\d{1,15}");
  private static final String DEBUG = "/v1/streams/:id/debug";
  private static final String SUPPORT = "/v1/support";
  private static final String SESSION = "/v1/session";
  private static final String EVENTS = "/v1/events";
  private static final String STREAM_EVENTS = "/v1/streams/:id/events";
  private static final String YAML = "application/yaml";

  private final ApiParts parts;
  private final AccessRules rules;
  private final SignIn signIn;

  Endpoints(ApiParts parts, AccessRules rules) {
    this.parts = parts;
    this.rules = rules;
    signIn = new SignIn(rules, parts.writeRefused());
  }

  /**
   * One method of one path.
   *
   * @param path as Vert.x Web writes it, with {@code :id} for the stream id, {@code :name} for a
   *     destination
   * @param access who is answered
   * @param where what makes the answer
   * @param body whether a request has one
   * @param answer from the request to the answer
   */
  record Endpoint(
      HttpMethod method, String path, Access access, Where where, boolean body, Maker answer) {
    Endpoint(HttpMethod method, String path, Access access, Where where, Maker answer) {
      this(method, path, access, where, false, answer);
    }

    /**
     * Leaves a line in the log for a request that was allowed; others are read all the time.
     *
     * @param status of the answer
     */
    boolean isAudited(int status) {
      return switch (access) {
        case WRITE -> true;
        case SESSION -> status < 400;
        default -> path.equals(DEBUG) || path.equals(SUPPORT);
      };
    }

    /** Its answer, when it is 200, goes on without an end: {@link EventFeed}. */
    boolean sendsEvents() {
      return path.equals(EVENTS) || path.equals(STREAM_EVENTS);
    }

    /** Answered to every request, even to one without Host, which HTTP/1.1 does not allow. */
    boolean needsNothing() {
      return path.equals("/metrics") || path.equals("/health") || path.startsWith("/health/");
    }
  }

  /** Makes an answer. */
  @FunctionalInterface
  interface Maker {
    Answer answer(ApiRequest request) throws InterruptedException;
  }

  /** The threads that make an answer. */
  enum Where {
    /** The event loop: for constants. A liveness probe waits for nobody. */
    EVENT_LOOP,
    /** Threads for what looks at streams. */
    STREAMS,
    /** Threads for what may wait for the look-up of a name. */
    START,
    /** Threads for what may wait for a disk: an end waits for no look-up. */
    CONTROL,
    /** A thread for scrapes. */
    SCRAPE,
    /** Threads for what waits for MediaMTX's HLS: it may have to make it first. */
    HLS,
    /** Threads for captions, which wait for MediaMTX's HLS now and then, once for all viewers. */
    CAPTIONS,
    /** Threads for a run of doctor, which takes seconds, and for those who ask meanwhile. */
    DOCTOR
  }

  List<Endpoint> all() {
    return Stream.concat(own().stream(), new CaptionEndpoints(parts).all().stream()).toList();
  }

  private List<Endpoint> own() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/", Access.OPEN, Where.EVENT_LOOP, request -> service()),
        new Endpoint(
            HttpMethod.GET, "/openapi.yaml", Access.READ, Where.STREAMS, request -> description()),
        new Endpoint(HttpMethod.GET, "/health", Access.OPEN, Where.EVENT_LOOP, request -> health()),
        new Endpoint(
            HttpMethod.GET, "/health/live", Access.OPEN, Where.EVENT_LOOP, request -> health()),
        new Endpoint(
            HttpMethod.GET, "/health/ready", Access.OPEN, Where.STREAMS, request -> ready()),
        new Endpoint(HttpMethod.GET, "/metrics", Access.OPEN, Where.SCRAPE, this::metrics),
        new Endpoint(
            HttpMethod.GET,
            "/v1/streams",
            Access.READ,
            Where.STREAMS,
            request ->
                Answer.json(
                    200,
                    Map.of("streams", parts.streams().list().stream().map(parts::shown).toList()))),
        new Endpoint(HttpMethod.POST, "/v1/streams", Access.WRITE, Where.START, true, this::start),
        new Endpoint(HttpMethod.GET, "/v1/streams/:id", Access.READ, Where.STREAMS, this::stream),
        new Endpoint(HttpMethod.GET, DEBUG, Access.PROTECTED, Where.STREAMS, this::debug),
        new Endpoint(
            HttpMethod.GET,
            STREAM_EVENTS,
            Access.PROTECTED,
            Where.STREAMS,
            request ->
                parts
                    .streams()
                    .get(request.id())
                    .map(stream -> events())
                    .orElseGet(() -> unknown(request.id()))),
        new Endpoint(
            HttpMethod.GET, EVENTS, Access.PROTECTED, Where.EVENT_LOOP, request -> events()),
        new Endpoint(HttpMethod.DELETE, "/v1/streams/:id", Access.WRITE, Where.CONTROL, this::end),
        new Endpoint(
            HttpMethod.POST,
            "/v1/streams/:id/bypass",
            Access.WRITE,
            Where.STREAMS,
            true,
            this::bypass),
        new Endpoint(
            HttpMethod.POST,
            "/v1/streams/:id/slots/:slot/veto",
            Access.WRITE,
            Where.STREAMS,
            this::veto),
        new Endpoint(
            HttpMethod.POST,
            "/v1/streams/:id/destinations",
            Access.WRITE,
            Where.START,
            true,
            this::addDestination),
        new Endpoint(
            HttpMethod.DELETE,
            "/v1/streams/:id/destinations/:name",
            Access.WRITE,
            Where.START,
            this::removeDestination),
        new Endpoint(
            HttpMethod.GET,
            SUPPORT,
            Access.PROTECTED,
            Where.STREAMS,
            request -> Answer.json(200, parts.support().get())),
        new Endpoint(HttpMethod.GET, SESSION, Access.OPEN, Where.EVENT_LOOP, signIn::look),
        new Endpoint(
            HttpMethod.POST, SESSION, Access.SESSION, Where.EVENT_LOOP, true, signIn::open),
        new Endpoint(HttpMethod.DELETE, SESSION, Access.SESSION, Where.EVENT_LOOP, signIn::end),
        new Endpoint(
            HttpMethod.GET, "/v1/page", Access.PROTECTED, Where.STREAMS, request -> page()),
        new Endpoint(HttpMethod.GET, "/v1/doctor", Access.READ, Where.STREAMS, request -> report()),
        new Endpoint(HttpMethod.POST, "/v1/doctor", Access.WRITE, Where.DOCTOR, this::runDoctor),
        new Endpoint(HttpMethod.POST, "/v1/drain", Access.WRITE, Where.CONTROL, request -> drain()),
        new Endpoint(
            HttpMethod.DELETE, "/v1/drain", Access.WRITE, Where.CONTROL, request -> accept()));
  }

  /** These words are what the tools around the older services look for. */
  private Answer service() {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("service", "stream-orchestration");
    body.put("version", parts.version());
    body.put("status", "running");
    return Answer.json(200, body);
  }

  private Answer page() {
    boolean tokenSet = rules.access().token() != null;
    return Answer.json(200, PageInfo.of(parts, tokenSet));
  }

  /** What comes before the first event. */
  private static Answer events() {
    return new Answer(200, EventText.TYPE, "");
  }

  private static Answer description() {
    return new Answer(200, YAML, ApiDescription.TEXT);
  }

  private Answer health() {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("status", "ok");
    body.put("service", "media-service");
    return Answer.json(200, body);
  }

  /** A scraper that asks for nothing gets the text that every one can read. */
  private Answer metrics(ApiRequest request) {
    ScrapeFormat format =
        OPEN_METRICS.equals(request.query()) ? ScrapeFormat.OPEN_METRICS : ScrapeFormat.TEXT;
    return new Answer(200, format.contentType(), parts.metrics().apply(format));
  }

  private Answer ready() {
    Readiness readiness = parts.readiness().get();
    return Answer.json(readiness.isReady() ? 200 : 503, readiness.shown());
  }

  private Answer stream(ApiRequest request) {
    String id = request.id();
    return parts
        .streams()
        .get(id)
        .map(status -> Answer.json(200, parts.shown(status)))
        .orElseGet(() -> unknown(id));
  }

  private Answer debug(ApiRequest request) {
    String id = request.id();
    return parts
        .streams()
        .debug(id)
        .map(debug -> Answer.json(200, debug))
        .orElseGet(() -> unknown(id));
  }

  private Answer start(ApiRequest request) throws InterruptedException {
    StreamRequest wanted;
    try {
      wanted = StreamRequestParser.parse(request.body());
    } catch (InvalidBody e) {
      return refuse(RequestRefusal.INVALID, ProblemType.INVALID, e.detail());
    }
    return started(parts.streams().start(wanted)).about(wanted.streamId());
  }

  private Answer started(StartVerdict verdict) {
    if (verdict instanceof StartVerdict.Refused refused) {
      return refuse(refused);
    }
    StreamStatus status = ((StartVerdict.Started) verdict).status();
    return Answer.json(201, parts.shown(status))
        .with("Location", "/v1/streams/" + status.streamId());
  }

  private Answer refuse(StartVerdict.Refused refused) {
    String message = refused.message();
    return switch (refused.reason()) {
      case INVALID -> refuse(RequestRefusal.INVALID, ProblemType.INVALID, message);
      case NOT_ALLOWED -> refuse(RequestRefusal.SOURCE, ProblemType.SOURCE, message);
      case ID_IN_USE -> Refusals.problem(ProblemType.ID_IN_USE, message);
      case FULL -> later(ProblemType.AT_CAPACITY, message);
      case MEMORY -> later(ProblemType.MEMORY, message);
      case CPU -> later(ProblemType.CPU, message);
      case DRAINING -> later(ProblemType.DRAINING, message);
    };
  }

  private Answer later(ProblemType type, String message) {
    return refuse(RequestRefusal.UNAVAILABLE, type, message)
        .with("Retry-After", Integer.toString(StreamRegistry.RETRY_SECONDS));
  }

  private Answer refuse(RequestRefusal reason, ProblemType type, String detail) {
    parts.writeRefused().accept(reason);
    return Refusals.problem(type, detail);
  }

  private Answer end(ApiRequest request) {
    String id = request.id();
    String query = request.query();
    boolean now = NOW.equals(query);
    if (query != null && !query.isEmpty() && !now) {
      return refuse(
          RequestRefusal.INVALID,
          ProblemType.QUERY,
          "query: %s: expected none, which drains, or %s, which ends the stream at once"
              .formatted(Printable.quote(Secrets.mask(query)), NOW));
    }
    if (parts.streams().end(id, now)) {
      Map<String, String> body = new LinkedHashMap<>();
      body.put("status", now ? "ending" : "draining");
      body.put("stream_id", id);
      return Answer.json(202, body);
    }
    Optional<StreamStatus> over = parts.streams().get(id);
    return over.isEmpty()
        ? unknown(id)
        : Refusals.problem(
            ProblemType.STREAM_OVER, "the stream is over already: it is " + over.get().state());
  }

  private Answer bypass(ApiRequest request) {
    BypassRequest wanted;
    try {
      wanted = BypassRequestParser.parse(request.body());
    } catch (InvalidBody e) {
      return refuse(RequestRefusal.INVALID, ProblemType.INVALID, e.detail());
    }
    return aired(parts.streams().bypass(request.id(), wanted), request.id())
        .to("bypass " + (wanted.bypass() ? "on" : "off"));
  }

  private Answer veto(ApiRequest request) {
    if (!SLOT.matcher(request.part()).matches()) {
      return Refusals.problem(
          ProblemType.SLOT_NOT_FOUND,
          "slot: %s: expected a number of \"slots\" in GET /v1/streams/{id}"
              .formatted(Printable.quote(request.part())));
    }
    long slot = Long.parseLong(request.part());
    return aired(parts.streams().veto(request.id(), slot), request.id()).to("slot " + slot);
  }

  private Answer aired(AirVerdict verdict, String id) {
    if (verdict instanceof AirVerdict.Switched switched) {
      return Answer.json(200, switched.bypass());
    }
    if (verdict instanceof AirVerdict.Vetoed vetoed) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("number", vetoed.slot());
      body.put("vetoed", true);
      return Answer.json(200, body);
    }
    AirVerdict.Refused refused = (AirVerdict.Refused) verdict;
    String message = refused.message();
    return switch (refused.reason()) {
      case NO_STREAM -> unknown(id);
      case OVER -> Refusals.problem(ProblemType.STREAM_OVER, message);
      case INVALID -> refuse(RequestRefusal.INVALID, ProblemType.INVALID, message);
      case SCHEDULE_FULL -> Refusals.problem(ProblemType.SCHEDULE_FULL, message);
      case NO_SLOT -> Refusals.problem(ProblemType.SLOT_NOT_FOUND, message);
      case SLOT_BEGUN -> Refusals.problem(ProblemType.SLOT_BEGUN, message);
      case SLOT_AIRED -> Refusals.problem(ProblemType.SLOT_AIRED, message);
    };
  }

  private Answer addDestination(ApiRequest request) throws InterruptedException {
    String id = request.id();
    DestinationRequest wanted;
    try {
      wanted = DestinationRequestParser.parse(id, request.body());
    } catch (InvalidBody e) {
      return refuse(RequestRefusal.INVALID, ProblemType.INVALID, e.detail());
    } catch (HostNotAllowed e) {
      return refuse(
          RequestRefusal.DESTINATION, ProblemType.DESTINATION, String.valueOf(e.getMessage()));
    }
    return answer(id, wanted.name(), parts.streams().add(wanted));
  }

  private Answer removeDestination(ApiRequest request) throws InterruptedException {
    String id = request.id();
    String name = request.part();
    return answer(id, name, parts.streams().removeDestination(id, name));
  }

  private Answer answer(String id, String name, DestinationVerdict verdict) {
    Answer answer;
    if (verdict instanceof DestinationVerdict.Added added) {
      answer = Answer.json(201, added.status());
    } else if (verdict instanceof DestinationVerdict.Refused refused) {
      answer = refuse(id, name, refused);
    } else {
      Map<String, String> body = new LinkedHashMap<>();
      body.put("status", "ending");
      body.put("stream_id", id);
      body.put("name", name);
      answer = Answer.json(202, body);
    }
    return answer.to("destination " + shown(name));
  }

  /** Of a path, a name may be anything, such as a URL with its key. */
  private static String shown(String name) {
    return DestinationName.isGood(name) ? name : "of no such name";
  }

  private Answer refuse(String id, String name, DestinationVerdict.Refused refused) {
    String message = refused.message();
    return switch (refused.reason()) {
      case INVALID -> refuse(RequestRefusal.INVALID, ProblemType.INVALID, message);
      case NOT_ALLOWED -> refuse(RequestRefusal.DESTINATION, ProblemType.DESTINATION, message);
      case NO_STREAM -> unknown(id);
      case NO_DESTINATION ->
          Refusals.problem(
              ProblemType.DESTINATION_NOT_FOUND,
              "stream %s has no destination %s; see GET /v1/streams/%s"
                  .formatted(id, Printable.quote(name), id));
      case STREAM_OVER -> Refusals.problem(ProblemType.STREAM_OVER, message);
      case NAME_IN_USE -> Refusals.problem(ProblemType.NAME_IN_USE, message);
      case TOO_MANY -> Refusals.problem(ProblemType.TOO_MANY, message);
    };
  }

  private Answer runDoctor(ApiRequest request) throws InterruptedException {
    String query = request.query();
    boolean noPublish = NO_PUBLISH.equals(query);
    if (query != null && !query.isEmpty() && !noPublish) {
      return refuse(
          RequestRefusal.INVALID,
          ProblemType.QUERY,
          "query: %s: expected none, or %s, which leaves the test publish out"
              .formatted(Printable.quote(Secrets.mask(query)), NO_PUBLISH));
    }
    return parts
        .checkup()
        .run(!noPublish)
        .map(report -> Answer.json(200, report))
        .orElseGet(
            () ->
                Refusals.problem(
                        ProblemType.DOCTOR_RUNNING, "doctor runs already: expected one at a time")
                    .with("Retry-After", Integer.toString(DOCTOR_RETRY_SECONDS)));
  }

  private Answer report() {
    return parts
        .checkup()
        .last()
        .map(report -> Answer.json(200, report))
        .orElseGet(
            () ->
                Refusals.problem(
                    ProblemType.NO_REPORT,
                    "doctor has not run since the worker's start; POST /v1/doctor"));
  }

  private Answer drain() {
    return Answer.json(202, worker("draining", parts.streams().drainAll()));
  }

  private Answer accept() {
    if (!parts.streams().acceptAgain()) {
      return Refusals.problem(
          ProblemType.SHUTTING_DOWN, "the worker is shutting down: nothing takes that back");
    }
    long leaving =
        parts.streams().list().stream()
            .filter(stream -> stream.state() == StreamState.DRAINING)
            .count();
    return Answer.json(200, worker("accepting", leaving));
  }

  private static Map<String, Object> worker(String status, long draining) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("draining", draining);
    return body;
  }

  private static Answer unknown(String id) {
    return Refusals.problem(ProblemType.STREAM_NOT_FOUND, unknownText(id));
  }

  static String unknownText(String id) {
    return "no stream %s runs here or ended recently; see GET /v1/streams"
        .formatted(Printable.quote(id));
  }
}
