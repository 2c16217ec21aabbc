package io.millrace.transforms.script.rhino.inside;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ScriptRuntime;

/** Bytes as texts. */
final class Texts {
    private Texts() {}

    /** A text, or null for none; what is not UTF-8 fails where the script reads it. */
    static @Nullable String utf8(String what, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ScriptRuntime.typeError(what + " is not UTF-8");
        }
    }
}
