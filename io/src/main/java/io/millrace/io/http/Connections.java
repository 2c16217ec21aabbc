package io.millrace.io.http;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.impl.client.DefaultConnectionKeepAliveStrategy;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.nio.conn.NoopIOSessionStrategy;
import org.apache.http.nio.conn.SchemeIOSessionStrategy;
import org.apache.http.nio.conn.ssl.SSLIOSessionStrategy;
import org.apache.http.nio.reactor.IOReactorException;
import org.apache.http.nio.reactor.IOReactorExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens clients: as many connections as there are calls at a time, on few threads. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final long KEPT_UNUSED_MILLIS = 60_000;
    private static final int LONGEST_HEADER = 64 << 10;
    private static final int MOST_HEADERS = 1_000;
    private static final int MOST_THREADS = 4;

    private static final ThreadFactory THREADS = task -> {
        Thread thread = new Thread(task, "millrace-http-lookup");
        thread.setDaemon(true);
        return thread;
    };

    private Connections() {}

    /** A client that follows no redirect, repeats no request, keeps no cookie and changes no url. */
    static CloseableHttpAsyncClient open(SSLContext trust) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(pool(trust))
                .setThreadFactory(THREADS)
                .setDefaultRequestConfig(requests().build())
                .setKeepAliveStrategy(keepAlive())
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        client.start();
        return client;
    }

    /** How requests are made. */
    static RequestConfig.Builder requests() {
        return RequestConfig.custom()
                .setConnectTimeout(CONNECT_MILLIS)
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setNormalizeUri(false);
    }

    private static PoolingNHttpClientConnectionManager pool(SSLContext trust) {
        Registry<SchemeIOSessionStrategy> schemes = RegistryBuilder.<SchemeIOSessionStrategy>create()
                .register("http", NoopIOSessionStrategy.INSTANCE)
                .register("https", new SSLIOSessionStrategy(trust))
                .build();
        PoolingNHttpClientConnectionManager pool = new PoolingNHttpClientConnectionManager(reactor(), schemes);
        pool.setMaxTotal(Integer.MAX_VALUE);
        pool.setDefaultMaxPerRoute(Integer.MAX_VALUE);
        pool.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setMessageConstraints(MessageConstraints.custom()
                        .setMaxLineLength(LONGEST_HEADER)
                        .setMaxHeaderCount(MOST_HEADERS)
                        .build())
                .build());
        return pool;
    }

    private static DefaultConnectingIOReactor reactor() {
        int threads = Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() / 2));
        try {
            DefaultConnectingIOReactor reactor = new DefaultConnectingIOReactor(
                    IOReactorConfig.custom()
                            .setIoThreadCount(threads)
                            .setTcpNoDelay(true)
                            .setSoKeepAlive(true)
                            .build(),
                    THREADS);
            reactor.setExceptionHandler(new GoOn());
            return reactor;
        } catch (IOReactorException e) {
            throw new IllegalStateException("connections must be possible, but are not", e);
        }
    }

    /** What lies between may have dropped a connection that was not used for long, without a word. */
    private static ConnectionKeepAliveStrategy keepAlive() {
        return (response, context) -> {
            long millis = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            return millis < 0 ? KEPT_UNUSED_MILLIS : Math.min(millis, KEPT_UNUSED_MILLIS);
        };
    }

    /** A failure of one connection must not end the threads that serve all others. */
    private static final class GoOn implements IOReactorExceptionHandler {
        @Override
        public boolean handle(IOException failure) {
            LOG.warn("a connection failed", failure);
            return true;
        }

        @Override
        public boolean handle(RuntimeException failure) {
            LOG.warn("a connection failed", failure);
            return true;
        }
    }
}
