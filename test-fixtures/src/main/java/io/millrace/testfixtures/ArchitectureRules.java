package io.millrace.testfixtures;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Set;

/**
 * The rules of the house, which every module's own test applies to the module's main classes in one line.
 *
 * <pre>{@code
 * @RunWith(ArchUnitRunner.class)
 * @AnalyzeClasses(packages = "io.millrace.transforms", importOptions = ImportOption.DoNotIncludeTests.class)
 * public class ArchitectureTest {
 *     @ArchTest
 *     static final ArchTests RULES = ArchTests.in(ArchitectureRules.class);
 * }
 * }</pre>
 *
 * <p>A rule about classes that a module does not have holds for it.
 */
public final class ArchitectureRules {

    /** Where programs begin. */
    private static final String[] PROGRAMS = {
        "io.millrace.pipelines..", "io.millrace.platform..", "io.millrace.benchmarks..", "io.millrace.testfixtures.."
    };

    /**
     * The simple names of the classes that may ask what time it is: the display of progress, and the clock that is
     * handed to everybody else.
     */
    private static final Set<String> CLOCK_READERS = Set.of("Progress", "SystemClock");

    private static final Set<String> CLOCK_METHODS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.Clock.tickMillis",
            "java.time.Clock.tickSeconds",
            "java.time.Clock.tickMinutes",
            "java.time.InstantSource.system",
            "org.joda.time.DateTimeUtils.currentTimeMillis");

    private static final Set<String> SLEEPS = Set.of(
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.util.concurrent.locks.LockSupport.parkUntil",
            "com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly");

    /** A pattern's package knows the shared rooms, {@code event}, {@code expression}, {@code rate} and {@code shard}, and no other pattern. */
    @ArchTest
    public static final ArchRule PATTERNS_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.millrace.transforms.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    alwaysTrue(),
                    resideInAnyPackage(
                            "io.millrace.transforms.event..",
                            "io.millrace.transforms.expression..",
                            "io.millrace.transforms.rate..",
                            "io.millrace.transforms.shard.."))
            .allowEmptyShould(true);

    /** Modules depend on those below them alone. */
    @ArchTest
    public static final ArchRule DEPENDENCIES_POINT_ONE_WAY = CompositeArchRule.of(
                    packageKnowsNone("io.millrace.transforms..", "io", "devinterface", "runnerprofiles", "pipelines"))
            .and(packageKnowsNone("io.millrace.io..", "devinterface", "runnerprofiles", "pipelines"))
            .and(packageKnowsNone("io.millrace.devinterface..", "runnerprofiles"))
            .and(packageKnowsNone("io.millrace.devinterface.spec..", "pipelines"))
            .and(packageKnowsNone("io.millrace.runnerprofiles..", "pipelines"))
            .and(noClasses()
                    .that()
                    .resideOutsideOfPackage("io.millrace.platform..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.millrace.platform..")
                    .allowEmptyShould(true))
            .as("dependencies point one way: transforms, io, pipelines, platform");

    /** {@code transforms} needs the Beam SDK and plain libraries alone. */
    @ArchTest
    public static final ArchRule TRANSFORMS_NEED_NO_RUNNER_AND_NO_CONNECTOR = noClasses()
            .that()
            .resideInAPackage("io.millrace.transforms..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.beam.runners..",
                    "org.apache.beam.sdk.io.aws2..",
                    "org.apache.beam.sdk.io.elasticsearch..",
                    "org.apache.beam.sdk.io.kafka..",
                    "org.apache.beam.sdk.io.redis..",
                    "org.apache.flink..",
                    "org.apache.kafka..",
                    "org.elasticsearch..",
                    "software.amazon.awssdk..",
                    "com.netflix.evcache..",
                    "com.spotify.folsom..",
                    "redis.clients..")
            .allowEmptyShould(true);

    /** Flink is reached through {@code runner-profiles}; {@code benchmarks} measures it natively. */
    @ArchTest
    public static final ArchRule FLINK_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.runnerprofiles..", "io.millrace.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink..", "org.apache.beam.runners.flink..")
            .allowEmptyShould(true);

    /** Kafka's client, and Beam's Kafka connector, are known to {@code io.millrace.io.kafka} alone. */
    @ArchTest
    public static final ArchRule KAFKA_STAYS_IN_ITS_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.io.kafka..", "io.millrace.benchmarks..", "io.millrace.testfixtures..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.beam.sdk.io.kafka..")
            .allowEmptyShould(true);

    /** The pool of database connections is known to {@code io.millrace.io.jdbc} alone. */
    @ArchTest
    public static final ArchRule HIKARI_STAYS_IN_ITS_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.io.jdbc..", "io.millrace.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.zaxxer.hikari..")
            .allowEmptyShould(true);

    /** The client of memcached is known to {@code io.millrace.io.memcached} alone. */
    @ArchTest
    public static final ArchRule FOLSOM_STAYS_IN_ITS_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.io.memcached..", "io.millrace.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.spotify.folsom..")
            .allowEmptyShould(true);

    /** Waiting is for a condition, never for a time; this rule is for tests too. */
    @ArchTest
    public static final ArchRule NOBODY_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(describe("sleep", access -> SLEEPS.contains(methodOf(access))))
            .allowEmptyShould(true);

    /** No result is decided by the wall clock: whoever needs one is handed a clock. */
    @ArchTest
    public static final ArchRule CLOCKS_ARE_HANDED_IN = noClasses()
            .that(isNoClockReader())
            .should()
            .accessTargetWhere(describe("read the wall clock", ArchitectureRules::readsTheWallClock))
            .allowEmptyShould(true);

    /**
     * On Flink, where it streams, a bounded source is passed over that is not split yet when its readers ask for their parts; {@code FileEvents} splits its
     * own before. What is created of one element is none; of several by {@code Create.of(a, b)}, which looks the same here, it is.
     */
    @ArchTest
    public static final ArchRule BOUNDED_SOURCES_ARE_NOT_STREAMED = noClasses()
            .that(describe(
                    "do not split it before", type -> !type.getName().startsWith("io.millrace.io.files.FileEvents")))
            .and()
            .resideOutsideOfPackage("io.millrace.benchmarks..")
            .should()
            .accessTargetWhere(describe("read a bounded source", ArchitectureRules::readsABoundedSource))
            .allowEmptyShould(true);

    /** A DoFn is an implementation detail of a PTransform. */
    @ArchTest
    public static final ArchRule DOFNS_ARE_NOT_PUBLIC = classes()
            .that()
            .areAssignableTo("org.apache.beam.sdk.transforms.DoFn")
            .should()
            .notBePublic()
            .allowEmptyShould(true);

    /** A PTransform is configured by making another one. */
    @ArchTest
    public static final ArchRule TRANSFORMS_HAVE_FINAL_FIELDS = classes()
            .that()
            .areAssignableTo("org.apache.beam.sdk.transforms.PTransform")
            .should()
            .haveOnlyFinalFields()
            .allowEmptyShould(true);

    /** Programs begin where programs live. */
    @ArchTest
    public static final ArchRule MAINS_ARE_WHERE_PROGRAMS_LIVE = methods()
            .that()
            .haveName("main")
            .and()
            .areStatic()
            .and()
            .haveRawParameterTypes(String[].class)
            .should()
            .beDeclaredInClassesThat()
            .resideInAnyPackage(PROGRAMS)
            .allowEmptyShould(true);

    private ArchitectureRules() {}

    private static ArchRule packageKnowsNone(String below, String... modulesAbove) {
        String[] packages = new String[modulesAbove.length];
        for (int i = 0; i < packages.length; i++) {
            packages[i] = "io.millrace." + modulesAbove[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(below)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }

    private static String methodOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getTarget().getName();
    }

    private static DescribedPredicate<JavaClass> isNoClockReader() {
        return describe("are no clock and display no progress", type -> !CLOCK_READERS.contains(outermost(type)));
    }

    private static String outermost(JavaClass type) {
        String simple = type.getName().substring(type.getPackageName().length() + 1);
        int nested = simple.indexOf('$');
        return nested < 0 ? simple : simple.substring(0, nested);
    }

    private static boolean readsTheWallClock(JavaAccess<?> access) {
        return CLOCK_METHODS.contains(methodOf(access)) || isNowWithoutAClock(access) || makesADateOfNow(access);
    }

    private static boolean isNowWithoutAClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getPackageName();
        return access.getTarget().getName().equals("now")
                && (owner.equals("java.time") || owner.equals("java.time.chrono") || owner.equals("org.joda.time"))
                && !takes(access.getTarget(), "java.time.Clock");
    }

    private static boolean makesADateOfNow(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return access.getTarget().getName().equals("<init>")
                && (owner.equals("java.util.Date") || owner.startsWith("org.joda.time."))
                && takesNothing(access.getTarget());
    }

    private static boolean readsABoundedSource(JavaAccess<?> access) {
        String method = methodOf(access);
        return (method.equals("org.apache.beam.sdk.io.Read.from")
                        && takes(access.getTarget(), "org.apache.beam.sdk.io.BoundedSource"))
                || method.equals("org.apache.beam.sdk.io.GenerateSequence.to")
                || method.equals("org.apache.beam.sdk.transforms.Create.timestamped")
                || (method.equals("org.apache.beam.sdk.transforms.Create.of")
                        && (takes(access.getTarget(), "java.lang.Iterable")
                                || takes(access.getTarget(), "java.util.Map")));
    }

    private static boolean takes(AccessTarget target, String type) {
        return target instanceof CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().stream()
                        .anyMatch(parameter -> parameter.getName().equals(type));
    }

    private static boolean takesNothing(AccessTarget target) {
        return target instanceof CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().isEmpty();
    }
}
