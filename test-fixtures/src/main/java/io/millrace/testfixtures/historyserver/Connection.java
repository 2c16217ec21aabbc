package io.millrace.testfixtures.historyserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's connection: its requests are taken as they come, and answered in that order. */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOOKUP = "/history";
    private static final String LOOKUP_OF_ONE = LOOKUP + "/";
    private static final String CONTROL = "/control/";

    private final Channel channel;
    private final Lookups lookups;
    private final Control control;
    private final Deque<Exchange> underWay = new ArrayDeque<>(2);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable HttpRequest request;

    Connection(Channel channel, Lookups lookups, Control control) {
        this.channel = channel;
        this.lookups = lookups;
        this.control = control;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
        try {
            if (message instanceof HttpRequest head) {
                request = head;
                body.reset();
            }
            if (message instanceof HttpContent part) {
                take(part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(HttpContent part) throws IOException {
        ByteBuf content = part.content();
        content.readBytes(body, content.readableBytes());
        if (request != null && part instanceof LastHttpContent) {
            serve(request);
        }
    }

    private void serve(HttpRequest whole) {
        if (whole.decoderResult().isFailure()) {
            close();
            return;
        }
        Exchange exchange = new Exchange(this, HttpUtil.isKeepAlive(whole));
        underWay.add(exchange);
        serve(exchange, whole.method().name(), new QueryStringDecoder(whole.uri()));
    }

    private void serve(Exchange exchange, String method, QueryStringDecoder uri) {
        String path = uri.path();
        if (path.startsWith(CONTROL)) {
            exchange.answer(control.answer(method, uri, body.toByteArray()));
        } else if (method.equals("GET") && path.startsWith(LOOKUP_OF_ONE)) {
            lookups.take(new Lookup(exchange, false, List.of(path.substring(LOOKUP_OF_ONE.length()))));
        } else if (method.equals("POST") && path.equals(LOOKUP)) {
            serveBatch(exchange);
        } else {
            exchange.answer(Answer.error(404, "no such path"));
        }
    }

    private void serveBatch(Exchange exchange) {
        List<String> keys = keys(body.toByteArray());
        if (keys == null) {
            exchange.answer(Answer.error(400, "no array of ids"));
        } else {
            lookups.take(new Lookup(exchange, true, keys));
        }
    }

    private static @Nullable List<String> keys(byte[] json) {
        try {
            JsonNode ids = JSON.readTree(json);
            List<String> keys = new ArrayList<>(ids.size());
            ids.forEach(id -> keys.add(id.textValue()));
            return ids.isArray() && !keys.contains(null) ? keys : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Sends the answers that are there, up to the first that is not. */
    void sendAnswers() {
        Exchange first = underWay.peek();
        while (first != null && first.answer() != null) {
            underWay.remove();
            send(first.answer(), first.isKeptAlive());
            first.end();
            first = underWay.peek();
        }
        channel.flush();
    }

    private void send(Answer answer, boolean keepAlive) {
        ChannelFuture sent = channel.write(answer.encode(channel.alloc(), keepAlive));
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // one that is closed already is as good
    void close() {
        channel.close();
    }

    /** With nothing lingering, a close is a reset; it goes past TLS, which would say farewell. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.pipeline().firstContext().close();
    }

    void resetInMidAnswer(Answer answer) {
        ByteBuf bytes = answer.encode(channel.alloc(), true);
        ByteBuf half = bytes.readRetainedSlice(bytes.readableBytes() / 2);
        bytes.release();
        channel.writeAndFlush(half).addListener(sent -> reset());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        underWay.forEach(Exchange::end);
        underWay.clear();
    }

    /** A client that goes away, or trusts nobody, is nothing to speak of. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            cause.printStackTrace();
        }
        close();
    }
}
