package io.millrace.io.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Credentials as the client of AWS finds them, and a word on what to do where it finds none. */
record DefaultChain(AwsCredentialsProvider chain) implements AwsCredentialsProvider {
    /** How the message begins of a chain that finds none, and of a member of it that does not find those again that it found before. */
    private static final String NONE_FOUND = "Unable to load credentials from";

    /** Whether a failure is that there are no credentials, which does not pass by waiting. */
    static boolean isWithoutCredentials(SdkClientException failure) {
        return String.valueOf(failure.getMessage()).startsWith(NONE_FOUND);
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return chain.resolveCredentials();
        } catch (SdkClientException e) {
            if (!isWithoutCredentials(e)) {
                throw e;
            }
            IllegalStateException missing = new IllegalStateException(
                    "credentials of S3 must be found on every worker by AWS's default chain"
                            + " (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile file or the machine's role), but none were");
            missing.addSuppressed(e); // a cause would be what a person gets to see, and it is long
            throw missing;
        }
    }
}
