package babelmux.app.doctor;

import babelmux.hooks.ControlApiException;
import babelmux.hooks.ListedConnection;
import babelmux.hooks.ListedPath;
import babelmux.hooks.PathSettings;
import babelmux.hooks.ServerSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What MediaMTX's Control API tells.
 *
 * @param failure why it tells nothing; null when it tells
 * @param version such as {@code v1.20.1}; null when it does not say
 * @param settings who may do what; null when it does not say
 * @param paths what is configured for which paths; null when it does not say
 * @param listed the paths that have a source
 * @param connections all RTMP connections
 * @param clockAhead how far its clock is ahead of ours; null when it does not say
 * @param stranger whether it answers somebody from another address without a name; null when that
 *     cannot be tried
 */
record ApiSight(
    @Nullable ControlApiException failure,
    @Nullable String version,
    @Nullable ServerSettings settings,
    @Nullable List<PathSettings> paths,
    List<ListedPath> listed,
    List<ListedConnection> connections,
    @Nullable Duration clockAhead,
    @Nullable Boolean stranger) {

  static ApiSight nothing(ControlApiException failure) {
    return new ApiSight(failure, null, null, null, List.of(), List.of(), null, null);
  }

  boolean isUsable() {
    return failure == null;
  }
}
