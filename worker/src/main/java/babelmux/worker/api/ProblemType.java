package babelmux.worker.api;

import babelmux.worker.metrics.RequestRefusal;
import java.util.Locale;

/**
 * Kinds of refusals, as RFC 9457 has problem types: a code for programs, an HTTP status, and a
 * title that is the same each time. Codes are never renamed; docs/api.md explains each.
 */
enum ProblemType {
  BAD_REQUEST(400, "Malformed request"),
  QUERY(400, "Query not as expected"),
  BODY(400, "Body where none is expected"),
  TOKEN_MISSING(401, "Token missing"),
  TOKEN_WRONG(401, "Token wrong"),
  ADDRESS(403, "Sender's address not trusted"),
  ORIGIN(403, "Web page of another site"),
  SOURCE(403, "Source's host not allowed"),
  DESTINATION(403, "Destination not allowed"),
  NOT_FOUND(404, "Nothing at this path"),
  STREAM_NOT_FOUND(404, "No such stream"),
  SLOT_NOT_FOUND(404, "No such slot"),
  DESTINATION_NOT_FOUND(404, "No such destination"),
  NO_REPORT(404, "No report of doctor"),
  TRANSCRIPTS_OFF(404, "Words not shown"),
  CAPTIONS_NOT_FOUND(404, "No such captions"),
  HLS_NOT_FOUND(404, "No HLS of the output"),
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  TIMEOUT(408, "Body incomplete in time"),
  ID_IN_USE(409, "Stream id in use"),
  STREAM_OVER(409, "Stream over"),
  SCHEDULE_FULL(409, "Too many switches scheduled"),
  SLOT_BEGUN(409, "Slot being mixed"),
  SLOT_AIRED(409, "Slot on air"),
  NAME_IN_USE(409, "Destination's name in use"),
  TOO_MANY(409, "Too many destinations"),
  DOCTOR_RUNNING(409, "Doctor running"),
  SHUTTING_DOWN(409, "Worker shutting down"),
  NO_TOKEN_NEEDED(409, "No token set"),
  TOO_LARGE(413, "Body too large"),
  CONTENT_TYPE(415, "Body not JSON"),
  INVALID(422, "Value not as expected"),
  TOO_MANY_ATTEMPTS(429, "Too many wrong tokens"),
  INTERNAL(500, "Internal error"),
  HLS_UNAVAILABLE(502, "HLS not to be had"),
  AT_CAPACITY(503, "Stream limit reached"),
  MEMORY(503, "Memory limit reached"),
  CPU(503, "Processor limit reached"),
  DRAINING(503, "Worker draining"),
  TOO_MANY_READERS(503, "Too many readers of events"),
  HLS_NOT_YET(503, "HLS not ready yet");

  private static final String URN = "urn:babelmux:problem:";

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The problem type of a refusal before any route has looked at the request. */
  static ProblemType of(RequestRefusal reason) {
    return valueOf(reason.name());
  }

  /** HTTP status. */
  int status() {
    return status;
  }

  /** The title, one for all occurrences. */
  String title() {
    return title;
  }

  /** The code for programs, member {@code error}. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The identifier of RFC 9457, member {@code type}; nothing can be fetched there. */
  String uri() {
    return URN + code();
  }
}
