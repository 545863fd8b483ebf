package babelmux.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The files of the page, by the path that they have below {@code /page/}. Only what is listed here
 * is served: no request makes the name of a file. Safe for all threads.
 */
final class Assets {

  static final String SHELL = "index.html";

  /** Ours, in {@code web/}. */
  static final List<String> OWN =
      List.of(
          "api.js",
          "captions.js",
          "connection.js",
          "format.js",
          "hold.js",
          "icon.svg",
          "keys.js",
          "levels.js",
          "main.js",
          "onair.js",
          "page.css",
          "place.js",
          "player.js",
          "source.js",
          "state.js",
          "strip.js",
          "views/detail.js",
          "views/dialogs.js",
          "views/doctor.js",
          "views/frame.js",
          "views/list.js",
          "views/panels.js",
          "views/players.js",
          "views/strip.js",
          "views/words.js");

  /** Players that have no WebJar, in {@code web/}: see {@code web/vendor/README.md}. */
  static final List<String> PLAYERS = List.of("vendor/hls.js", "vendor/mpegts.js");

  private static final List<String> LIT =
      List.of("lit-html.js", "directive.js", "directive-helpers.js", "directives/repeat.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, String> resources = new TreeMap<>();
  private final Map<String, Asset> read = new ConcurrentHashMap<>();

  Assets() {
    OWN.forEach(name -> resources.put(name, "web/" + name));
    PLAYERS.forEach(name -> resources.put(name, "web/" + name));
    String lit = "/META-INF/resources/webjars/lit-html/" + litVersion() + "/";
    LIT.forEach(name -> resources.put("lib/" + name, lit + name));
  }

  /**
   * One file.
   *
   * @param etag weak, of its bytes: compressed or not, it is the same file
   * @param plain its bytes
   * @param gzip the same, compressed
   */
  record Asset(String type, String etag, byte[] plain, byte[] gzip) {}

  /** The names that are served. */
  Iterable<String> names() {
    return resources.keySet();
  }

  /** Whether there is a file of this name. Does not block. */
  boolean has(String name) {
    return resources.containsKey(name);
  }

  /** The file, if it has been read before. Does not block. */
  Optional<Asset> known(String name) {
    return Optional.ofNullable(read.get(name));
  }

  /** A file that {@link #has} knows, or the shell. Reads it once; blocks for that. */
  Asset get(String name) {
    String resource =
        name.equals(SHELL)
            ? "web/" + SHELL
            : Objects.requireNonNull(resources.get(name), "no such file");
    return read.computeIfAbsent(name, key -> make(key, bytes(resource)));
  }

  private static Asset make(String name, byte[] plain) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    String type = Objects.requireNonNull(TYPES.get(ending), "no type for this ending");
    return new Asset(type, etag(plain), plain, gzip(plain));
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not in the distribution: " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String litVersion() {
    try (InputStream in = Assets.class.getResourceAsStream("versions.properties")) {
      Properties versions = new Properties();
      versions.load(Objects.requireNonNull(in, "versions.properties"));
      return versions.getProperty("lit-html");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
