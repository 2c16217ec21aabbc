package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Entry;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.devinterface.spec.Value.Items;
import io.millrace.devinterface.spec.Value.Kind;
import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.devinterface.spec.Value.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 text into values: a scalar without quotes is what JSON would take it for, and else text.
 *
 * <p>An alias is the value of its anchor, shared, so aliases of aliases cost nothing here; their number of values is limited. Tags
 * would only say what the spec's own types say, and are refused.
 */
final class YamlText {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern EMPTY = Pattern.compile("|~|null|Null|NULL");

    private final Iterator<Event> events;
    private final Map<Anchor, Value> anchors = new HashMap<>();

    private YamlText(Iterator<Event> events) {
        this.events = events;
    }

    /** The one document of the text. */
    static Value read(String text) throws SyntaxException {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(SpecText.MAX_CHARACTERS)
                .build();
        try {
            return new YamlText(new Parse(settings).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException e) {
            throw new SyntaxException(mark(e.getProblemMark()), Words.oneLine(e.getProblem()));
        } catch (YamlEngineException e) {
            throw new SyntaxException(Mark.START, Words.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private Value document() throws SyntaxException {
        events.next();
        Event start = events.next();
        if (start.getEventId() == Event.ID.StreamEnd) {
            throw new SyntaxException(Mark.START, "the text is empty");
        }
        Value document = value(events.next(), 1);
        events.next();
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw new SyntaxException(mark(end.getStartMark()), "a second document in the same text");
        }
        return document;
    }

    private Value value(Event event, int depth) throws SyntaxException {
        Mark at = mark(event.getStartMark());
        SpecText.checkDepth(depth, at);
        if (event instanceof AliasEvent alias) {
            return anchored(alias, at);
        }
        Value value = event instanceof ScalarEvent scalar ? scalar(scalar, at) : collection(event, at, depth);
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
        return value;
    }

    private Value anchored(AliasEvent alias, Mark at) throws SyntaxException {
        Value value = anchors.get(alias.getAlias());
        if (value == null) {
            throw new SyntaxException(at, "an alias of nothing above it: " + Words.quoted("*" + alias.getAlias()));
        }
        return value;
    }

    private static Scalar scalar(ScalarEvent event, Mark at) throws SyntaxException {
        checkNoTag(event.getTag(), at);
        String text = event.getValue();
        Kind kind = event.isPlain() && event.getTag().isEmpty() ? kind(text) : Kind.TEXT;
        return SpecText.scalar(kind, kind == Kind.BOOLEAN ? text.toLowerCase(Locale.ROOT) : text, at);
    }

    private static Kind kind(String plain) {
        if (EMPTY.matcher(plain).matches()) {
            return Kind.EMPTY;
        }
        if (BOOLEAN.matcher(plain).matches()) {
            return Kind.BOOLEAN;
        }
        return NUMBER.matcher(plain).matches() ? Kind.NUMBER : Kind.TEXT;
    }

    private Value collection(Event event, Mark at, int depth) throws SyntaxException {
        checkNoTag(((CollectionStartEvent) event).getTag(), at);
        return SpecText.checkSize(event.getEventId() == Event.ID.SequenceStart ? items(at, depth) : fields(at, depth));
    }

    private Items items(Mark at, int depth) throws SyntaxException {
        List<Value> values = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            values.add(value(event, depth + 1));
        }
        return Items.of(values, at);
    }

    private Fields fields(Mark at, int depth) throws SyntaxException {
        List<Entry> entries = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Value key = value(event, depth + 1);
            if (!(key instanceof Scalar scalar) || scalar.kind() == Kind.EMPTY) {
                throw new SyntaxException(key.at(), "a key must be text, but was " + key.described());
            }
            entries.add(new Entry(scalar.text(), key.at(), value(events.next(), depth + 1)));
        }
        return Fields.of(entries, at);
    }

    private static void checkNoTag(Optional<String> tag, Mark at) throws SyntaxException {
        if (tag.isPresent() && !tag.get().equals("!")) {
            throw new SyntaxException(at, "a tag means nothing here: " + Words.quoted(tag.get()));
        }
    }

    private static Mark mark(Optional<org.snakeyaml.engine.v2.exceptions.Mark> mark) {
        return mark.map(place -> new Mark(place.getLine() + 1, place.getColumn() + 1))
                .orElse(Mark.START);
    }
}
