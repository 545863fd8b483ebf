package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Gives every Socket.IO connect packet an auth object: without one the library asks nobody whether
 * the client may come in.
 */
@Sharable
final class ConnectPacket extends ChannelInboundHandlerAdapter {
  private static final byte[] WITH_AUTH = "40{}".getBytes(StandardCharsets.UTF_8);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof PacketsMessage packets && isBareConnect(packets.getContent())) {
      context.fireChannelRead(
          new PacketsMessage(
              packets.getClient(), Unpooled.wrappedBuffer(WITH_AUTH), packets.getTransport()));
      return;
    }
    context.fireChannelRead(message);
  }

  private static boolean isBareConnect(ByteBuf content) {
    int at = content.readerIndex();
    int length = content.readableBytes();
    boolean connect = length >= 2 && content.getByte(at) == '4' && content.getByte(at + 1) == '0';
    return connect && (length == 2 || (length == 3 && content.getByte(at + 2) == '/'));
  }
}
