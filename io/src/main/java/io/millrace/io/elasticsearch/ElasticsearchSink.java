package io.millrace.io.elasticsearch;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import io.millrace.io.config.Setting;
import io.millrace.io.config.Urls;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which index of Elasticsearch a route writes to, and how its cluster is reached.
 *
 * <p><i>Fails</i>: at construction, where {@code url} is none, {@code index} breaks Elasticsearch's rules for names,
 * {@code password} or {@code apiKey} is a secret itself instead of a reference to one, or credentials are not of one kind.
 *
 * @param url where the cluster is reached
 * @param index the index, or an alias of one that can be written to
 * @param user the name to sign in with, together with {@code password}
 * @param password a reference to the password
 * @param apiKey a reference to an encoded API key
 * @param caFile the certificates, as PEM, of who signed the cluster's; null for those that the JVM trusts
 * @param maxDocumentBytes the largest document that is sent
 */
public record ElasticsearchSink(
        @Setting(
                value =
                        "Where the cluster is reached: http or https, host and port, and a path where it is behind a proxy.",
                example = "http://localhost:9200")
        String url,

        @Setting(
                value =
                        "The index to write to, or an alias. It comes into being with its first document, if the cluster allows"
                                + " that.",
                example = "long-plays")
        String index,

        @Setting(
                value =
                        "The name to sign in with, together with password. ${env:NAME} and ${file:PATH} are resolved where"
                                + " the client is opened.",
                example = "millrace")
        @Nullable String user,

        @Setting(
                value =
                        "The password: always a reference, ${env:NAME} or ${file:PATH}, resolved where the client is opened.",
                example = "${env:ELASTICSEARCH_PASSWORD}")
        @Nullable String password,

        @Setting(
                value =
                        "An API key in its encoded form, instead of user and password: always a reference, ${env:NAME} or"
                                + " ${file:PATH}.",
                example = "${file:/run/secrets/elasticsearch-api-key}")
        @Nullable String apiKey,

        @Setting(
                value =
                        "A file, on every worker, with the certificates (PEM) of who signed the cluster's. Without it, those that"
                                + " the JVM trusts.",
                example = "/etc/ssl/elasticsearch-ca.pem")
        @Nullable String caFile,

        @Setting(
                value =
                        "The largest document that is sent, in bytes; a larger one is a dead letter. It must be less than the"
                                + " cluster's http.max_content_length.",
                byDefault = "10485760")
        int maxDocumentBytes)
        implements Serializable {

    /** The largest document unless a spec says otherwise. */
    public static final int DEFAULT_MAX_DOCUMENT_BYTES = 10 << 20;

    private static final int LONGEST_INDEX_NAME = 255;
    private static final String NOT_IN_AN_INDEX_NAME = "\\/*?\"<>| ,#:";

    public ElasticsearchSink {
        checkArgument(
                url.indexOf('@') < 0,
                "url must have no user or password in it: user and password are settings of their own");
        checkArgument(Urls.isHttp(url), "url must be http:// or https:// with a host, but was '%s'", url);
        checkArgument(
                isIndexName(index),
                "index must be lower-case, at most %s bytes, begin with none of - _ + and have none of %s in it, but was '%s'",
                LONGEST_INDEX_NAME,
                NOT_IN_AN_INDEX_NAME,
                index);
        checkArgument((user == null) == (password == null), "user must be given together with password");
        checkArgument(user == null || apiKey == null, "apiKey must not be given beside user and password");
        checkReference("password", password);
        checkReference("apiKey", apiKey);
        checkArgument(maxDocumentBytes > 0, "maxDocumentBytes must be at least 1, but was %s", maxDocumentBytes);
    }

    /** An index of a cluster that asks for no credentials. */
    public static ElasticsearchSink of(String url, String index) {
        return new ElasticsearchSink(url, index, null, null, null, null, DEFAULT_MAX_DOCUMENT_BYTES);
    }

    /** The same, of another index. */
    public ElasticsearchSink withIndex(String index) {
        return new ElasticsearchSink(url, index, user, password, apiKey, caFile, maxDocumentBytes);
    }

    /** The same, signing in with a name and a reference to its password. */
    public ElasticsearchSink withUser(String user, String password) {
        return new ElasticsearchSink(url, index, user, password, null, caFile, maxDocumentBytes);
    }

    /** The same, with a reference to an encoded API key. */
    public ElasticsearchSink withApiKey(String apiKey) {
        return new ElasticsearchSink(url, index, null, null, apiKey, caFile, maxDocumentBytes);
    }

    /** The same, trusting the certificates in a file. */
    public ElasticsearchSink withCaFile(String caFile) {
        return new ElasticsearchSink(url, index, user, password, apiKey, caFile, maxDocumentBytes);
    }

    /** The same, with another limit for a document. */
    public ElasticsearchSink withMaxDocumentBytes(int maxDocumentBytes) {
        return new ElasticsearchSink(url, index, user, password, apiKey, caFile, maxDocumentBytes);
    }

    private static boolean isIndexName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && "-_+".indexOf(name.charAt(0)) < 0
                && name.equals(name.toLowerCase(Locale.ROOT))
                && name.chars().noneMatch(unit -> NOT_IN_AN_INDEX_NAME.indexOf(unit) >= 0)
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_INDEX_NAME;
    }

    private static void checkReference(String setting, @Nullable String secret) {
        checkArgument(
                secret == null || References.isReference(secret),
                "%s must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job",
                setting);
    }
}
