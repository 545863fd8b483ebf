package babelmux.e2e;

/** The page on MediaMTX, whose HLS it plays. */
class PageOnMediaMtxIT extends PageScenario {
  @Override
  String server() {
    return Servers.realOrSkip();
  }
}
