package babelmux.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Looks at servers as a person with curl would. Blocks for two seconds at most. */
public final class Web {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  private Web() {}

  /** The body of a 200, or an empty text. */
  public static String text(String url) throws InterruptedException {
    return text(HttpRequest.newBuilder(URI.create(url)));
  }

  private static String text(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : "";
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Posts JSON.
   *
   * @return the status; 0 when there was no answer
   */
  public static int post(String url, String json) throws InterruptedException {
    return status(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /**
   * Sends DELETE.
   *
   * @return the status; 0 when there was no answer
   */
  public static int delete(String url) throws InterruptedException {
    return status(HttpRequest.newBuilder(URI.create(url)).DELETE());
  }

  private static int status(HttpRequest.Builder request) throws InterruptedException {
    try {
      return client
          .send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The JSON of a 200, or a missing node. */
  public static JsonNode json(String url) throws InterruptedException {
    return json(HttpRequest.newBuilder(URI.create(url)));
  }

  /** The same of a worker that has a token. */
  public static JsonNode json(String url, String token) throws InterruptedException {
    return json(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token));
  }

  private static JsonNode json(HttpRequest.Builder request) throws InterruptedException {
    try {
      String text = text(request);
      return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
