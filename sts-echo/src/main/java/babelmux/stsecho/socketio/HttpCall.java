package babelmux.stsecho.socketio;

import java.util.List;
import java.util.Map;

/** A plain HTTP request: method in capitals, decoded path, query parameters, body as text. */
public record HttpCall(
    String method, String path, Map<String, List<String>> query, String contentType, String body) {}
