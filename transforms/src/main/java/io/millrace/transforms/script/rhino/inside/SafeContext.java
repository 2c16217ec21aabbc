package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.rhino.WovenLoader;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.ErrorReporter;
import org.mozilla.javascript.Evaluator;
import org.mozilla.javascript.GeneratedClassLoader;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.WrapFactory;
import org.mozilla.javascript.lc.type.TypeInfo;

/** What a script runs in for one event: no Java, no code from text, the same time zone and locale everywhere. */
final class SafeContext extends Context {
    static final ContextFactory FACTORY = new Factory();

    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
    private static final WrapFactory NOTHING_OF_JAVA = new NothingOfJava();

    private SafeContext(ContextFactory factory) {
        super(factory);
        setLanguageVersion(VERSION_ECMASCRIPT);
        setLocale(Locale.ROOT);
        setTimeZone(UTC);
        setClassShutter(name -> false);
        setWrapFactory(NOTHING_OF_JAVA);
    }

    /** Refuses {@code eval}, {@code new Function(text)} and all that is like them. */
    @Override
    protected Object compileImpl(
            @Nullable Scriptable scope,
            String source,
            String name,
            int line,
            @Nullable Object securityDomain,
            boolean returnFunction,
            @Nullable Evaluator compiler,
            @Nullable ErrorReporter reporter,
            @Nullable Consumer<CompilerEnvirons> settings) {
        throw ScriptRuntime.typeError("a text cannot be made into code");
    }

    private static final class Factory extends ContextFactory {
        @Override
        protected Context makeContext() {
            return new SafeContext(this);
        }

        @Override
        protected boolean hasFeature(Context context, int feature) {
            return switch (feature) {
                case FEATURE_RESERVED_KEYWORD_AS_IDENTIFIER, FEATURE_ENUMERATE_IDS_FIRST -> true;
                default -> false;
            };
        }

        @Override
        protected GeneratedClassLoader createClassLoader(ClassLoader parent) {
            return new ScriptLoader(SafeContext.class.getClassLoader());
        }
    }

    private static final class ScriptLoader extends ClassLoader implements GeneratedClassLoader {
        ScriptLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Class<?> defineClass(String name, byte[] bytes) {
            byte[] woven = WovenLoader.weave(bytes);
            return defineClass(name, woven, 0, woven.length);
        }

        @Override
        public void linkClass(Class<?> type) {
            resolveClass(type);
        }
    }

    private static final class NothingOfJava extends WrapFactory {
        @Override
        public Object wrap(Context context, Scriptable scope, @Nullable Object object, TypeInfo type) {
            throw refused();
        }

        @Override
        public Scriptable wrapNewObject(Context context, Scriptable scope, Object object) {
            throw refused();
        }

        @Override
        public Scriptable wrapAsJavaObject(Context context, Scriptable scope, Object object, TypeInfo type) {
            throw refused();
        }

        private static IllegalStateException refused() {
            return new IllegalStateException("an object of Java must not reach a script");
        }
    }
}
