package babelmux.stsecho;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.json.JSONException;
import org.json.JSONObject;

/** The official Socket.IO client, with a record of everything that it was told. */
final class TestClient implements AutoCloseable {
  static final ObjectMapper JSON = mapper();
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(100_000_000).build());
    return mapper;
  }

  /** An event as it was received. */
  record Event(String name, JsonNode payload, long nanos) {}

  final Socket socket;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  private TestClient(Socket socket) {
    this.socket = socket;
    socket.onAnyIncoming(
        args -> record((String) args[0], args.length > 1 ? String.valueOf(args[1]) : "null"));
    socket.on(
        Socket.EVENT_DISCONNECT, args -> record("disconnect", JSONObject.quote("" + args[0])));
    socket.on(
        Socket.EVENT_CONNECT_ERROR,
        args -> record("connect_error", JSONObject.quote("" + args[0])));
  }

  private void record(String name, String json) {
    try {
      events.add(new Event(name, JSON.readTree(json), System.nanoTime()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static IO.Options options() {
    return IO.Options.builder()
        .setTransports(new String[] {"websocket"})
        .setForceNew(true)
        .setReconnection(false)
        .build();
  }

  /** Starts to connect; does not wait. */
  static TestClient open(URI url, IO.Options options) {
    TestClient client = new TestClient(IO.socket(url, options));
    client.socket.connect();
    return client;
  }

  static TestClient connect(StsEcho server) {
    return connect(server, options());
  }

  static TestClient connect(StsEcho server, IO.Options options) {
    TestClient client = open(server.url(), options);
    Awaitility.await().atMost(LIMIT).until(client.socket::connected);
    return client;
  }

  static TestClient monitor(StsEcho server) {
    IO.Options options = options();
    options.auth = Map.of("role", "monitor");
    return connect(server, options);
  }

  void emit(String event, ObjectNode payload) {
    try {
      socket.emit(event, new JSONObject(payload.toString()));
    } catch (JSONException e) {
      throw new AssertionError(e);
    }
  }

  /** Begins a session with the defaults of the contract and waits for stream:ready. */
  JsonNode begin(String streamId) {
    int before = all("stream:ready").size();
    emit("stream:init", init(streamId));
    return await("stream:ready", before + 1).payload();
  }

  static ObjectNode init(String streamId) {
    ObjectNode init =
        JSON.createObjectNode()
            .put("stream_id", streamId)
            .put("worker_id", "worker-" + streamId)
            .put("max_inflight", 3)
            .put("timeout_ms", 8000);
    init.putObject("config")
        .put("source_language", "en")
        .put("target_language", "es")
        .put("voice_profile", "default")
        .put("chunk_duration_ms", 6000)
        .put("sample_rate_hz", 48_000)
        .put("channels", 2)
        .put("format", "m4a");
    return init;
  }

  static ObjectNode fragment(int sequence, String base64) {
    ObjectNode data =
        JSON.createObjectNode()
            .put("fragment_id", "fragment-" + sequence)
            .put("stream_id", "demo")
            .put("sequence_number", sequence)
            .put("timestamp", 1_767_225_600_000L);
    data.putObject("audio")
        .put("format", "m4a")
        .put("sample_rate_hz", 48_000)
        .put("channels", 2)
        .put("duration_ms", 6000)
        .put("data_base64", base64);
    data.putObject("metadata").put("pts_ns", 0);
    return data;
  }

  void send(int sequence) {
    emit("fragment:data", fragment(sequence, "AAAA"));
  }

  void acknowledge(int sequence) {
    emit(
        "fragment:ack",
        JSON.createObjectNode()
            .put("fragment_id", "fragment-" + sequence)
            .put("status", "applied")
            .put("timestamp", 1_767_225_600_000L));
  }

  List<Event> all() {
    return new ArrayList<>(events);
  }

  List<JsonNode> all(String name) {
    return events.stream().filter(e -> e.name().equals(name)).map(Event::payload).toList();
  }

  List<String> names() {
    return events.stream().map(Event::name).toList();
  }

  List<Integer> processed() {
    return all("fragment:processed").stream().map(e -> e.get("sequence_number").asInt()).toList();
  }

  /** Waits for the n-th event of that name, from 1. */
  Event await(String name, int number) {
    Awaitility.await()
        .alias(name + " number " + number)
        .atMost(LIMIT)
        .until(() -> all(name).size() >= number);
    return events.stream().filter(e -> e.name().equals(name)).skip(number - 1L).findFirst().get();
  }

  JsonNode await(String name) {
    return await(name, 1).payload();
  }

  /**
   * Waits until everything sent so far has been seen by the server: an error simulation is answered
   * at once and in order.
   */
  void fence() {
    int before = all("config:error_simulation:ack").size();
    emit("config:error_simulation", JSON.createObjectNode().put("enabled", false));
    await("config:error_simulation:ack", before + 1);
  }

  static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Override
  public void close() {
    socket.disconnect();
  }
}
