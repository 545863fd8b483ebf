package babelmux.bench;

import picocli.CommandLine.Option;

/** The option that says which server carries the streams. */
final class BenchOrigin {

  @Option(
      names = "--mediamtx",
      paramLabel = "auto|none|PATH",
      defaultValue = "auto",
      description =
          "The MediaMTX program to use: auto looks for it, none takes the embedded origin. Default:"
              + " ${DEFAULT-VALUE}.")
  private String mediaMtx = "auto";

  String mediaMtx() {
    return mediaMtx;
  }
}
