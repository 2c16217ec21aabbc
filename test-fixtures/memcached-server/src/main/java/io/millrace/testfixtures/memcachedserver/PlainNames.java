package io.millrace.testfixtures.memcachedserver;

import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.jspecify.annotations.Nullable;

/** Says that there is the mechanism PLAIN, which Infinispan looks for; its authenticator makes it. */
public final class PlainNames implements SaslServerFactory {

    @Override
    public @Nullable SaslServer createSaslServer(
            String mechanism,
            String protocol,
            String serverName,
            @Nullable Map<String, ?> properties,
            CallbackHandler handler) {
        return null;
    }

    @Override
    public String[] getMechanismNames(@Nullable Map<String, ?> properties) {
        return new String[] {Plain.NAME};
    }
}
