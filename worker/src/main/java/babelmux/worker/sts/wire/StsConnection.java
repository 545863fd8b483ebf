package babelmux.worker.sts.wire;

import babelmux.media.Secrets;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.StsReach.Kind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect, and the connection if it succeeds. Never reused: what the library keeps
 * for a later connection dies with it, so nothing stale is ever sent. Thread-safe; calls back on
 * the library's threads, and the listener only hands over.
 */
public final class StsConnection {

  /** Told what happens. Must not block. */
  public interface Listener {
    void connected(OptionalLong maxPayload);

    /** No connection came about. */
    void connectFailed(StsReach.Failed failure);

    void disconnected(String reason);

    /**
     * An event, {@code ["name", {...}]}.
     *
     * @param read to be run once, from any thread, when the event was dealt with: as much as that
     *     may come again on its connection
     */
    void event(String json, Runnable read);

    void violation(ProtocolViolation kind, String detail);
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_UNREAD_MESSAGES = 3;

  private final StsConfig config;
  private final OkHttpClient client;
  private final InboundGuard guard;
  private final ScheduledExecutorService timers;
  private final Listener listener;
  private final Socket socket;
  private final AtomicLong unread = new AtomicLong();

  private volatile StsReach.@Nullable Failed failure;
  private volatile Kind silence = Kind.NO_ANSWER;
  private volatile OptionalLong maxPayload = OptionalLong.empty();
  private volatile @Nullable WebSocket webSocket;
  private volatile boolean closed;

  /** Begins to connect. */
  StsConnection(
      String streamId,
      StsConfig config,
      OkHttpClient shared,
      ScheduledExecutorService timers,
      Listener listener) {
    this.config = config;
    this.guard = new InboundGuard(config.maxMessageBytes() + 65_536L);
    this.client = shared.newBuilder().socketFactory(guard).build();
    this.timers = timers;
    this.listener = listener;
    Manager manager = new Manager(config.url(), options(streamId));
    this.socket = manager.socket(config.namespace(), authentication());
    subscribe();
    socket.connect();
  }

  private Manager.Options options(String streamId) {
    Manager.Options options = new Manager.Options();
    options.path = config.path();
    options.transports = new String[] {io.socket.engineio.client.transports.WebSocket.NAME};
    options.upgrade = false;
    options.reconnection = false;
    // The link's own limit covers the namespace's answer, too; this one would cost a thread.
    options.timeout = -1;
    options.extraHeaders =
        Map.of(
            "X-Stream-ID", List.of(streamId),
            "X-Worker-ID", List.of(WorkerId.header(streamId)));
    options.callFactory = client;
    options.webSocketFactory = this::open;
    options.encoder = new SocketIoPacketEncoder();
    options.decoder =
        new SocketIoPacketDecoder(
            detail -> listener.violation(ProtocolViolation.MALFORMED_MESSAGE, detail));
    return options;
  }

  private Manager.Options authentication() {
    Manager.Options options = new Manager.Options();
    String token = config.token();
    if (token != null) {
      options.auth = Map.of("token", token);
    }
    return options;
  }

  private WebSocket open(Request request, WebSocketListener library) {
    WebSocket opened =
        client.newWebSocket(
            request, new GuardedListener(library, guard, config.maxMessageBytes(), new Watcher()));
    webSocket = opened;
    if (closed) {
      opened.cancel();
    }
    return opened;
  }

  private final class Watcher implements GuardedListener.Watcher {
    @Override
    public void refused(ProtocolViolation kind, String detail) {
      listener.violation(kind, detail);
    }

    @Override
    public void opened() {
      silence = Kind.NO_HANDSHAKE;
    }

    @Override
    public void handshake(String json) {
      silence = Kind.SILENT_NAMESPACE;
      try {
        maxPayload = new Fields(JSON.readTree(json)).integer("maxPayload");
      } catch (JsonProcessingException e) {
        listener.violation(ProtocolViolation.MALFORMED_MESSAGE, "a handshake that is no JSON");
      }
    }

    @Override
    public void failed(Kind kind, int httpStatus, String detail) {
      failure = new StsReach.Failed(kind, httpStatus, "", detail);
    }
  }

  private void subscribe() {
    socket.on(Socket.EVENT_CONNECT, args -> listener.connected(maxPayload));
    socket.on(
        Socket.EVENT_DISCONNECT,
        args -> listener.disconnected(reason(args.length > 0 ? String.valueOf(args[0]) : "")));
    socket.on(Socket.EVENT_CONNECT_ERROR, args -> refused(args.length > 0 ? args[0] : null));
    socket.on(SocketIoPacketDecoder.EVENT, args -> event((String) args[0]));
  }

  private String reason(String libraryReason) {
    StsReach.Failed cause = failure;
    return Secrets.mask(
        cause == null ? libraryReason : libraryReason + " (" + cause.detail() + ")");
  }

  /** The service's own refusal is an object; everything else is a failure on the way. */
  private void refused(@Nullable Object cause) {
    if (cause instanceof JSONObject refusal) {
      String message = refusal.optString("message");
      JSONObject data = refusal.optJSONObject("data");
      String code = data == null ? message : data.optString("code", message);
      listener.connectFailed(new StsReach.Failed(Kind.TURNED_AWAY, 0, code, refusal(message)));
    } else {
      StsReach.Failed known = failure;
      listener.connectFailed(
          new StsReach.Failed(
              known == null ? silence : known.kind(),
              known == null ? 0 : known.httpStatus(),
              "",
              "STS cannot be reached: "
                  + Secrets.mask(known == null ? String.valueOf(cause) : known.detail())));
    }
  }

  /** Kind of the failure when nothing more comes. */
  Kind silence() {
    return silence;
  }

  private String refusal(String message) {
    return "STS refused the connection to namespace %s: %s"
        .formatted(config.namespace(), Secrets.mask(cut(message)));
  }

  private static String cut(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  private void event(String json) {
    long waiting = unread.addAndGet(json.length());
    if (waiting > (long) MAX_UNREAD_MESSAGES * config.maxMessageBytes()) {
      unread.addAndGet(-json.length());
      listener.violation(
          ProtocolViolation.FLOOD, "%d characters wait to be read".formatted(waiting));
    } else {
      listener.event(json, () -> unread.addAndGet(-json.length()));
    }
  }

  /** Sends an event, if the connection stands when its turn comes; else it is gone for good. */
  public void emit(String event, String json) {
    if (!closed) {
      socket.emit(event, json);
    }
  }

  /** Hangs up: politely first, and a second later whatever is left is cut. Idempotent. */
  public void close() {
    closed = true;
    socket.off();
    socket.close();
    try {
      timers.schedule(this::sever, 1, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      sever();
    }
  }

  private void sever() {
    WebSocket open = webSocket;
    if (open != null) {
      open.cancel();
    }
  }
}
