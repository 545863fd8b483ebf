package babelmux.origin;

import babelmux.origin.rtmp.ChunkReader;
import babelmux.origin.rtmp.ChunkWriter;
import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTagParser;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpCommand;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import babelmux.origin.rtmp.ServerHandshake;
import babelmux.origin.rtmp.StreamAddress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One RTMP client, from handshake to end. Whatever it sends, it can only lose its own connection.
 * Event loop only.
 */
final class RtmpServerConnection {
  private static final Logger log = LoggerFactory.getLogger(RtmpServerConnection.class);
  private static final int WRITE_QUEUE_BYTES = 256 * 1024;

  /** Each is answered, whether the peer reads the answers or not. */
  private static final int MAX_COMMANDS = 100;

  /** Who has not been let in to publish can make the server keep this much of a message. */
  private static final int MAX_COMMAND_BYTES = 64 * 1024;

  private enum Phase {
    HANDSHAKE,
    CONNECT,
    COMMANDS,
    PUBLISHING,
    READING,
    CLOSED
  }

  private final NetSocket socket;
  private final RtmpServer server;
  private final Instant created;
  private final long createdNanos = System.nanoTime();
  private final ServerHandshake handshake = new ServerHandshake();
  private final ChunkReader chunks = new ChunkReader();
  private final CodecHeaders headers = new CodecHeaders();
  private final PublishAnalysis analysis = new PublishAnalysis();
  private String id = UUID.randomUUID().toString();
  private Phase phase = Phase.HANDSHAKE;
  private ConnectionState state = ConnectionState.IDLE;
  private ReaderCodecs codecs = new ReaderCodecs(Set.of());
  private StreamAddress address = new StreamAddress("", "");
  private String tcUrl = "";
  private String userAgent = "";
  private @Nullable RelayPath path;
  private @Nullable ReaderQueue readerQueue;
  private int outChunkBytes = 128;
  private int commands;
  private long bytesIn;
  private long bytesOut;
  private long ackWindow;
  private long lastAck;
  private long lastMessageNanos = createdNanos;

  RtmpServerConnection(NetSocket socket, RtmpServer server, Instant created) {
    this.socket = socket;
    this.server = server;
    this.created = created;
  }

  void start() {
    chunks.limitMessages(MAX_COMMAND_BYTES);
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.exceptionHandler(e -> close(String.valueOf(e.getMessage())));
    socket.closeHandler(gone -> close("closed by the peer"));
    socket.handler(this::onBytes);
    log.debug("conn {} opened", remoteAddress());
  }

