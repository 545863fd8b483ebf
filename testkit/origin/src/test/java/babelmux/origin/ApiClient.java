package babelmux.origin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Control API as the tests ask it. */
final class ApiClient {
  /** Status and body of an answer. */
  record Answer(int status, JsonObject body) {}

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final URI base;
  private final @Nullable String authorization;

  ApiClient(URI base, @Nullable Credentials credentials) {
    this.base = base;
    this.authorization =
        credentials == null
            ? null
            : "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        (credentials.user() + ":" + credentials.password())
                            .getBytes(StandardCharsets.UTF_8));
  }

  Answer call(String method, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(8))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      HttpResponse<String> answer =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          answer.statusCode(),
          answer.body().startsWith("{") ? new JsonObject(answer.body()) : new JsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answer get(String path) {
    return call("GET", path);
  }

  /** The path when it is ready. */
  Optional<JsonObject> path(String name) {
    Answer answer = get("/v3/paths/get/" + name);
    return answer.status() == 200 && answer.body().getBoolean("ready")
        ? Optional.of(answer.body())
        : Optional.empty();
  }

  boolean ready(String name) {
    return path(name).isPresent();
  }

  boolean listed(String name) {
    JsonArray items = get("/v3/paths/list?itemsPerPage=1000").body().getJsonArray("items");
    return items.stream().anyMatch(item -> ((JsonObject) item).getString("name").equals(name));
  }

  /** The connection whose own port is the given one. */
  Optional<JsonObject> connection(String remoteAddress) {
    return get("/v3/rtmpconns/list?itemsPerPage=1000").body().getJsonArray("items").stream()
        .map(item -> (JsonObject) item)
        .filter(item -> item.getString("remoteAddr").equals(remoteAddress))
        .findFirst();
  }
}
