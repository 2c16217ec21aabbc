package io.millrace.testfixtures.memcachedserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/** SASL's mechanism PLAIN (RFC 4616) for one name: the JDK has it for clients alone. */
final class Plain implements SaslServer {
    static final String NAME = "PLAIN";

    private final String user;
    private final String password;
    private boolean complete;

    Plain(String user, String password) {
        this.user = user;
        this.password = password;
    }

    @Override
    public String getMechanismName() {
        return NAME;
    }

    @Override
    public byte[] evaluateResponse(byte[] response) throws SaslException {
        String[] parts = new String(response, UTF_8).split("\0", -1);
        if (!Arrays.asList(parts).subList(1, parts.length).equals(Arrays.asList(user, password))) {
            throw new SaslException("wrong name or password");
        }
        complete = true;
        return new byte[0];
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String getAuthorizationID() {
        return user;
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) {
        throw new IllegalStateException("nothing is wrapped");
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) {
        throw new IllegalStateException("nothing is wrapped");
    }

    @Override
    public @Nullable Object getNegotiatedProperty(String name) {
        return null;
    }

    @Override
    public void dispose() {}
}
