package io.millrace.transforms.script.rhino.inside;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.mozilla.javascript.SlotMap;
import org.mozilla.javascript.SlotMapOwner;

/** Reaches where an object keeps its properties. */
final class Slots {
    private static final MethodHandle SET = method("setMap", MethodType.methodType(void.class, SlotMap.class));
    private static final MethodHandle GET = method("getMap", MethodType.methodType(SlotMap.class));

    private Slots() {}

    private static MethodHandle method(String name, MethodType type) {
        try {
            return MethodHandles.privateLookupIn(SlotMapOwner.class, MethodHandles.lookup())
                    .findVirtual(SlotMapOwner.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static void set(SlotMapOwner owner, SlotMap slots) {
        try {
            SET.invokeExact(owner, slots);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static SlotMap of(SlotMapOwner owner) {
        try {
            return (SlotMap) GET.invokeExact(owner);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
