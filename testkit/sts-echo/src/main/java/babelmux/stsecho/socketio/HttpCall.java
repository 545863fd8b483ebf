package babelmux.stsecho.socketio;

import java.util.List;
import java.util.Map;

/**
 * A plain HTTP request.
 *
 * @param method in capitals
 * @param path decoded
 * @param authorization the header's value; empty when there is none
 * @param local whether it comes from this machine, by its loopback address
 */
public record HttpCall(
    String method,
    String path,
    Map<String, List<String>> query,
    String contentType,
    String authorization,
    boolean local,
    String body) {

  /** Shows neither the key nor the body. */
  @Override
  public String toString() {
    return "HttpCall[%s %s]".formatted(method, path);
  }
}
