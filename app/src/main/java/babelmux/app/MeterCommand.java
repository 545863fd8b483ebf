package babelmux.app;

import babelmux.meter.Charts;
import babelmux.meter.Comparison;
import babelmux.meter.Reports;
import babelmux.meter.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux meter SOURCE RECORDING}: what came between the two. */
@Command(
    name = "meter",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measure a recording against its source, as a viewer's player sees both.",
      "A/V error, delay, drift, lengths, holes, loudness, tempo, pitch, changed packets. Flashes"
          + " and beeps are",
      "those of the fixtures (fixtures/README.md); loudness and packets are measured of any film."
          + " Up to 10 minutes."
    },
    footer = {
      "",
      "Example: babelmux meter fixtures/30s-counting-english.mp4 out.mp4 --picture out.png"
    })
final class MeterCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "What went in: a file.")
  private Path source = Path.of("");

  @Parameters(index = "1", paramLabel = "RECORDING", description = "What came out: a file.")
  private Path recording = Path.of("");

  @Option(names = "--json", description = "Print all of it as JSON; times in microseconds.")
  private boolean json;

  @Option(
      names = "--tone",
      paramLabel = "HZ",
      defaultValue = "0",
      description = "The audio is this tone: measure its purity and its joints every 6 s.")
  private double toneHz;

  @Option(
      names = "--picture",
      paramLabel = "PNG",
      description = "Draw the A/V error over time and the audio around the joints.")
  private @Nullable Path picture;

  @Option(
      names = "--spectrogram",
      paramLabel = "PNG",
      description = "Draw the spectrograms of both, one below the other.")
  private @Nullable Path spectrogram;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  MeterCommand() {}

  @Override
  public Integer call() throws IOException {
    for (Path file : List.of(source, recording)) {
      if (!Files.isReadable(file)) {
        throw usage(file + ": expected a file that can be read");
      }
    }
    if (!(toneHz >= 0 && toneHz <= 20_000)) {
      throw usage("--tone: " + toneHz + ": expected up to 20000 Hz");
    }
    Comparison comparison = Comparison.of(source, recording, toneHz);
    spec.commandLine()
        .getOut()
        .println(json ? Reports.toJson(comparison) : MeterText.of(comparison));
    draw(comparison);
    return 0;
  }

  private void draw(Comparison comparison) throws IOException {
    Path errors = picture;
    if (errors != null) {
      Sound sound = comparison.recordingLevel() == null ? null : Sound.read(recording);
      long shiftUs = comparison.marks().flashOffsets().medianUs();
      Charts.write(errors, comparison.marks(), sound, shiftUs, toneHz);
    }
    Path spectra = spectrogram;
    if (spectra != null) {
      Charts.spectrograms(
          spectra,
          List.of(fileName(source), fileName(recording)),
          List.of(Sound.read(source), Sound.read(recording)));
    }
  }

  /** Without its folder: a picture that is passed on tells nothing of the machine that made it. */
  static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
