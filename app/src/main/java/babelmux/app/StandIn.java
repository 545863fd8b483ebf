package babelmux.app;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import java.io.IOException;
import java.net.URI;

/**
 * The STS stand-in in this process, on a free port. Apart from the command that uses it, which is
 * looked through by picocli where the stand-in is not installed. Whoever started it closes it.
 */
final class StandIn implements AutoCloseable {
  private final StsEcho server;

  private StandIn(StsEcho server) {
    this.server = server;
  }

  /**
   * Starts.
   *
   * @throws IllegalArgumentException if there is no such voice
   */
  static StandIn start(String voice) throws IOException {
    StsEchoConfig.Builder config = StsEchoConfig.builder().port(0).voice(VoiceKind.of(voice));
    return new StandIn(StsEcho.start(config.build()));
  }

  URI url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
  }
}
