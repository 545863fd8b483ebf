package babelmux.worker.sts.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The example of docs/sts.md keeps the contract; not run where Node is missing. */
class ExampleContractTest extends OrderlyContract {
  private static final Path FOLDER = Path.of("..", "docs", "examples", "sts-node");

  private static @Nullable NodeProgram program;

  @BeforeAll
  static void start() throws Exception {
    program = NodeProgram.start(FOLDER);
  }

  @AfterAll
  static void stop() throws Exception {
    if (program != null) {
      program.close();
    }
  }

  @Override
  URI service() {
    if (program == null) {
      throw new IllegalStateException("the example does not run");
    }
    return program.url();
  }

  /** The official client, which sends what it is given. */
  private Socket client() {
    IO.Options options = new IO.Options();
    options.transports = new String[] {"websocket"};
    options.forceNew = true;
    options.reconnection = false;
    return IO.socket(service(), options);
  }

  @Test
  void payloadsThatAreNoneDoNotEndIt() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    Socket socket = client();
    try {
      socket.onAnyIncoming(args -> heard.add(String.valueOf(args[0])));
      socket.on(Socket.EVENT_DISCONNECT, args -> heard.add("disconnect"));
      socket.connect();
      for (Object none : new Object[] {JSONObject.NULL, 7, "text", new JSONArray()}) {
        socket.emit("fragment:data", none);
        assertThat(heard.poll(20, TimeUnit.SECONDS)).as("%s", none).isEqualTo("error");
      }
      for (Object none : new Object[] {JSONObject.NULL, 7, "text", new JSONArray()}) {
        socket.emit("stream:init", none);
        assertThat(heard.poll(20, TimeUnit.SECONDS)).as("%s", none).isEqualTo("stream:ready");
        socket.emit("fragment:data", none);
        assertThat(heard.poll(20, TimeUnit.SECONDS)).as("%s", none).isEqualTo("error");
        socket.emit("fragment:ack", none);
      }
      socket.emit("stream:end", JSONObject.NULL);
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("stream:complete");
    } finally {
      socket.close();
    }
  }

  @Test
  void itsLockFileNamesNoHost() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("package-lock.json"))).doesNotContain("://");
    assertThat(Files.readString(Path.of("src", "test", "node", "package-lock.json")))
        .doesNotContain("://");
  }
}
