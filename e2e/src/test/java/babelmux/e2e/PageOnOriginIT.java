package babelmux.e2e;

/** The page on the embedded origin, whose HTTP-FLV it plays. */
class PageOnOriginIT extends PageScenario {
  @Override
  String server() {
    return Servers.EMBEDDED;
  }
}
