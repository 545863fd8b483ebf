package babelmux.worker.sts;

import java.util.OptionalLong;

/** Result of an attempt to connect, without a session. */
public sealed interface StsReach {

  /** Kinds of failures, by how far the attempt came. */
  enum Kind {
    /** The host's name is not known. */
    UNKNOWN_HOST,
    /** Nothing listens at the port. */
    PORT_CLOSED,
    /** Nothing came back in time. */
    NO_ANSWER,
    /** The service's certificate is not trusted, or is another host's. */
    CERTIFICATE,
    /** There is no TLS at the port, or none that both sides can speak. */
    TLS,
    /** The port answers with something else than HTTP, or hangs up. */
    NOT_HTTP,
    /** HTTP answers with a status in place of a WebSocket. */
    HTTP_STATUS,
    /** There is a WebSocket, and no Engine.IO behind it. */
    NO_HANDSHAKE,
    /** Engine.IO has answered, and the namespace has not. */
    SILENT_NAMESPACE,
    /** The service refuses this client or this namespace. */
    TURNED_AWAY
  }

  /**
   * The connection stands.
   *
   * @param maxPayload the longest message that the service takes, bytes; empty if it does not say
   */
  record Connected(OptionalLong maxPayload) implements StsReach {}

  /**
   * No connection came about.
   *
   * @param httpStatus of {@link Kind#HTTP_STATUS}, else 0
   * @param code what the service's refusal said, else empty
   * @param detail for the log
   */
  record Failed(Kind kind, int httpStatus, String code, String detail) implements StsReach {}
}
