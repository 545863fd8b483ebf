package babelmux.worker.metrics;

/** What a scrape is written as. */
public enum ScrapeFormat {
  /** Prometheus text: what everybody gets who does not ask for another one. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),

  /** OpenMetrics, which has exemplars: the last segment that fell back. */
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  ScrapeFormat(String contentType) {
    this.contentType = contentType;
  }

  /** The media type. */
  public String contentType() {
    return contentType;
  }
}
