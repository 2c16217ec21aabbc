package io.millrace.testfixtures.s3;

import io.millrace.testfixtures.server.ServerRule;

/**
 * Lends a test the one S3 server of this JVM, started by the first test that asks, with buckets of the test's own.
 *
 * <p>Clients of AWS in this JVM find its access key by their default chain.
 *
 * <p>Usable as {@code @Rule} and as {@code @ClassRule}. A test may stop, kill or pause the server: where the rule is
 * applied next, it runs again. One that needs a server for itself alone takes {@link S3Server#create}.
 */
public final class S3Rule extends ServerRule {
    private static final int LONGEST_BUCKET_NAME = 63;

    @Override
    protected void makeReady() {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        Shared.running();
    }

    /** Leaves the server as it is: buckets are the test's own, so nothing that is left behind is in the way. */
    @Override
    protected void tidyUp() {}

    /** The server that the tests of this JVM share, running. */
    public S3Server server() {
        return Shared.SERVER;
    }

    /** Makes a bucket that no other test has, and answers its name. */
    public String bucket(String name) {
        String unique = shortened(name(name));
        server().createBucket(unique);
        return unique;
    }

    /** The end of a name is what differs. */
    private static String shortened(String name) {
        return name.substring(Math.max(0, name.length() - LONGEST_BUCKET_NAME)).replaceAll("^-+", "");
    }

    private static final class Shared {
        static final S3Server SERVER = S3Server.create();

        static synchronized void running() {
            SERVER.process().resume();
            if (!SERVER.process().isRunning()) {
                SERVER.start();
            }
        }
    }
}
