package io.millrace.testfixtures.memcachedserver;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.security.auth.Subject;
import javax.security.sasl.SaslServer;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.server.core.security.sasl.SaslAuthenticator;
import org.infinispan.server.memcached.MemcachedServer;
import org.infinispan.server.memcached.configuration.MemcachedProtocol;
import org.infinispan.server.memcached.configuration.MemcachedServerConfigurationBuilder;

/** Runs Infinispan as a memcached server of both protocols until the process is told to end. */
public final class MemcachedMain {
    private MemcachedMain() {}

    /**
     * Arguments: ports of 127.0.0.1 with commas between, at each of which is a server with values of its own; and where they are to ask for
     * a name, that and its password.
     */
    public static void main(String[] arguments) throws InterruptedException {
        for (String port : arguments[0].split(",")) {
            serve(settings(Integer.parseInt(port), arguments));
        }
        new CountDownLatch(1).await();
    }

    private static void serve(MemcachedServerConfigurationBuilder settings) {
        DefaultCacheManager caches = new DefaultCacheManager(
                new GlobalConfigurationBuilder()
                        .nonClusteredDefault()
                        .defaultCacheName("default")
                        .build(),
                new ConfigurationBuilder().build(),
                true);
        MemcachedServer server = new MemcachedServer();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.stop();
                            caches.stop();
                        },
                        "stop-server"));
        server.start(settings.build(), caches);
    }

    private static MemcachedServerConfigurationBuilder settings(int port, String[] arguments) {
        MemcachedServerConfigurationBuilder settings = new MemcachedServerConfigurationBuilder()
                .protocol(MemcachedProtocol.AUTO)
                .host("127.0.0.1")
                .port(port);
        if (arguments.length > 1) {
            ask(settings, arguments[1], arguments[2]);
        }
        return settings;
    }

    private static void ask(MemcachedServerConfigurationBuilder settings, String user, String password) {
        settings.authentication()
                .enable()
                .text()
                .authenticator((name, given) ->
                        name.equals(user) && String.valueOf(given).equals(password)
                                ? CompletableFuture.completedFuture(new Subject())
                                : CompletableFuture.failedFuture(new SecurityException("wrong name or password")));
        settings.authentication()
                .sasl()
                .serverName("memcached")
                .addMechanisms(Plain.NAME)
                .authenticator(new SaslAuthenticator() {
                    @Override
                    public SaslServer createSaslServer(
                            String mechanism,
                            List<Principal> principals,
                            String protocol,
                            String serverName,
                            Map<String, String> properties) {
                        return new Plain(user, password);
                    }
                });
    }
}
