package babelmux.origin;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All paths that are ready, and who takes which over. Event loop only. */
final class Relay {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private final OriginConfig config;
  private final PathHooks hooks;
  private final Clock clock;
  private final Map<String, RelayPath> paths = new TreeMap<>();

  Relay(OriginConfig config, PathHooks hooks, Clock clock) {
    this.config = config;
    this.hooks = hooks;
    this.clock = clock;
  }

  /**
   * Makes the path ready. A publisher that is already there is disconnected, or stays, as
   * configured.
   *
   * @return null when the path is busy
   */
  @Nullable RelayPath publish(
      RtmpServerConnection source,
      String name,
      String query,
      List<Track> tracks,
      CodecHeaders headers) {
    RelayPath old = paths.get(name);
    if (old != null) {
      if (!config.overridePublisher()) {
        return null;
      }
      old.source().close("replaced by another publisher");
      end(old);
    }
    RelayPath path = new RelayPath(name, query, source, tracks, headers, clock.instant());
    paths.put(name, path);
    log.info("path {} is ready: {}", name, tracks.stream().map(Track::label).toList());
    hooks.onReady(path);
    return path;
  }

  /** The publisher is gone: its readers get end of file, the hooks are told. */
  void end(RelayPath path) {
    if (!paths.remove(path.name(), path)) {
      return;
    }
    log.info("path {} is not ready any more", path.name());
    for (RtmpServerConnection reader : path.readers()) {
      reader.close("the publisher of the path is gone");
    }
    path.flvReaders().forEach(FlvReader::end);
    hooks.onNotReady(path);
  }

  /** Forgets all paths without a word to anybody, as a killed process does. */
  void forget() {
    paths.values().forEach(path -> path.flvReaders().forEach(FlvReader::drop));
    paths.clear();
  }

  @Nullable RelayPath path(String name) {
    return paths.get(name);
  }

  /** In the order of names. */
  List<RelayPath> paths() {
    return List.copyOf(paths.values());
  }

  String configName(RelayPath path) {
    return hooks.configName(path.name());
  }
}
