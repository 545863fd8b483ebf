package babelmux.worker.sts.wire;

import babelmux.worker.sts.StsReach.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells by its exceptions why a WebSocket did not come about. */
final class FailureKind {
  private static final int MAX_CAUSES = 10;

  private FailureKind() {}

  /** Kind of a failure without an HTTP answer. */
  static Kind of(Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
            .limit(MAX_CAUSES)
            .toList();
    if (has(causes, UnknownHostException.class)) {
      return Kind.UNKNOWN_HOST;
    } else if (has(causes, CertificateException.class)
        || has(causes, CertPathBuilderException.class)
        || has(causes, CertPathValidatorException.class)
        || has(causes, SSLPeerUnverifiedException.class)) {
      return Kind.CERTIFICATE;
    } else if (has(causes, SocketTimeoutException.class)
        || has(causes, NoRouteToHostException.class)) {
      return Kind.NO_ANSWER;
    } else if (has(causes, ConnectException.class)) {
      // "Network is unreachable" is one, too.
      return causes.stream().anyMatch(FailureKind::isRefusal) ? Kind.PORT_CLOSED : Kind.NO_ANSWER;
    }
    return has(causes, SSLException.class) ? Kind.TLS : Kind.NOT_HTTP;
  }

  private static boolean has(List<Throwable> causes, Class<? extends Throwable> type) {
    return causes.stream().anyMatch(type::isInstance);
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof ConnectException
        && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }
}
