package babelmux.stsecho.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is not Socket.IO, and decides about handshakes before the library sees them. */
@Sharable
final class HttpGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HttpGate.class);
  static final String STREAM_ID_HEADER = "X-Stream-ID";

  private final String socketPath;
  private final SocketHandler handler;
  private final HttpRoutes routes;

  HttpGate(String socketPath, SocketHandler handler, HttpRoutes routes) {
    this.socketPath = socketPath + "/";
    this.handler = handler;
    this.routes = routes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      context.fireChannelRead(message);
      return;
    }
    QueryStringDecoder url = new QueryStringDecoder(request.uri());
    String path;
    Map<String, List<String>> query;
    try {
      path = url.path();
      query = url.parameters();
    } catch (IllegalArgumentException e) {
      request.release();
      answer(context, new HttpReply(400, error("the URL is not well encoded: " + e.getMessage())));
      return;
    }
    if (!path.equals(socketPath)) {
      route(context, request, path, query);
    } else if (query.containsKey("sid")) {
      context.fireChannelRead(request);
    } else {
      handshake(context, request, query);
    }
  }

  private void route(
      ChannelHandlerContext context,
      FullHttpRequest request,
      String path,
      Map<String, List<String>> query) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    HttpCall call =
        new HttpCall(
            request.method().name(),
            path,
            query,
            type,
            request.headers().get(HttpHeaderNames.AUTHORIZATION, ""),
            isLocal(context.channel().remoteAddress()),
            request.content().toString(UTF_8));
    request.release();
    routes
        .handle(call)
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                log.error("{} {} failed", call.method(), call.path(), failure);
                answer(context, new HttpReply(500, error("internal error")));
              } else {
                answer(context, reply);
              }
            });
  }

  /** True when that is this machine's loopback. */
  static boolean isLocal(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && inet.getAddress().isLoopbackAddress();
  }

  private void handshake(
      ChannelHandlerContext context, FullHttpRequest request, Map<String, List<String>> query) {
    if (!List.of("4").equals(query.get("EIO"))) {
      request.release();
      answer(context, new HttpReply(400, engineError(5, "Unsupported protocol version")));
      return;
    }
    switch (handler.knock(request.headers().get(STREAM_ID_HEADER, ""))) {
      case ACCEPT -> context.fireChannelRead(request);
      case UNAVAILABLE -> {
        request.release();
        answer(context, new HttpReply(503, error("not available")));
      }
      case RESET -> {
        request.release();
        WireFaultHandler.reset(context);
      }
      case SILENT -> request.release();
    }
  }

  private static void answer(ChannelHandlerContext context, HttpReply reply) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            Unpooled.copiedBuffer(reply.body().toString(), UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    context.channel().writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static JsonNode error(String detail) {
    return JsonNodeFactory.instance.objectNode().put("detail", detail);
  }

  private static JsonNode engineError(int code, String message) {
    return JsonNodeFactory.instance.objectNode().put("code", code).put("message", message);
  }
}
