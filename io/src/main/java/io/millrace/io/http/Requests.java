package io.millrace.io.http;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import io.millrace.transforms.enricher.LookupRefusedException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.message.BasicHeader;
import org.apache.http.message.BasicHttpEntityEnclosingRequest;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.apache.http.nio.protocol.BasicAsyncRequestProducer;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;

/** What is sent for keys, with references resolved: made where a client is opened, and handed to nobody else. */
final class Requests {
    private final HttpHost host;
    private final KeyedUrl url;
    private final Header[] headers;
    private final boolean inBatches;

    private Requests(HttpHost host, KeyedUrl url, Header[] headers, boolean inBatches) {
        this.host = host;
        this.url = url;
        this.headers = headers;
        this.inBatches = inBatches;
    }

    /**
     * The requests of a lookup.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved
     */
    static Requests of(HttpLookup lookup) {
        KeyedUrl url = KeyedUrl.of(lookup.url());
        boolean inBatches = lookup.maxBatch() > 1;
        return new Requests(HttpHost.create(url.origin()), url, headers(lookup.headers(), inBatches), inBatches);
    }

    /** Headers, with references resolved. */
    static Header[] headers(Map<String, String> given, boolean inBatches) {
        Map<String, Header> headers = new LinkedHashMap<>();
        put(headers, "Accept", "application/json");
        put(headers, "User-Agent", "millrace");
        if (inBatches) {
            put(headers, "Content-Type", "application/json");
        }
        given.forEach((name, value) -> {
            String resolved = References.resolve(value);
            checkArgument(HttpLookup.isOneLine(resolved), "headers.%s must be one line of printable ASCII", name);
            put(headers, name, resolved);
        });
        return headers.values().toArray(new Header[0]);
    }

    private static void put(Map<String, Header> headers, String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), new BasicHeader(name, value));
    }

    /** The request for keys. */
    HttpAsyncRequestProducer of(Set<String> keys) {
        keys.forEach(Requests::checkText);
        HttpRequest request = inBatches ? post(keys) : get(keys.iterator().next());
        request.setHeaders(headers);
        return new BasicAsyncRequestProducer(host, request);
    }

    /** An encoder would put something else in place of what it cannot encode, and ask for another key. */
    private static void checkText(String key) {
        for (int at = 0; at < key.length(); at++) {
            if (Character.isSurrogate(key.charAt(at))) {
                if (Character.charCount(key.codePointAt(at)) == 1) {
                    throw new LookupRefusedException(
                            "key must be text that UTF-8 can hold, but has half of a surrogate pair");
                }
                at++;
            }
        }
    }

    private HttpRequest get(String key) {
        if (key.isEmpty()) {
            throw new LookupRefusedException("key must not be empty, where it is part of a url");
        }
        if (key.equals(".") || key.equals("..")) {
            throw new LookupRefusedException("key must not be '" + key + "', which names another place of a url");
        }
        return new BasicHttpRequest("GET", url.with(key));
    }

    private HttpRequest post(Set<String> keys) {
        BasicHttpEntityEnclosingRequest request = new BasicHttpEntityEnclosingRequest("POST", url.before());
        request.setEntity(new NByteArrayEntity(JsonValues.array(keys)));
        return request;
    }
}
