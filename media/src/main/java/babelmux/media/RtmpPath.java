package babelmux.media;

import java.util.Map;

/**
 * The path of an RTMP URL in the two parts that FFmpeg splits it into.
 *
 * @param app the application
 * @param playpath the stream in it, with the URL's query; may hold a stream key
 */
public record RtmpPath(String app, String playpath) {

  /**
   * FFmpeg's rule: one part of a path of two is the application, else two parts are.
   *
   * @param path without a slash at its beginning
   * @param query with its question mark, or empty
   */
  public static RtmpPath of(String path, String query) {
    int first = path.indexOf('/');
    int second = first < 0 ? -1 : path.indexOf('/', first + 1);
    int end = second < 0 ? first : second;
    String app = end < 0 ? path : path.substring(0, end);
    return new RtmpPath(app, (end < 0 ? "" : path.substring(end + 1)) + query);
  }

  /**
   * FFmpeg's options for a connection to another address than the URL's: the server is told what it
   * would be told without that.
   *
   * @param server scheme, host and port of the URL
   */
  public Map<String, String> options(String server) {
    return Map.of("rtmp_tcurl", server + "/" + app, "rtmp_app", app, "rtmp_playpath", playpath);
  }
}
