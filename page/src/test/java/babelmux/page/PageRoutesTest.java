package babelmux.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP, with the options that the worker's port has. */
class PageRoutesTest {

  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  @SuppressWarnings("NullAway.Init")
  private static HttpServer server;

  private static final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    new PageRoutes(null).mount(router);
    // As the worker has them.
    router.errorHandler(404, context -> context.response().setStatusCode(404).end());
    router.errorHandler(405, context -> context.response().setStatusCode(405).end());
    router.get("/").handler(context -> context.response().end("json"));
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setCompressionSupported(true)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(router);
    server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static HttpResponse<byte[]> ask(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.actualPort() + "/").resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return String.join(" | ", response.headers().allValues(name));
  }

  /** What is answered to these bytes on a connection of their own. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void aBrowserGetsTheShellAndProgramsGetWhatStoodThere() throws Exception {
    HttpResponse<byte[]> shell = ask("GET", "/", "Accept", BROWSER);
    assertThat(shell.statusCode()).isEqualTo(200);
    assertThat(header(shell, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(new String(shell.body(), UTF_8)).contains("<title>babelmux</title>");
    assertThat(header(shell, "vary")).contains("Accept");
    assertThat(header(shell, "cache-control")).isEqualTo("no-store");

    HttpResponse<byte[]> json = ask("GET", "/", "Accept", "*/*");
    assertThat(new String(json.body(), UTF_8)).isEqualTo("json");
    assertThat(header(json, "vary")).contains("Accept");
    assertThat(header(json, "content-security-policy")).isEmpty();
  }

  @Test
  void theShellAllowsThisWorkerAndItsHlsOnly() throws Exception {
    HttpResponse<byte[]> shell = ask("GET", "/", "Accept", BROWSER);
    assertThat(header(shell, "content-security-policy"))
        .isEqualTo(ContentPolicy.of(null, "127.0.0.1", false))
        .contains("connect-src 'self' http://127.0.0.1:8888;");
    assertThat(header(shell, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(shell, "referrer-policy")).isEqualTo("same-origin");
    assertThat(new String(shell.body(), UTF_8))
        .doesNotContainPattern("<script(?![^>]*src=)")
        .doesNotContainPattern("\\sstyle=|<style|\\son[a-z]+=|https?://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;script-src *", "evil' 'unsafe-inline", "a,b", "x y"})
  void aHostileHostGetsNothingIntoThePolicy(String host) throws Exception {
    String answer =
        raw(
            "GET / HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
                .formatted(host));
    assertThat(answer).doesNotContain("script-src *").doesNotContain("unsafe-inline");
  }

  @Test
  void twoHostsAddNone() throws Exception {
    String answer =
        raw(
            "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\nAccept: text/html\r\n\r\n");
    assertThat(answer).doesNotContain("a.example").doesNotContain("b.example");
  }

  @Test
  void eachFileHasItsTypeAndIsAskedAboutAgainByItsTag() throws Exception {
    for (String name : new Assets().names()) {
      HttpResponse<byte[]> file = ask("GET", "/page/" + name);
      assertThat(file.statusCode()).as(name).isEqualTo(200);
      assertThat(header(file, "content-type"))
          .as(name)
          .isEqualTo(
              name.endsWith(".js")
                  ? "text/javascript; charset=utf-8"
                  : name.endsWith(".css") ? "text/css; charset=utf-8" : "image/svg+xml");
      assertThat(header(file, "cache-control")).isEqualTo("no-cache");
      assertThat(header(file, "x-content-type-options")).isEqualTo("nosniff");
      String tag = header(file, "etag");
      HttpResponse<byte[]> again = ask("GET", "/page/" + name, "If-None-Match", tag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(header(again, "etag")).isEqualTo(tag);
    }
  }

  @Test
  void aTagOfAnotherFileIsNoReasonToSendNothing() throws Exception {
    String other = header(ask("GET", "/page/page.css"), "etag");
    HttpResponse<byte[]> file =
        ask("GET", "/page/main.js", "If-None-Match", other + ", \"x\", W/\"y\"");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isNotEmpty();
  }

  @Test
  void filesAreCompressedOnceForThoseWhoTakeIt() throws Exception {
    byte[] plain = ask("GET", "/page/main.js").body();
    HttpResponse<byte[]> packed = ask("GET", "/page/main.js", "Accept-Encoding", "br, gzip");
    assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
    assertThat(packed.body().length).isLessThan(plain.length / 2);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
        .isEqualTo(plain);
    HttpResponse<byte[]> not = ask("GET", "/page/main.js", "Accept-Encoding", "gzip;q=0");
    assertThat(not.body()).isEqualTo(plain);
  }

  @Test
  void headIsAsGetWithoutABody() throws Exception {
    for (String path : List.of("/", "/page/main.js")) {
      HttpResponse<byte[]> get = ask("GET", path, "Accept", BROWSER);
      HttpResponse<byte[]> head = ask("HEAD", path, "Accept", BROWSER);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      for (String name :
          List.of("content-type", "content-length", "etag", "vary", "content-security-policy")) {
        assertThat(header(head, name)).as(name).isEqualTo(header(get, name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/",
        "/page/index.html",
        "/page/nothing.js",
        "/page/../page/../../pom.xml",
        "/page/..%2f..%2fversions.properties",
        "/page/%2e%2e/versions.properties",
        "/page/..\\versions.properties",
        "/page/vendor/../../versions.properties",
        "/page//main.js",
        "/page/./main.js",
        "/page/main.js/",
        "/page/main.js%00.css",
        "/page/MAIN.JS",
        "/page/web/main.js",
        "/page/PageRoutes.class",
        "/x/../page/main.js",
        "/page/lib/../../../../META-INF/MANIFEST.MF",
        "/page/%6dain.js",
      })
  void onlyWhatIsListedIsServed(String path) throws Exception {
    String answer =
        raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
    assertThat(answer).doesNotContain("lit-html=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void filesAreOnlyRead(String method) throws Exception {
    HttpResponse<byte[]> answer = ask(method, "/page/main.js");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD");
  }
}
