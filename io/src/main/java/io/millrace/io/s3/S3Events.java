package io.millrace.io.s3;

import com.google.common.base.Throwables;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.objects.WriteObjects;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.SinkContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Events into objects of S3. */
public final class S3Events {
    private static final Pattern FOLDER = Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;

    private S3Events() {}

    /**
     * Writes a route's events into a folder of a bucket, {@code s3://BUCKET/FOLDER}; {@link WriteObjects} says how. A server that does
     * not answer, or has too much to do, holds the bundle for up to five minutes, then fails it, where the step waits for its objects.
     *
     * <p>Where S3 is, the pipeline's options say: {@link S3Settings#setIn}.
     *
     * @throws IllegalArgumentException if the sink's path is none of S3
     */
    public static WriteObjects write(FolderSink sink, SinkContext context) {
        checkPath(sink.path());
        return sink.write(sink.path(), context).withTransientFailures(S3Events::isTransient);
    }

    /** What a folder of a bucket holds of a route; {@link FolderSink#holdings} says how. */
    public static Holdings holdings(FolderSink sink, SinkContext context) {
        return sink.holdings(sink.path(), context);
    }

    static void checkPath(String path) {
        if (!FOLDER.matcher(path).matches()) {
            throw new IllegalArgumentException("path must be s3://BUCKET/FOLDER, but was " + path);
        }
    }

    /** By what the service said, if it did; else by what the client of S3 says; else by whether reading or writing broke off. */
    static boolean isTransient(Exception failure) {
        List<Throwable> causes = Throwables.getCausalChain(failure);
        return first(causes, SdkServiceException.class)
                .map(S3Events::isPassing)
                .or(() -> first(causes, SdkClientException.class).map(S3Events::mayReachTheService))
                .orElseGet(() -> causes.stream().allMatch(S3Events::isBrokenOff));
    }

    private static <T> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static boolean isPassing(SdkServiceException answer) {
        int status = answer.statusCode();
        return status >= 500 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    }

    private static boolean mayReachTheService(SdkClientException failure) {
        return !DefaultChain.isWithoutCredentials(failure);
    }

    private static boolean isBrokenOff(Throwable cause) {
        boolean isInterrupted = cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException);
        return cause instanceof IOException && !isInterrupted && !(cause instanceof FileNotFoundException);
    }
}
