package babelmux.hooks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads one request's body on its event loop, within a size and a time. (Vert.x Web's own
 * BodyHandler parses forms by Content-Type, which a hook's sender sets at will.)
 */
public final class BodyReader {

  /** The body was larger than allowed, or did not come in time. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String detail) {
      super(detail, null, false, false);
      this.status = status;
    }

    /** HTTP status: 408 or 413. */
    public int status() {
      return status;
    }

    public String detail() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Bytes read and discarded of a body that is too large, so that its sender gets to read the
   * answer.
   */
  private static final int MAX_DISCARDED_BYTES = 8 << 20;

  private final HttpServerRequest request;
  private final int limitBytes;
  private final Promise<Buffer> done = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private long receivedBytes;

  private BodyReader(HttpServerRequest request, int limitBytes) {
    this.request = request;
    this.limitBytes = limitBytes;
  }

  /**
   * The body, or a failure {@link Refused}. To be called in the tick in which the request arrived.
   *
   * @param limitBytes of the body
   * @param timeoutMillis for all of it
   */
  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limitBytes, long timeoutMillis) {
    BodyReader reader = new BodyReader(request, limitBytes);
    long timer = vertx.setTimer(timeoutMillis, id -> reader.late(timeoutMillis));
    return reader.start().onComplete(result -> vertx.cancelTimer(timer));
  }

  private Future<Buffer> start() {
    request.handler(this::received).endHandler(end -> ended()).exceptionHandler(done::tryFail);
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      if (declaredBytes() > limitBytes) {
        tooLarge();
      } else {
        request.response().writeContinue();
      }
    }
    return done.future();
  }

  private long declaredBytes() {
    try {
      return Long.parseLong(String.valueOf(request.getHeader("Content-Length")));
    } catch (NumberFormatException e) {
      return 0; // not declared: the limit counts what comes
    }
  }

  private void received(Buffer part) {
    receivedBytes += part.length();
    if (receivedBytes <= limitBytes) {
      body.appendBuffer(part);
    } else if (receivedBytes > MAX_DISCARDED_BYTES) {
      tooLarge();
    }
  }

  private void ended() {
    if (receivedBytes > limitBytes) {
      tooLarge();
    } else {
      done.tryComplete(body);
    }
  }

  private void tooLarge() {
    long bytes = Math.max(receivedBytes, declaredBytes());
    done.tryFail(
        new Refused(413, "body: %d bytes: expected at most %d".formatted(bytes, limitBytes)));
  }

  private void late(long timeoutMillis) {
    done.tryFail(
        new Refused(
            408,
            "body: %d bytes after %d ms: expected all of it"
                .formatted(receivedBytes, timeoutMillis)));
  }
}
