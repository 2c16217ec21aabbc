package io.millrace.io.s3;

import org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.io.aws2.s3.DefaultS3ClientBuilderFactory;
import software.amazon.awssdk.core.interceptor.Context.ModifyHttpRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Beam's S3 clients, made to suit servers other than Amazon's: the bucket stands in the path, since such a server has no host name
 * for each, and a header that says what is the default anyway, and that not every server knows, is left out.
 */
public final class S3Clients implements S3ClientBuilderFactory {

    /** Beam makes one by this. */
    public S3Clients() {}

    @Override
    public S3ClientBuilder createBuilder(S3Options options) {
        S3ClientBuilder builder = new DefaultS3ClientBuilderFactory()
                .createBuilder(options)
                .credentialsProvider(new DefaultChain(options.getAwsCredentialsProvider()));
        return options.getEndpoint() == null
                ? builder
                : builder.serviceConfiguration(s3 -> s3.pathStyleAccessEnabled(true))
                        .overrideConfiguration(
                                override -> override.addExecutionInterceptor(new WithoutDefaultHeader()));
    }

    private static final class WithoutDefaultHeader implements ExecutionInterceptor {
        private static final String BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled";

        @Override
        public SdkHttpRequest modifyHttpRequest(ModifyHttpRequest context, ExecutionAttributes attributes) {
            SdkHttpRequest request = context.httpRequest();
            boolean isDefault = request.firstMatchingHeader(BUCKET_KEY)
                    .filter("false"::equals)
                    .isPresent();
            return isDefault ? request.toBuilder().removeHeader(BUCKET_KEY).build() : request;
        }
    }
}
