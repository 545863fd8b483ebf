package babelmux.stsecho.socketio;

import java.util.concurrent.CompletionStage;

/** Everything that is asked outside the Socket.IO path. Called on Netty's threads. */
@FunctionalInterface
public interface HttpRoutes {
  /** Never null; a stage that fails is answered with 500. */
  CompletionStage<HttpReply> handle(HttpCall call);
}
