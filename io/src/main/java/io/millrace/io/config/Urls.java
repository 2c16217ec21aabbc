package io.millrace.io.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Addresses in configuration. */
public final class Urls {
    private static final Set<String> HTTP = Set.of("http", "https");

    private Urls() {}

    /** Whether a text is the address of a server of HTTP. */
    public static boolean isHttp(String url) {
        try {
            URI uri = new URI(url);
            return uri.getScheme() != null && HTTP.contains(uri.getScheme()) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
