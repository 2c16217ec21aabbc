package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a function's second argument tells: {@code time}, {@code key}, {@code headers} and {@code version}. */
final class ContextObject extends LazyObject {
    private static final long serialVersionUID = 1;

    private static final List<String> NAMES = List.of("time", "key", "headers", "version");

    private final transient ScriptInput input;
    private final transient EventScope scope;
    private transient @Nullable HeadersObject headers;

    ContextObject(ScriptInput input, EventScope scope) {
        super(scope);
        this.input = input;
        this.scope = scope;
    }

    @Override
    int count() {
        return NAMES.size();
    }

    @Override
    int find(String name) {
        return NAMES.indexOf(name);
    }

    @Override
    String name(int member) {
        return NAMES.get(member);
    }

    @Override
    @Nullable Object value(int member) {
        return switch (member) {
            case 0 -> input.timestampMillis() == ScriptInput.NO_TIMESTAMP ? null : (double) input.timestampMillis();
            case 1 -> Texts.utf8("the event's key", input.event().key());
            case 2 -> headers();
            default -> input.version();
        };
    }

    private HeadersObject headers() {
        if (headers == null) {
            headers = new HeadersObject(input.event().headers(), scope);
        }
        return headers;
    }
}
