package io.millrace.testfixtures.historyserver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Serves playback histories until the process is told to end.
 *
 * <p>One thread does everything, so nothing here is shared between threads.
 */
public final class HistoryMain {
    private static final int MOST_WAITING_CONNECTIONS = 4_096;
    private static final int LONGEST_LINE = 64 << 10;

    private final EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("history", true));
    private final Lookups lookups;
    private final Control control;

    private HistoryMain(Script script) {
        lookups = new Lookups(script, SystemClock.utc(), loop.next());
        control = new Control(lookups);
    }

    /** Arguments: the port, the port with TLS, the key store for that, its password, the file of how to behave. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException, InterruptedException {
        HistoryMain main = new HistoryMain(Script.parse(Files.readAllBytes(Path.of(arguments[4]))));
        Runtime.getRuntime().addShutdownHook(new Thread(main::end, "end"));
        main.listen(Integer.parseInt(arguments[1]), tls(new File(arguments[2]), arguments[3].toCharArray()));
        main.listen(Integer.parseInt(arguments[0]), null);
        main.loop.terminationFuture().await();
    }

    private static SslContext tls(File keyStore, char[] password) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keyStore, password), password);
        return SslContextBuilder.forServer(keys).build();
    }

    private void listen(int port, @Nullable SslContext tls) throws InterruptedException {
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, MOST_WAITING_CONNECTIONS)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        prepare(channel, tls);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .sync();
    }

    private void prepare(Channel channel, @Nullable SslContext tls) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(new HttpRequestDecoder(LONGEST_LINE, LONGEST_LINE, LONGEST_LINE))
                .addLast(new Connection(channel, lookups, control));
    }

    private void end() {
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
