package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.DerivedSource;
import io.millrace.devinterface.spec.DynamicSpec;
import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.Match;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.ScriptSpec;
import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewChangesSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.elasticsearch.ElasticsearchSink;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.objects.WriteObjects;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.script.ScriptFunction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a spec comes to, as text: how often its sources are read, what its routes are, how their filters are told apart, where they
 * write, and which of them would be better off alone or together.
 *
 * <p>Nothing is connected to: it is the spec that is explained, and not what runs of it.
 */
public final class Explanation {
    private final RouterSpec spec;

    private Explanation(RouterSpec spec) {
        this.spec = spec;
    }

    /** The explanation of a spec. */
    public static Explanation of(RouterSpec spec) {
        return new Explanation(spec);
    }

    /** In lines. */
    public Stream<String> lines() {
        return Stream.of(
                        Stream.of(title()),
                        section("sources", spec.namedSources().keySet().stream().map(this::read)),
                        spec.namedJoins().isEmpty()
                                ? Stream.<String>empty()
                                : section(
                                        "joins",
                                        spec.namedJoins().entrySet().stream().map(this::join)),
                        spec.namedViews().isEmpty()
                                ? Stream.<String>empty()
                                : section(
                                        "views",
                                        spec.namedViews().entrySet().stream().map(this::view)),
                        section("routes", spec.routes().stream().map(Explanation::route)),
                        section("filters", readable().flatMap(this::filters)),
                        section("sinks", sinks()),
                        section("advice", advice()))
                .flatMap(section -> section);
    }

    private static Stream<String> section(String name, Stream<String> lines) {
        return Stream.concat(Stream.of("", name), lines.map(line -> "  " + line));
    }

    private String title() {
        int routes = spec.routes().size();
        String jobs =
                spec.isShared() ? "1 job, " + spec.name() : counted(routes, "job") + ", " + spec.name() + "--<route>";
        String match = spec.match() == Match.FIRST ? "; an event goes to the first that takes it" : "";
        return "pipeline " + spec.name() + ": " + counted(routes, "route") + " in " + jobs + match;
    }

