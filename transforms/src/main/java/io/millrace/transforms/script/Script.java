package io.millrace.transforms.script;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A user's functions as text: {@code filter}, {@code map} or {@code flatMap}.
 *
 * <p>A script is stateless: its top level runs anew for each event, so what one event leaves behind no other finds; its clock is the
 * event's time, and its random numbers are the event's own. So the same event gives the same bytes in every run.
 *
 * @param language the language's name, such as {@code javascript}
 * @param source the text
 * @param function the one function that is called, or null for those that the script defines: {@code filter} first, then {@code map}
 *     or {@code flatMap}
 */
public record Script(
        String language, String source, @Nullable ScriptFunction function) implements Serializable {
    /** The language that is always there. */
    public static final String JAVASCRIPT = "javascript";

    private static final int VERSION_LENGTH = 16;

    public Script {
        checkArgument(!language.isBlank(), "language must not be empty, but was '%s'", language);
        checkArgument(!source.isBlank(), "source must not be empty, but was '%s'", source);
    }

    /** A script in JavaScript. */
    public static Script javascript(String source) {
        return new Script(JAVASCRIPT, source, null);
    }

    /** The same, of which this function alone is called. */
    public Script withFunction(@Nullable ScriptFunction function) {
        return new Script(language, source, function);
    }

    /** The same functions as another text has them. */
    public Script withSource(String source) {
        return new Script(language, source, function);
    }

    /** What identifies the text, where nobody has given it a name: the first 16 hexadecimal digits of its SHA-256. */
    public String version() {
        return Hashing.sha256()
                .hashString(source, StandardCharsets.UTF_8)
                .toString()
                .substring(0, VERSION_LENGTH);
    }
}
