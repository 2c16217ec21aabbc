package io.millrace.io.s3;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Which failures of S3 are waited for to pass, and which are for whoever runs the pipeline. */
public class S3FailuresTest {

    @Test
    public void waitsForAServiceThatCannotServeNow() {
        assertThat(isTransient(answer(503)), is(true));
        assertThat(isTransient(answer(429)), is(true));
        assertThat(isTransient(new IOException(answer(500))), is(true));
    }

    @Test
    public void waitsForAServiceThatCannotBeReached() {
        assertThat(isTransient(new IOException(SdkClientException.create("Unable to execute HTTP request"))), is(true));
    }

    @Test
    public void waitsWhereReadingBrokeOff() {
        assertThat(isTransient(new SocketException("Connection reset")), is(true));
        assertThat(isTransient(new SocketTimeoutException("Read timed out")), is(true));
        assertThat(isTransient(new IOException("Premature end of Content-Length delimited message body")), is(true));
        assertThat(isTransient(new IOException(new SocketException("Connection reset"))), is(true));
    }

    @Test
    public void doesNotWaitForWhatTheServiceRefuses() {
        assertThat(isTransient(answer(403)), is(false));
        assertThat(isTransient(new IOException(answer(404))), is(false));
        assertThat(isTransient(new IOException(new IOException(noSuchBucket()))), is(false));
        assertThat(isTransient(new IOException(SdkClientException.create("refused", answer(403)))), is(false));
    }

    @Test
    public void doesNotWaitForWhatHasNothingToDoWithTheService() {
        assertThat(isTransient(new FileNotFoundException("plays")), is(false));
        assertThat(isTransient(new InterruptedIOException("interrupted")), is(false));
        assertThat(isTransient(new IllegalArgumentException("new position too high")), is(false));
        assertThat(isTransient(new IOException(new IllegalStateException("closed"))), is(false));
    }

    @Test
    public void doesNotWaitForCredentials() {
        AwsCredentialsProvider none = AwsCredentialsProviderChain.of(() -> {
            throw SdkClientException.create("no profile file");
        });
        SdkClientException failure = assertThrows(SdkClientException.class, none::resolveCredentials);

        assertThat(isTransient(failure), is(false));
        assertThat(
                isTransient(SdkClientException.create(
                        "Unable to load credentials from system settings. Secret key must be")),
                is(false));
        IllegalStateException said =
                assertThrows(IllegalStateException.class, () -> new DefaultChain(none).resolveCredentials());
        assertThat(
                said.getMessage(),
                startsWith(
                        "credentials of S3 must be found on every worker by AWS's default chain (AWS_ACCESS_KEY_ID"));
        assertThat(isTransient(said), is(false));
    }

    @Test
    public void leavesCredentialsAsTheyAre() {
        AwsCredentialsProvider anonymous = AnonymousCredentialsProvider.create();

        assertThat(new DefaultChain(anonymous).resolveCredentials(), is(anonymous.resolveCredentials()));
    }

    private static boolean isTransient(Exception failure) {
        return S3Events.isTransient(failure);
    }

    private static Exception answer(int status) {
        return S3Exception.builder().statusCode(status).build();
    }

    private static Exception noSuchBucket() {
        return NoSuchBucketException.builder().statusCode(404).build();
    }
}
