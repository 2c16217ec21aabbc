package io.millrace.transforms.script.rhino;

import static io.millrace.transforms.script.rhino.Scripts.compiled;
import static io.millrace.transforms.script.rhino.Scripts.run;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Eventually;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.Test;

/** A job's classes come from a loader of its own, which must not outlive the job. */
public class LoaderTest {

    @Test
    public void scriptsRunInALoaderOfTheirOwnAndGoWithIt() throws Exception {
        WeakReference<ClassLoader> loader = runInALoader();

        Eventually.waitUntil("the loader to be freed", () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private static WeakReference<ClassLoader> runInALoader() throws Exception {
        List<URL> places = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            places.add(new File(place).toURI().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Callable<?> job = (Callable<?>) loader.loadClass(Job.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(job.call(), is(List.of("{\"sum\":6,\"text\":\"a1.5true\"}")));
            return new WeakReference<>(loader);
        }
    }

    /** Has numbers, texts and booleans for receivers, of which the platform's classes could remember who linked them. */
    public static final class Job implements Callable<List<String>> {
        @Override
        public List<String> call() throws Exception {
            return run(
                    compiled("function map(e) { let s = 0; e.l.forEach(x => { s += x; }); "
                            + "return {sum: s, text: [e.a, 1.5, !!e.l].map(x => x.toString()).join('')} }"),
                    "{\"a\":\"a\",\"l\":[1,2,3]}");
        }
    }
}
