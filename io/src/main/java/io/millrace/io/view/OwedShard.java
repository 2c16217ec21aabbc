package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Some of the keys of a zone, as they are kept together.
 *
 * @param zone the zone's name
 * @param number which of {@value #SHARDS}, from 0
 */
record OwedShard(String zone, int number) {
    static final Coder<OwedShard> CODER = new ShardCoder();
    static final int SHARDS = 64;

    /** The one that has a key. It is part of savepoints. */
    static OwedShard of(String zone, String key) {
        int hash = Hashing.murmur3_32_fixed().hashString(key, UTF_8).asInt();
        return new OwedShard(zone, Math.floorMod(hash, SHARDS));
    }

    private static final class ShardCoder extends AtomicCoder<OwedShard> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(OwedShard shard, OutputStream out) throws IOException {
            out.write(VERSION);
            StringUtf8Coder.of().encode(shard.zone, out);
            VarInt.encode(shard.number, out);
        }

        @Override
        public OwedShard decode(InputStream in) throws IOException {
            Versioned.read("shard", VERSION, in);
            return new OwedShard(StringUtf8Coder.of().decode(in), VarInt.decodeInt(in));
        }

        @Override
        public boolean consistentWithEquals() {
            return true;
        }
    }
}
