package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where pages are. An address is a path with its query, as it is sent; all are of one origin.
 *
 * @param place where it is, for people
 * @param origin its scheme, host and port
 * @param first the first page's address
 * @param parameter the parameter that takes a token, encoded; null where pages are told by url
 * @param fingerprint differs between publishes that do not know each other's addresses
 */
record PageAddresses(
        String place, String origin, String first, @Nullable String parameter, String fingerprint) {
    private static final int LONGEST = 8 << 10;
    private static final int SIGNS_OF_A_FINGERPRINT = 16;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static PageAddresses of(HttpPublish publish) {
        KeyedUrl url = KeyedUrl.of(URI.create(publish.url()).toASCIIString());
        String parameter = publish.nextParameter();
        return new PageAddresses(
                publish.place(),
                url.origin(),
                url.before(),
                parameter == null ? null : KeyedUrl.encoded(parameter),
                fingerprint(publish.url() + "\n" + publish.items() + "\n" + publish.next() + "\n" + parameter));
    }

    /** A short text that stands for another. */
    static String fingerprint(String of) {
        return Hashing.sha256().hashString(of, UTF_8).toString().substring(0, SIGNS_OF_A_FINGERPRINT);
    }

    /** A page, for people. */
    String named(PageCursor page) {
        return page.isFirst() ? place : place + ", page " + (page.pages() + 1) + ",";
    }

    /**
     * The address that what was said on a page leads to.
     *
     * @throws IOException if it leads nowhere, or to another origin
     */
    String next(String said, PageCursor page) throws IOException {
        String next = parameter == null ? resolved(said, page) : withToken(parameter, said);
        if (next.length() > LONGEST) {
            throw new IOException(named(page) + " leads to a next page by more than " + LONGEST + " signs");
        }
        return next;
    }

    private String withToken(String parameter, String token) {
        int query = first.indexOf('?');
        String path = query < 0 ? first : first.substring(0, query);
        String others = query < 0 ? "" : others(parameter, first.substring(query + 1));
        return path + "?" + others + parameter + "=" + KeyedUrl.encoded(token);
    }

    private static String others(String parameter, String query) {
        return Stream.of(query.split("&"))
                .filter(given -> !given.isEmpty() && !name(given).equals(parameter))
                .map(given -> given + "&")
                .collect(joining());
    }

    private static String name(String given) {
        int value = given.indexOf('=');
        String name = value < 0 ? given : given.substring(0, value);
        return name.indexOf('%') < 0 ? KeyedUrl.encoded(name) : name;
    }

    private String resolved(String said, PageCursor page) throws IOException {
        if (said.isEmpty()) {
            return page.address();
        }
        URI at = URI.create(origin + page.address());
        URI to = resolved(said, at, page);
        if (to.getHost() == null || to.getRawUserInfo() != null || !originOf(to).equals(originOf(at))) {
            throw new IOException(named(page)
                    + " leads to a next page elsewhere, where nothing is asked, since headers may have secrets"
                    + (to.getHost() == null ? "" : ": at " + originOf(to)));
        }
        String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        return to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
    }

    /** RFC 3986, 5.2; where there is a query alone, or nothing, Java takes the last part off the path, too. */
    private URI resolved(String said, URI at, PageCursor page) throws IOException {
        try {
            URI to = new URI(said.startsWith("?") ? at.getRawPath() + said : said);
            return URI.create(at.resolve(to).toASCIIString());
        } catch (URISyntaxException e) {
            // without its cause, which has the url
            throw new IOException(named(page) + " leads to a next page by what is no url: " + e.getReason());
        }
    }

    private static String originOf(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        int port = url.getPort() < 0 ? usual : url.getPort();
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }
}
