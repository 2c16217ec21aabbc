package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.event.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of an event; of a name that repeats, the last one. */
final class HeadersObject extends LazyObject {
    private static final long serialVersionUID = 1;

    private final transient Headers headers;

    HeadersObject(Headers headers, EventScope scope) {
        super(scope);
        this.headers = headers;
    }

    @Override
    int count() {
        return headers.size();
    }

    @Override
    int find(String name) {
        for (int position = headers.size() - 1; position >= 0; position--) {
            if (headers.name(position).equals(name)) {
                return position;
            }
        }
        return -1;
    }

    @Override
    String name(int member) {
        return headers.name(member);
    }

    @Override
    @Nullable Object value(int member) {
        return Texts.utf8("the header " + headers.name(member), headers.value(member));
    }
}
