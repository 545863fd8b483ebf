package babelmux.worker.sts.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import babelmux.worker.sts.StsReach.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureKindTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new UnknownHostException("sts: Name or service not known"), Kind.UNKNOWN_HOST),
        arguments(
            caused(
                new ConnectException("Failed to connect to /127.0.0.1:1"),
                new ConnectException("Connection refused")),
            Kind.PORT_CLOSED),
        arguments(new ConnectException("Network is unreachable"), Kind.NO_ANSWER),
        arguments(new NoRouteToHostException("No route to host"), Kind.NO_ANSWER),
        arguments(new SocketTimeoutException("Connect timed out"), Kind.NO_ANSWER),
        arguments(
            caused(
                new SSLHandshakeException("PKIX path building failed"),
                new CertPathBuilderException("unable to find valid certification path")),
            Kind.CERTIFICATE),
        arguments(new SSLPeerUnverifiedException("Hostname sts not verified"), Kind.CERTIFICATE),
        arguments(new SSLException("Unsupported or unrecognized SSL message"), Kind.TLS),
        arguments(new ProtocolException("Unexpected status line: hello"), Kind.NOT_HTTP),
        arguments(
            caused(new IOException("unexpected end of stream"), new EOFException()), Kind.NOT_HTTP),
        arguments(new SocketException("Connection reset"), Kind.NOT_HTTP));
  }

  private static Throwable caused(Throwable failure, Throwable cause) {
    return failure.initCause(cause);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsToldByItsExceptions(Throwable failure, Kind kind) {
    assertThat(FailureKind.of(failure)).isEqualTo(kind);
  }
}
