package io.millrace.transforms.joiner;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** What a join keeps of the identities of elements: by this it knows duplicates, and in its order are elements of one time. */
public final class JoinIdentity {
    private static final int SHORT = 15;

    private JoinIdentity() {}

    /** An identity of up to 15 bytes of UTF-8 as it is; of a longer one the 128 bits of MurmurHash3. */
    public static byte[] bytes(String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        return text.length <= SHORT
                ? text
                : Hashing.murmur3_128().hashBytes(text).asBytes();
    }
}
