package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key and its self-signed certificate for 127.0.0.1 and localhost, made by the JDK's keytool.
 *
 * @param keyStore both, in PKCS #12
 * @param pem the certificate alone
 */
record Certificate(Path keyStore, Path pem) {
    static final String PASSWORD = "open-sesame";

    private static final String ALIAS = "history";

    static Certificate in(WorkDirectory directory) {
        Path keyStore = directory.path().resolve("history.p12");
        try {
            generate(keyStore);
            KeyStore entries = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
            byte[] certificate = entries.getCertificate(ALIAS).getEncoded();
            return new Certificate(keyStore, directory.write("history.pem", pem(certificate)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(byte[] certificate) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate);
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private static void generate(Path keyStore) throws IOException {
        Process keytool = new ProcessBuilder(commandLine(keyStore))
                .redirectErrorStream(true)
                .start();
        keytool.getOutputStream().close();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (keytool.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("keytool must make a key, but said: " + output);
        }
    }

    private static List<String> commandLine(Path keyStore) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "3650",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keyStore.toString(),
                "-J-XX:TieredStopAtLevel=1");
    }
}
