package babelmux.hooks;

import java.util.List;

/**
 * The answer to {@code GET /v3/paths/list}, all pages together, each path once.
 *
 * @param paths in the API's order
 * @param complete false when there were more pages than are asked for: what is not in the list may
 *     still be there
 */
public record PathListing(List<ListedPath> paths, boolean complete) {
  public PathListing {
    paths = List.copyOf(paths);
  }
}