  private void onBytes(Buffer bytes) {
    bytesIn += bytes.length();
    try {
      byte[] rest = phase == Phase.HANDSHAKE ? shakeHands(bytes.getBytes()) : bytes.getBytes();
      chunks.feed(rest);
      while (phase != Phase.CLOSED) {
        RtmpMessage message = chunks.next();
        if (message == null) {
          break;
        }
        onMessage(message);
      }
      acknowledge();
    } catch (RtmpProtocolException e) {
      close(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.warn("conn {}: unexpected", remoteAddress(), e);
      close("internal error: " + e);
    }
  }

  /** Bytes that follow the handshake. */
  private byte[] shakeHands(byte[] bytes) throws RtmpProtocolException {
    byte[] answer = handshake.feed(bytes);
    if (answer != null) {
      write(answer);
    }
    if (!handshake.done()) {
      return new byte[0];
    }
    phase = Phase.CONNECT;
    return handshake.rest();
  }

  private void onMessage(RtmpMessage message) throws RtmpProtocolException {
    lastMessageNanos = System.nanoTime();
    MessageType.requireSupported(message.type());
    switch (message.type()) {
      case MessageType.SET_CHUNK_SIZE -> chunks.setChunkSize(message.uint32());
      case MessageType.ABORT -> chunks.abort(message.uint32());
      case MessageType.WINDOW_ACK_SIZE -> ackWindow = message.uint32();
      case MessageType.COMMAND_AMF0 -> onCommand(RtmpCommand.parse(message.body()));
      case MessageType.DATA_AMF0 -> {
        if (phase == Phase.PUBLISHING) {
          headers.offerData(message);
        }
      }
      case MessageType.AUDIO, MessageType.VIDEO -> {
        if (phase == Phase.PUBLISHING) {
          onMedia(message);
        }
      }
      default -> {}
    }
  }

  private void onCommand(RtmpCommand command) throws RtmpProtocolException {
    if (phase == Phase.CONNECT) {
      connect(command);
      return;
    }
    if (phase != Phase.COMMANDS) {
      return;
    }
    if (++commands > MAX_COMMANDS) {
      throw new RtmpProtocolException("more than " + MAX_COMMANDS + " commands");
    }
    switch (command.name()) {
      case "createStream" -> answer(command, 1.0);
      case "releaseStream", "FCPublish", "_checkbw" -> answer(command, null);
      case "getStreamLength" -> answer(command, 0.0);
      case "publish" -> publish(command);
      case "play" -> play(command);
      default -> log.debug("conn {}: command {} ignored", remoteAddress(), command.name());
    }
  }

  private void connect(RtmpCommand command) throws RtmpProtocolException {
    Map<?, ?> properties = command.object(0);
    if (!command.name().equals("connect") || !(properties.get("app") instanceof String)) {
      throw new RtmpProtocolException(
          "unexpected command " + command.name() + ", expected connect with an app");
    }
    Object url =
        properties.containsKey("tcUrl") ? properties.get("tcUrl") : properties.get("tcurl");
    if (!(url instanceof String text)) {
      throw new RtmpProtocolException("invalid connect command: expected a tcUrl");
    }
    tcUrl = StreamAddress.unquoted(text);
    userAgent = properties.get("flashVer") instanceof String agent ? agent : "";
    codecs = ReaderCodecs.of(properties.get("fourCcList"));
    write(RtmpReplies.windowAckSize());
    write(RtmpReplies.peerBandwidth());
    write(RtmpReplies.chunkSize(RelayPath.OUT_CHUNK_BYTES));
    outChunkBytes = RelayPath.OUT_CHUNK_BYTES;
    write(RtmpReplies.connected(command.transactionId()));
    phase = Phase.COMMANDS;
  }

  private void publish(RtmpCommand command) throws RtmpProtocolException {
    address = address(command);
    boolean refused = server.faults().refusedPublishers.contains(address.path());
    if (refused || !server.mayPublish(address.parameters())) {
      refuse(RtmpReplies.publishRefused(command.transactionId()));
      return;
    }
    write(RtmpReplies.publishStarted(command.transactionId()));
    chunks.limitMessages(ChunkReader.MAX_MESSAGE_BYTES);
    phase = Phase.PUBLISHING;
  }

  private void play(RtmpCommand command) throws RtmpProtocolException {
    address = address(command);
    boolean refused = server.faults().refusedReaders.contains(address.path());
    if (refused || !server.mayRead(address.parameters())) {
      refuse(RtmpReplies.playRefused(command.transactionId()));
      return;
    }
    RelayPath wanted = server.relay().path(address.path());
    if (wanted == null) {
      close("no stream is available on path '" + address.path() + "'");
      return;
    }
    RtmpReplies.playStarted(command.transactionId()).forEach(this::write);
    if (!codecs.understandsAny(wanted.tracks(), wanted.headers())) {
      close("the stream has no track that this reader understands");
      return;
    }
    wanted.headers().replay(this::understands).forEach(this::write);
    ReaderQueue queue = new ReaderQueue(socket, server.config().writeQueueSize());
    readerQueue = queue;
    path = wanted;
    phase = Phase.READING;
    state = ConnectionState.READ;
    wanted.addReader(this);
    log.info("conn {} is reading from path {}", remoteAddress(), address.path());
  }

  private void onMedia(RtmpMessage message) throws RtmpProtocolException {
    MediaTag tag = MediaTagParser.parse(message);
    RelayPath current = path;
    if (current != null) {
      current.relay(tag, message);
      return;
    }
    headers.offer(tag, message);
    if (!analysis.offer(tag, message.timestampMs())) {
      return;
    }
    // The analysed part reaches nobody: nobody can be there before the path is.
    path =
        server.relay().publish(this, address.path(), address.query(), analysis.tracks(), headers);
    if (path == null) {
      close("someone is already publishing to path '" + address.path() + "'");
      return;
    }
    state = ConnectionState.PUBLISH;
    log.info("conn {} is publishing to path {}", remoteAddress(), address.path());
  }

  /** Tells whether a message may go to this reader. */
  boolean understands(MediaTag tag) {
    return codecs.understands(tag);
  }

  /** True when the readers of this publisher stay where MediaMTX would end their connections. */
  boolean keepsReaders() {
    return server.faults().keptReaders.contains(address.path());
  }

  /** Called every {@code elapsedMs}: timeouts. */
  void tick(long elapsedMs, long nowNanos) {
    long readTimeout = server.config().readTimeout().toNanos();
    if (state == ConnectionState.IDLE && nowNanos - createdNanos > readTimeout) {
      close("i/o timeout: not publishing or reading after " + server.config().readTimeout());
    } else if (state == ConnectionState.PUBLISH && nowNanos - lastMessageNanos > readTimeout) {
      close("i/o timeout: nothing received for " + server.config().readTimeout());
    }
    ReaderQueue queue = readerQueue;
    if (queue != null) {
      queue.tick(elapsedMs);
      if (queue.blockedMs() > server.config().writeTimeout().toMillis()) {
        close("i/o timeout: write blocked for " + server.config().writeTimeout());
      }
    }
  }

  private void acknowledge() {
    boolean due = ackWindow > 0 && bytesIn - lastAck > ackWindow;
    if (due && phase != Phase.CLOSED && !socket.writeQueueFull()) {
      lastAck = bytesIn;
      write(RtmpReplies.acknowledgement(bytesIn));
    }
  }

  private StreamAddress address(RtmpCommand command) throws RtmpProtocolException {
    String name = command.text(1);
    if (name == null) {
      throw new RtmpProtocolException("invalid " + command.name() + " command: expected a name");
    }
    return StreamAddress.of(tcUrl, name);
  }

  private void answer(RtmpCommand command, @Nullable Object value) {
    if (command.transactionId() != 0) {
      write(RtmpReplies.result(command.transactionId(), value));
    }
  }

  private void refuse(RtmpMessage status) {
    write(status);
    log.info("conn {} refused: authentication failed", remoteAddress());
    end();
    socket.close();
  }

  private void write(RtmpMessage message) {
    write(ChunkWriter.encode(message, outChunkBytes));
  }

  private void write(byte[] bytes) {
    bytesOut += bytes.length;
    socket.write(Buffer.buffer(bytes));
  }

  /** Ends the connection and, for a publisher, its path. Idempotent. */
  void close(String reason) {
    if (phase == Phase.CLOSED) {
      return;
    }
    log.info("conn {} closed: {}", remoteAddress(), reason);
    end();
    HardClose.close(socket);
  }

  /** Like {@link #close}, but the peer sees a reset. */
  void reset(String reason) {
    HardClose.resetOnClose(socket);
    close(reason);
  }

  private void end() {
    phase = Phase.CLOSED;
    server.remove(this);
    RelayPath ended = path;
    path = null;
    if (ended != null && readerQueue != null) {
      ended.removeReader(this);
    } else if (ended != null) {
      server.relay().end(ended);
    }
  }

  /**
   * Takes a new id and makes the path ready again, as if another publisher had come in its place.
   */
  void replaceItself() {
    RelayPath old = path;
    if (old == null || readerQueue != null) {
      return;
    }
    id = UUID.randomUUID().toString();
    server.relay().end(old);
    path = server.relay().publish(this, old.name(), old.query(), old.tracks(), old.headers());
  }

  @Nullable ReaderQueue readerQueue() {
    return readerQueue;
  }

  String id() {
    return id;
  }

  Instant created() {
    return created;
  }

  ConnectionState state() {
    return state;
  }

  /** Address at which it publishes or reads; empty while idle, as the Control API has it. */
  StreamAddress address() {
    return state == ConnectionState.IDLE ? new StreamAddress("", "") : address;
  }

  String user() {
    return address().parameters().getOrDefault("user", "");
  }

  String userAgent() {
    return userAgent;
  }

  String remoteAddress() {
    return String.valueOf(socket.remoteAddress());
  }

  long bytesIn() {
    return bytesIn;
  }

  long bytesOut() {
    ReaderQueue queue = readerQueue;
    return bytesOut + (queue == null ? 0 : queue.written());
  }
}
