package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import io.netty.channel.ChannelPipeline;

/** The library's pipeline with our handlers in front of its packet handler. */
final class Pipeline extends SocketIOChannelInitializer {
  private final HttpGate gate;
  private final ConnectPacket connectPacket = new ConnectPacket();
  private final WebSockets sockets;
  private final LastResort lastResort = new LastResort();

  Pipeline(HttpGate gate, WebSockets sockets) {
    this.gate = gate;
    this.sockets = sockets;
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    pipeline.addBefore(PACKET_HANDLER, "wireFaults", new WireFaultHandler());
    pipeline.addBefore(PACKET_HANDLER, "httpGate", gate);
    pipeline.addBefore(PACKET_HANDLER, "webSockets", sockets);
    pipeline.addBefore(PACKET_HANDLER, "connectPacket", connectPacket);
    pipeline.addLast("lastResort", lastResort);
  }
}
