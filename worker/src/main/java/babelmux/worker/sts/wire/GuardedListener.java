package babelmux.worker.sts.wire;

import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsReach.Kind;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the WebSocket and the Socket.IO library: lets through what the library can take,
 * so that nothing hostile reaches the thread that all links share.
 */
final class GuardedListener extends WebSocketListener {

  /** Told what passes, on the WebSocket's thread. */
  interface Watcher {
    /** Something was not passed on. */
    void refused(ProtocolViolation kind, String detail);

    /** The WebSocket stands. */
    void opened();

    /** Engine.IO's handshake, as JSON. */
    void handshake(String json);

    /**
     * The connection failed before it stood, or broke.
     *
     * @param httpStatus of an answer that was no WebSocket; 0 when there was none
     */
    void failed(Kind kind, int httpStatus, String detail);
  }

  private final WebSocketListener library;
  private final InboundGuard guard;
  private final int maxChars;
  private final Watcher watcher;

  GuardedListener(WebSocketListener library, InboundGuard guard, int maxChars, Watcher watcher) {
    this.library = library;
    this.guard = guard;
    this.maxChars = maxChars;
    this.watcher = watcher;
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    guard.messageReceived();
    watcher.opened();
    library.onOpen(socket, response);
  }

  @Override
  public void onMessage(WebSocket socket, String text) {
    guard.messageReceived();
    char type = text.isEmpty() ? 0 : text.charAt(0);
    if (text.length() > maxChars) {
      watcher.refused(
          ProtocolViolation.OVERSIZE_MESSAGE,
          "%d characters, expected at most %d".formatted(text.length(), maxChars));
    } else if (type < '0' || type > '6') {
      watcher.refused(ProtocolViolation.MALFORMED_MESSAGE, "no Engine.IO packet");
    } else {
      if (type == '0') {
        watcher.handshake(text.substring(1));
      }
      library.onMessage(socket, text);
    }
  }

  @Override
  public void onMessage(WebSocket socket, ByteString bytes) {
    guard.messageReceived();
    watcher.refused(
        ProtocolViolation.MALFORMED_MESSAGE,
        "a binary message of %d bytes".formatted(bytes.size()));
  }

  @Override
  public void onClosing(WebSocket socket, int code, String reason) {
    library.onClosing(socket, code, reason);
    socket.close(1000, null);
  }

  @Override
  public void onClosed(WebSocket socket, int code, String reason) {
    library.onClosed(socket, code, reason);
  }

  @Override
  public void onFailure(WebSocket socket, Throwable cause, @Nullable Response response) {
    if (cause instanceof InboundGuard.OversizeException) {
      watcher.refused(
          ProtocolViolation.OVERSIZE_MESSAGE, cause.getMessage() == null ? "" : cause.getMessage());
    }
    watcher.failed(
        response == null ? FailureKind.of(cause) : Kind.HTTP_STATUS,
        response == null ? 0 : response.code(),
        status(response) + describe(cause));
    library.onFailure(socket, cause, response);
  }

  /** Without the location of a redirect, which may hold a key. */
  private static String status(@Nullable Response response) {
    if (response == null) {
      return "";
    }
    String redirect = response.isRedirect() ? " (redirects are not followed, see sts.url)" : "";
    return "HTTP " + response.code() + redirect + ", ";
  }

  /** Describes what happened and, where that says more, its root cause. */
  private static String describe(Throwable cause) {
    Throwable root = cause;
    for (int i = 0; i < 10 && root.getCause() != null; i++) {
      root = root.getCause();
    }
    String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    return root == cause ? text : text + ", " + root.getMessage();
  }
}
