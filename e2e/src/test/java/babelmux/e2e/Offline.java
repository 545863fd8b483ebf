package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.Main;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code babelmux dub} in this process, beside a stand-in of its own: no JVM to be started. */
final class Offline {
  private Offline() {}

  /**
   * Dubs a film.
   *
   * @param plan what befalls the fragments, counted from 0
   * @param options of the command
   * @return what the command said
   */
  static String dub(Path film, Path out, VoiceKind voice, FaultPlan plan, String... options)
      throws Exception {
    StsEchoConfig config = StsEchoConfig.builder().port(0).voice(voice).faults(plan).build();
    StringWriter said = new StringWriter();
    try (StsEcho sts = StsEcho.start(config)) {
      List<String> arguments =
          new ArrayList<>(
              List.of("dub", film.toString(), out.toString(), "--sts-url", sts.url().toString()));
      arguments.addAll(List.of(options));
      StringWriter complaints = new StringWriter();
      int code =
          Main.run(
              new PrintWriter(said, true),
              new PrintWriter(complaints, true),
              arguments.toArray(String[]::new));
      assertThat(code).as("%s%s", said, complaints).isZero();
    }
    return said.toString();
  }
}
