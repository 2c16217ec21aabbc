package io.millrace.io.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a client trusts, on the worker that opens it. */
public final class Certificates {
    private Certificates() {}

    /**
     * TLS that trusts the certificates of a file, in place of those that the JVM trusts.
     *
     * @param caFile certificates as PEM; null for those that the JVM trusts
     * @throws IllegalArgumentException if the file cannot be read, or has no certificate
     */
    public static SSLContext trusting(@Nullable String caFile) {
        try {
            return caFile == null ? SSLContext.getDefault() : context(read(Path.of(caFile)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "caFile must be a file of PEM certificates that every worker can read, but was " + caFile, e);
        }
    }

    private static KeyStore read(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load((@Nullable InputStream) null, null);
        for (Certificate certificate : certificates(caFile)) {
            trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
        }
        return trusted;
    }

    private static Collection<? extends Certificate> certificates(Path caFile)
            throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(caFile)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate");
            }
            return certificates;
        }
    }

    private static SSLContext context(KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
