package io.millrace.testfixtures;

import static java.util.stream.Collectors.joining;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.Test;

public class ArchitectureRulesTest {

    private static final JavaClasses SAMPLES = new ClassFileImporter()
            .importPackages(
                    "io.millrace.transforms", "io.millrace.pipelines", "io.millrace.runnerprofiles", "io.millrace.io");

    private static final List<ArchRule> ALL = List.of(
            ArchitectureRules.PATTERNS_DO_NOT_KNOW_EACH_OTHER,
            ArchitectureRules.DEPENDENCIES_POINT_ONE_WAY,
            ArchitectureRules.TRANSFORMS_NEED_NO_RUNNER_AND_NO_CONNECTOR,
            ArchitectureRules.FLINK_HAS_ONE_DOOR,
            ArchitectureRules.KAFKA_STAYS_IN_ITS_ROOM,
            ArchitectureRules.HIKARI_STAYS_IN_ITS_ROOM,
            ArchitectureRules.FOLSOM_STAYS_IN_ITS_ROOM,
            ArchitectureRules.NOBODY_SLEEPS,
            ArchitectureRules.CLOCKS_ARE_HANDED_IN,
            ArchitectureRules.BOUNDED_SOURCES_ARE_NOT_STREAMED,
            ArchitectureRules.DOFNS_ARE_NOT_PUBLIC,
            ArchitectureRules.TRANSFORMS_HAVE_FINAL_FIELDS,
            ArchitectureRules.MAINS_ARE_WHERE_PROGRAMS_LIVE);

    @Test
    public void aPatternKnowsNoOtherPattern() {
        assertThat(
                violations(ArchitectureRules.PATTERNS_DO_NOT_KNOW_EACH_OTHER),
                allOf(containsString("KnowsAnotherPattern.other"), not(containsString("SharedSample"))));
    }

    @Test
    public void aModuleKnowsNoModuleAboveIt() {
        assertThat(
                violations(ArchitectureRules.DEPENDENCIES_POINT_ONE_WAY),
                allOf(containsString("KnowsAModuleAbove.pipeline"), containsString("KnowsProfiles.profile")));
    }

    @Test
    public void transformsKnowNeitherRunnerNorConnector() {
        assertThat(
                violations(ArchitectureRules.TRANSFORMS_NEED_NO_RUNNER_AND_NO_CONNECTOR),
                allOf(
                        containsString("KnowsARunner.runner"),
                        containsString("KnowsFlink.flink"),
                        containsString("KnowsKafka.partition")));
    }

    @Test
    public void flinkIsKnownBehindItsDoorAlone() {
        assertThat(
                violations(ArchitectureRules.FLINK_HAS_ONE_DOOR),
                allOf(containsString("KnowsFlink.flink"), not(containsString("SampleProfile"))));
    }

    @Test
    public void kafkaIsKnownInItsRoomAlone() {
        assertThat(
                violations(ArchitectureRules.KAFKA_STAYS_IN_ITS_ROOM),
                allOf(
                        containsString("KnowsKafka.partition"),
                        containsString("KnowsProfiles.partition"),
                        not(containsString("SampleKafka"))));
    }

    @Test
    public void thePoolOfDatabaseConnectionsIsKnownInItsRoomAlone() {
        assertThat(
                violations(ArchitectureRules.HIKARI_STAYS_IN_ITS_ROOM),
                allOf(containsString("KnowsHikari.pool"), not(containsString("SampleJdbc"))));
    }

    @Test
    public void theClientOfMemcachedIsKnownInItsRoomAlone() {
        assertThat(
                violations(ArchitectureRules.FOLSOM_STAYS_IN_ITS_ROOM),
                allOf(containsString("KnowsFolsom.client"), not(containsString("SampleMemcached"))));
    }

    @Test
    public void everySleepIsFound() {
        assertThat(
                violations(ArchitectureRules.NOBODY_SLEEPS),
                allOf(
                        containsString("Sleeps.onAThread()"),
                        containsString("Sleeps.onATimeUnit()"),
                        containsString("Sleeps.parked()")));
    }

    @Test
    public void everyLookAtTheWallClockIsFound() {
        assertThat(
                violations(ArchitectureRules.CLOCKS_ARE_HANDED_IN),
                allOf(List.of(
                        containsString("ReadsTheClock.millis()"),
                        containsString("ReadsTheClock.reference()"),
                        containsString("ReadsTheClock.instant()"),
                        containsString("ReadsTheClock.instantReference()"),
                        containsString("ReadsTheClock.local()"),
                        containsString("ReadsTheClock.clock()"),
                        containsString("ReadsTheClock.date()"),
                        containsString("ReadsTheClock.joda()"),
                        containsString("ReadsTheClock.newJoda()"),
                        not(containsString("OtherPattern")),
                        not(containsString("Progress")))));
    }

    @Test
    public void everyReadOfABoundedSourceIsFound() {
        assertThat(
                violations(ArchitectureRules.BOUNDED_SOURCES_ARE_NOT_STREAMED),
                allOf(List.of(
                        containsString("ReadsABoundedSource.itself("),
                        containsString("ReadsABoundedSource.sequence()"),
                        containsString("ReadsABoundedSource.elements()"),
                        containsString("ReadsABoundedSource.entries()"),
                        not(containsString("ReadsABoundedSource.anElement()")),
                        not(containsString("ReadsABoundedSource.unboundedSource(")))));
    }

    @Test
    public void aPublicDoFnIsFound() {
        assertThat(
                violations(ArchitectureRules.DOFNS_ARE_NOT_PUBLIC),
                allOf(containsString("PublicFn"), not(containsString("OtherFn"))));
    }

    @Test
    public void aTransformsMutableFieldIsFound() {
        assertThat(
                violations(ArchitectureRules.TRANSFORMS_HAVE_FINAL_FIELDS),
                allOf(containsString("MutableTransform.size"), not(containsString("OtherPattern"))));
    }

    @Test
    public void aMainOutsideOfAProgramIsFound() {
        assertThat(
                violations(ArchitectureRules.MAINS_ARE_WHERE_PROGRAMS_LIVE),
                allOf(containsString("HasAMain.main"), not(containsString("SamplePipeline"))));
    }

    @Test
    public void everyRuleHoldsForAModuleWithoutClasses() {
        JavaClasses none = SAMPLES.that(com.tngtech.archunit.base.DescribedPredicate.<JavaClass>alwaysFalse());
        ALL.forEach(rule -> assertThat(rule.evaluate(none).getFailureReport().getDetails(), empty()));
    }

    @Test
    public void everyRuleIsOneOfThoseTestedHere() {
        assertThat(List.of(ArchitectureRules.class.getFields()), hasSize(ALL.size()));
    }

    private static String violations(ArchRule rule) {
        return rule.evaluate(SAMPLES).getFailureReport().getDetails().stream().collect(joining("\n"));
    }
}