    private static String counted(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private String read(String source) {
        String reads = spec.isShared()
                ? "read once; isolated jobs would read it " + times(jobs(source))
                : "read " + times(jobs(source)) + "; a shared job would read it once";
        return source + ": " + origin(requireNonNull(spec.namedSources().get(source))) + ", " + reads;
    }

    /** How many routes need it, by a join or by itself. */
    private long jobs(String source) {
        return spec.routes().stream().filter(route -> spec.reads(route, source)).count();
    }

    private String join(Map.Entry<String, JoinSpec> join) {
        JoinSpec spec = join.getValue();
        return join.getKey() + ": " + spec.left().from() + " up to " + spec.leftFirst() + " before "
                + spec.right().from() + ", " + made(join.getKey(), spec);
    }

    private String view(Map.Entry<String, ViewSpec> view) {
        ViewSpec spec = view.getValue();
        String changes =
                spec.changes().stream().map(ViewChangesSpec::from).distinct().collect(joining(", "));
        return view.getKey() + ": of " + changes + (spec.publish() == null ? "" : " and full publishes") + ", every "
                + spec.every() + ", " + made(view.getKey(), spec);
    }

    private String made(String name, DerivedSource derived) {
        long readers = spec.routes().stream()
                .filter(route -> derived.isReadBy(route, name))
                .count();
        return spec.isShared()
                ? "made once; isolated jobs would make it " + times(readers)
                : "made " + times(readers) + "; a shared job would make it once";
    }

    /** The names under which routes read events. */
    private Stream<String> readable() {
        return Stream.concat(
                spec.namedSources().keySet().stream(),
                spec.derivedSources().entrySet().stream()
                        .flatMap(derived -> derived.getValue().outputs(derived.getKey()).stream()));
    }

    private static String times(long times) {
        return times == 1 ? "once" : times + " times";
    }

    private List<RouteSpec> readers(String source) {
        return spec.routes().stream().filter(route -> route.reads(source)).toList();
    }

    private static String origin(SourceSpec source) {
        KafkaSource kafka = source.kafka();
        return kafka == null
                ? "files " + requireNonNull(source.files()).path()
                : "kafka " + kafka.bootstrapServers() + ", topics " + String.join(", ", kafka.topics());
    }

    private static String route(RouteSpec route) {
        Filter filter = route.filter();
        return Stream.of(
                        route.name() + ": " + (filter == null ? "every event" : oneLine(filter.source())),
                        lookups(route),
                        route.script() == null ? null : script(route.script()),
                        "to " + cluster(route.sink()),
                        route.from() == null ? null : "from " + String.join(", ", route.from()),
                        route.sink().config() instanceof FolderSink ? null : share(route.inFlight(), route.onSlow()))
                .flatMap(Stream::ofNullable)
                .collect(joining(", "));
    }

    private static @Nullable String lookups(RouteSpec route) {
        return route.looksUp()
                ? route.lookups().stream().map(EnrichSpec::into).collect(joining(" and ", "looks up ", ""))
                : null;
    }

    private static String script(ScriptSpec script) {
        DynamicSpec dynamic = script.dynamic();
        ScriptFunction function = script.function();
        String version = dynamic == null
                ? script.script().version()
                : "in versions from " + dynamic.log().name();
        return script.language() + " script " + version + (function == null ? "" : ", its " + function.text());
    }

    private static String oneLine(String expression) {
        return expression.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static @Nullable String share(@Nullable InFlight inFlight, @Nullable OnSlow onSlow) {
        return inFlight == null || onSlow == null
                ? null
                : inFlight.records() + " events or " + inFlight.bytes() + " bytes in flight, when slow "
                        + onSlow.name().toLowerCase(Locale.ROOT);
    }

    /** How one event of a source is held against the filters of all that read it, in one job. */
    private Stream<String> filters(String source) {
        List<RouteSpec> routes = readers(source);
        Plan.Builder builder = Plan.builder();
        List<@Nullable Handle<Filter>> filters = new ArrayList<>();
        for (RouteSpec route : routes) {
            filters.add(route.filter() == null ? null : builder.add(route.filter()));
            Stream.ofNullable(route.projection()).forEach(builder::add);
            Stream.ofNullable(route.key()).forEach(builder::add);
        }
        Plan plan = builder.build();
        Map<String, BitSet> lookups = plan.selection(filters).lookups();
        BitSet always = new BitSet();
        always.set(0, routes.size());
        lookups.values().forEach(always::andNot);
        List<String> lines = new ArrayList<>();
        lookups.forEach(
                (field, found) -> lines.add(source + ": " + field + " is looked up, for " + names(routes, found)));
        if (!always.isEmpty()) {
            lines.add(source + ": tried for every event: " + names(routes, always));
        }
        if (plan.sharedNodes() > 0) {
            lines.add(source + ": calls that stand in several places and are evaluated once: " + plan.sharedNodes());
        }
        return lines.stream();
    }

    private static String names(List<RouteSpec> routes, BitSet positions) {
        return positions.stream()
                .mapToObj(position -> routes.get(position).name())
                .collect(joining(", "));
    }

    private Stream<String> sinks() {
        Map<String, List<String>> byCluster = new TreeMap<>();
        spec.routes()
                .forEach(route -> byCluster
                        .computeIfAbsent(cluster(route.sink()), none -> new ArrayList<>())
                        .add(route.name()));
        byCluster
                .computeIfAbsent(cluster(spec.deadLetters()), none -> new ArrayList<>())
                .add("dead letters");
        return byCluster.entrySet().stream()
                .map(cluster -> cluster.getKey() + ": " + String.join(", ", cluster.getValue()));
    }

    private static String cluster(SinkSpec<?> sink) {
        if (sink.config() instanceof KafkaSink kafka) {
            return "kafka " + kafka.bootstrapServers();
        }
        if (sink.config() instanceof ElasticsearchSink elasticsearch) {
            return "elasticsearch " + elasticsearch.url();
        }
        return sink.config() instanceof FolderSink folder ? sink.name() + " " + folder.path() : sink.name();
    }

    private Stream<String> advice() {
        List<String> lines = Stream.concat(sharing(), spec.routes().stream().flatMap(this::advice))
                .toList();
        return lines.isEmpty() ? Stream.of("none: every route is where it should be") : lines.stream();
    }

    private Stream<String> sharing() {
        return spec.isShared()
                ? Stream.empty()
                : spec.namedSources().entrySet().stream()
                        .filter(source -> source.getValue().kafka() != null)
                        .filter(source -> jobs(source.getKey()) > 1)
                        .map(source -> source.getKey() + ": isolation: shared would save " + (jobs(source.getKey()) - 1)
                                + " of " + jobs(source.getKey()) + " reads");
    }

    private Stream<String> advice(RouteSpec route) {
        if (route.sink().config() instanceof FolderSink folder) {
            return Stream.of(route.name() + ": better " + (spec.isShared() ? "isolated" : "left isolated")
                    + " where the sink " + route.sink().name()
                    + " may be away for long, since a shared job keeps its events in its own state meanwhile"
                    + (folder.window() == null
                            ? ", and all its routes wait when " + WriteObjects.MAX_WAITING_BYTES / (1 << 20)
                                    + " MB of a shard are kept"
                            : ""));
        }
        boolean waitsAlone = route.sink()
                .writer(Outputs.context(new Run(spec.name(), spec.specVersion(), "explained", 0), spec, route))
                .isPresent();
        if (!waitsAlone) {
            return Stream.of(route.name() + ": better " + (spec.isShared() ? "isolated" : "left isolated")
                    + ", since a shared job waits for the sink " + route.sink().name()
                    + ", and all its routes with it");
        }
        return Stream.ofNullable(route.onSlow())
                .filter(onSlow -> onSlow != OnSlow.PARK)
                .map(onSlow -> route.name() + ": better isolated, or with "
                        + (spec.parking() == null ? "parking" : "onSlow: park")
                        + ", since with onSlow: "
                        + onSlow.name().toLowerCase(Locale.ROOT)
                        + " its sink stops all routes while it is slow");
    }
}
