package io.millrace.io.http;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import io.millrace.io.config.Setting;
import io.millrace.io.config.Urls;
import io.millrace.transforms.enricher.LookupClient;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A service that answers a key, as text, with a JSON value: over HTTP/1.1, by a GET for a key, or by a POST for several.
 *
 * <p><i>Shape</i>: with {@code maxBatch} of 1 the key is put into the url where {@code {key}} stands, percent-encoded, and the answer's
 * body is the value. With more, keys are sent as a JSON array of texts, and the answer is a JSON object with the value of each key that
 * has one. A value is the bytes of the answer as they are, without white space around them.
 *
 * <p><i>Guarantee</i>: what an answer means depends on its status.
 *
 * <ul>
 *   <li>200 with one JSON value: the value. {@code null} is no value.
 *   <li>204, and 404 to a GET: no value.
 *   <li>429, and 503 with {@code Retry-After}: nothing is asked for as long as {@code Retry-After} says, in seconds or as a date; at
 *       least 100 ms, at most 5 minutes, and 1 second where it says nothing. Then the lookup is tried again.
 *   <li>408, any other 5xx, and no answer at all (no connection, an untrusted certificate, a connection that ends before the answer is
 *       whole): the lookup is tried again.
 *   <li>Anything else is refused: any other status, a redirect, a 404 to a POST, a body that is no JSON value (RFC 8259 in UTF-8, at
 *       most 512 levels deep) or larger than {@code maxAnswerBytes}. So are keys that cannot be asked for: empty ones, in a url, and
 *       texts that UTF-8 cannot hold.
 * </ul>
 *
 * <p>A lookup that is cancelled ends its connection. Messages have the beginning of an answer, and no value of a reference.
 *
 * <p><i>Fails</i>: at construction, where {@code url} is none, or has {@code {key}} where it must not or not where it must, a header is
 * none, or one that tells who asks has no reference to its secret. Where a client is opened, if a reference cannot be resolved or
 * {@code caFile} cannot be read.
 *
 * @param url where a key is asked for
 * @param headers what is sent with each request
 * @param caFile the certificates, as PEM, of who signed the service's; null for those that the JVM trusts
 * @param maxAnswerBytes the largest answer
 * @param maxBatch how many keys are asked for in one request
 */
public record HttpLookup(
        @Setting(
                value =
                        "Where the service is asked, http or https. {key} stands where the key goes, percent-encoded, in the path or the"
                                + " query; unless maxBatch is over 1: then keys are sent as a JSON array by POST. Of answers, 200 with a"
                                + " JSON value is the value; null, 204 and 404 (to a GET) are none; 429, and 503 with Retry-After, ask for"
                                + " a pause; 408, other 5xx and broken connections are tried again; anything else is a dead letter.",
                example = "http://localhost:8080/history/{key}")
        String url,

        @Setting(
                value = "What is sent with each request. ${env:NAME} and ${file:PATH} are resolved where the client is"
                        + " opened; a header that is a secret must have such a reference in it.",
                byDefault = "{}",
                example = "{Authorization: 'Bearer ${env:HISTORY_TOKEN}'}")
        Map<String, String> headers,

        @Setting(
                value =
                        "A file, on every worker, with the certificates (PEM) of who signed the service's. Without it, those that"
                                + " the JVM trusts.",
                example = "/etc/ssl/history-ca.pem")
        @Nullable String caFile,

        @Setting(value = "The largest answer, in bytes; a larger one is a dead letter.", byDefault = "1048576")
        int maxAnswerBytes,

        @Setting(
                value =
                        "How many keys one request may ask for. With more than 1, a request is a POST of a JSON array of keys,"
                                + " and answers a JSON object with the value of each key that has one.",
                byDefault = "1")
        int maxBatch)
        implements LookupClient.Provider<String, byte[]> {

    /** The largest answer unless a spec says otherwise. */
    public static final int DEFAULT_MAX_ANSWER_BYTES = 1 << 20;

    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern SECRET = Pattern.compile(
            ".*(authoriz|authentic|x-auth|cookie|token|secret|password|credential|api-?key).*",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "expect");

    public HttpLookup {
        headers = Map.copyOf(headers);
        checkArgument(maxAnswerBytes >= 1, "maxAnswerBytes must be at least 1, but was %s", maxAnswerBytes);
        checkArgument(maxBatch >= 1, "maxBatch must be at least 1, but was %s", maxBatch);
        checkUrl(url, maxBatch);
        checkHeaders(headers);
    }

    /** A service of which each request asks for one key, which stands in the url. */
    public static HttpLookup of(String url) {
        return new HttpLookup(url, Map.of(), null, DEFAULT_MAX_ANSWER_BYTES, 1);
    }

    /** A service of which each request asks for several keys. */
    public static HttpLookup ofBatches(String url, int maxBatch) {
        return new HttpLookup(url, Map.of(), null, DEFAULT_MAX_ANSWER_BYTES, maxBatch);
    }

    /** The same, with other headers. */
    public HttpLookup withHeaders(Map<String, String> headers) {
        return new HttpLookup(url, headers, caFile, maxAnswerBytes, maxBatch);
    }

    /** The same, trusting the certificates in a file. */
    public HttpLookup withCaFile(String caFile) {
        return new HttpLookup(url, headers, caFile, maxAnswerBytes, maxBatch);
    }

    /** The same, with another limit for an answer. */
    public HttpLookup withMaxAnswerBytes(int maxAnswerBytes) {
        return new HttpLookup(url, headers, caFile, maxAnswerBytes, maxBatch);
    }

    @Override
    public LookupClient<String, byte[]> open() {
        return HttpLookupClient.open(this);
    }

    private static void checkUrl(String url, int maxBatch) {
        checkAddress(url, url.replace(KeyedUrl.KEY, "key"));
        int key = url.indexOf(KeyedUrl.KEY);
        checkArgument(maxBatch == 1 || key < 0, "url must not have {key} where maxBatch is over 1, but was '%s'", url);
        checkArgument(
                maxBatch > 1 || (key >= KeyedUrl.pathOf(url) && key == url.lastIndexOf(KeyedUrl.KEY)),
                "url must have {key} once, in its path or its query, but was '%s'",
                url);
    }

    /** Whether a request can be made to a url, as it is filled. */
    static void checkAddress(String url, String filled) {
        checkArgument(
                url.indexOf('@') < 0,
                "url must have no user or password in it, which a header has, and %40 for any other @");
        checkArgument(
                Urls.isHttp(filled) && URI.create(filled).getFragment() == null,
                "url must be http:// or https:// with a host and without a fragment, but was '%s'",
                url);
    }

    static void checkHeaders(Map<String, String> headers) {
        headers.forEach(HttpLookup::checkHeader);
        checkArgument(
                headers.keySet().stream().map(HttpLookup::lowerCase).distinct().count() == headers.size(),
                "headers must each be given once, in whichever case, but were %s",
                headers.keySet());
    }

    private static void checkHeader(String name, String value) {
        checkArgument(HEADER_NAME.matcher(name).matches(), "headers must have names of HTTP, but had '%s'", name);
        checkArgument(
                !OF_THE_CONNECTION.contains(lowerCase(name)), "headers must leave %s to Millrace, but set it", name);
        checkArgument(
                !SECRET.matcher(name).matches() || References.hasReference(value),
                "headers.%s must have a reference in it, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of"
                        + " the job",
                name);
        checkArgument(isOneLine(value), "headers.%s must be one line of printable ASCII", name);
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static boolean isOneLine(String value) {
        return value.chars().allMatch(unit -> unit >= ' ' && unit < 0x7F);
    }
}
