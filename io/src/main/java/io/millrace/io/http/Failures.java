package io.millrace.io.http;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;

/** Why there was no answer, and what a person can do. */
final class Failures {
    private Failures() {}

    static IOException of(String url, Exception failure) {
        return new IOException(text(url, failure), failure);
    }

    private static String text(String url, Exception failure) {
        if (failure instanceof SSLPeerUnverifiedException) {
            return url + " is answered by a host whose certificate has another name: url must have a name that it has: "
                    + said(failure);
        }
        if (Throwables.getCausalChain(failure).stream().anyMatch(CertificateException.class::isInstance)) {
            return url
                    + " is answered by a host whose certificate is not trusted: caFile must have the certificates (PEM) of"
                    + " who signed it: " + said(failure);
        }
        if (failure instanceof SSLException) {
            return url
                    + " is not answered with TLS as it is spoken here: url must begin with http:// if the service speaks"
                    + " none: " + said(failure);
        }
        if (failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException) {
            return url + " cannot be reached: " + said(failure);
        }
        return "the connection to " + url + " ended before there was an answer: " + said(failure);
    }

    private static String said(Exception failure) {
        String message = failure.getMessage();
        return failure.getClass().getSimpleName() + (message == null ? "" : ", " + message);
    }
}
