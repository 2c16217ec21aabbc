package com.example.plays;

import io.millrace.transforms.enricher.BlockingLookup;
import io.millrace.transforms.enricher.CacheSettings;
import io.millrace.transforms.enricher.Enrich;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.OnMiss;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** From titles' ids: each with the title's name, and a line for each id that no title has. */
public final class NamedPlays extends PTransform<PCollection<String>, PCollection<String>> {
    private static final long serialVersionUID = 1;

    @Override
    public PCollection<String> expand(PCollection<String> titleIds) {
        Enrichment<String, String> named = titleIds.apply(
                "Name",
                Enrich.of((String titleId) -> titleId, new Catalogue())
                        .withCache(CacheSettings.of(1_000, Duration.ofMinutes(10)))
                        .onMiss(OnMiss.DEAD_LETTER));
        PCollection<String> names = named.results()
                .apply("AsText", MapElements.into(TypeDescriptors.strings())
                        .via(play -> play.input() + ": " + play.value()));
        PCollection<String> problems = named.deadLetters()
                .apply("AsProblem", MapElements.into(TypeDescriptors.strings())
                        .via(play -> play.input() + " has no name: " + play.message()));
        return PCollectionList.of(names).and(problems).apply("Together", Flatten.pCollections());
    }

    /** Opens, in each process, what answers: here a map, else the client of a service or of a database. */
    private static final class Catalogue implements LookupClient.Provider<String, String> {
        private static final long serialVersionUID = 1;

        private static final Map<String, String> NAMES = Map.of("t1", "Alien", "t2", "Brazil");

        @Override
        public LookupClient<String, String> open() {
            return BlockingLookup.of(Catalogue::namesOf, 8);
        }

        /** May wait for its answer; a key that is left out has none. */
        private static Map<String, String> namesOf(Set<String> titleIds) {
            Map<String, String> names = new HashMap<>(NAMES);
            names.keySet().retainAll(titleIds);
            return names;
        }
    }
}
