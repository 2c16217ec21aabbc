package io.millrace.io.s3;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.config.Urls;
import java.io.Serializable;
import java.net.URI;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.io.aws2.options.S3Options.S3UploadBufferSizeBytesFactory;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/**
 * Where S3 is, one for a job. Credentials are no part of it: they come from the default chain of AWS (environment variables, the
 * profile file, the role of the machine), on each worker.
 *
 * @param region the region
 * @param endpoint the address of a server that is not Amazon's; null for Amazon's own
 */
public record S3Settings(
        @Setting(value = "The region of the buckets.", example = "us-east-1")
        String region,

        @Setting(
                value = "The address of a server other than Amazon's, which is then asked with the bucket in the path.",
                example = "http://127.0.0.1:9000")
        @Nullable String endpoint)
        implements Serializable {

    private static final int UPLOAD_BUFFER_BYTES = 8 << 20;

    public S3Settings {
        checkArgument(region.matches("[a-z0-9-]+"), "region must be one such as us-east-1, but was '%s'", region);
        checkArgument(
                endpoint == null || Urls.isHttp(endpoint),
                "endpoint must be http:// or https:// with a host, but was '%s'",
                endpoint);
    }

    /** Sets these in a pipeline's options. */
    public void setIn(PipelineOptions options) {
        S3Options s3 = options.as(S3Options.class);
        s3.setAwsRegion(Region.of(region));
        s3.setS3ClientFactoryClass(S3Clients.class);
        if (endpoint != null) {
            s3.setEndpoint(URI.create(endpoint));
        }
        if (s3.getS3UploadBufferSizeBytes() == S3UploadBufferSizeBytesFactory.DEFAULT_UPLOAD_BUFFER_SIZE_BYTES) {
            s3.setS3UploadBufferSizeBytes(UPLOAD_BUFFER_BYTES); // Beam's 64 MB are taken for every object being written
        }
    }
}
