package babelmux.worker.config;

/** The kinds of places a value may come from, the weakest first. */
public enum Layer {
  DEFAULT,
  FILE,
  ENVIRONMENT,
  FLAG
}
