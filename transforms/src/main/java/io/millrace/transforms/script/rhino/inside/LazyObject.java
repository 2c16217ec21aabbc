package io.millrace.transforms.script.rhino.inside;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompoundOperationMap;
import org.mozilla.javascript.EmbeddedSlotMap;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.Slot;
import org.mozilla.javascript.SlotMap;
import org.mozilla.javascript.SlotMapOwner;
import org.mozilla.javascript.TopLevel.Builtins;

/**
 * An object whose members are made when they are read. Anything but reading a member by its name first makes all of them, and from
 * then on it is an object like any other.
 */
abstract class LazyObject extends NativeObject {
    private static final long serialVersionUID = 1;

    /** With more members a table of slots finds one faster. */
    private static final int MANY = 100;

    private boolean pending = true;

    LazyObject(EventScope scope) {
        setParentScope(scope);
        setPrototype(scope.getBuiltinPrototype(Builtins.Object));
        Slots.set(this, new Pending(this));
    }

    /** How many members there are; a name may repeat, and then the last one counts. */
    abstract int count();

    /** The last member of a name, or -1. */
    abstract int find(String name);

    abstract String name(int member);

    /** The value of a member, the same object each time. */
    abstract @Nullable Object value(int member);

    /** Whether nothing but reading has happened. */
    final boolean isPending() {
        return pending;
    }

    @Override
    public @Nullable Object get(String name, Scriptable start) {
        if (pending && count() > MANY) {
            makeReal();
        }
        if (!pending) {
            return super.get(name, start);
        }
        int member = find(name);
        return member < 0 ? NOT_FOUND : value(member);
    }

    @Override
    public boolean has(String name, Scriptable start) {
        return pending ? find(name) >= 0 : super.has(name, start);
    }

    @Override
    public boolean preventExtensions() {
        makeReal();
        return super.preventExtensions();
    }

    @Override
    public void sealObject() {
        makeReal();
        super.sealObject();
    }

    /** Makes all members, which are properties from then on. */
    final void makeReal() {
        if (!pending) {
            return;
        }
        Object[] values = new Object[count()];
        for (int member = 0; member < values.length; member++) {
            values[member] = value(member);
        }
        pending = false;
        Slots.set(this, new EmbeddedSlotMap());
        for (int member = 0; member < values.length; member++) {
            String name = name(member);
            long index = ScriptRuntime.indexFromString(name);
            if (index < 0) {
                put(name, this, values[member]);
            } else {
                put((int) index, this, values[member]);
            }
        }
    }

    /** In the place of the slots until somebody asks for them. */
    private static final class Pending implements SlotMap {
        private final LazyObject object;

        Pending(LazyObject object) {
            this.object = object;
        }

        private SlotMap real() {
            object.makeReal();
            return Slots.of(object);
        }

        @Override
        public int size() {
            return real().size();
        }

        @Override
        public boolean isEmpty() {
            return real().isEmpty();
        }

        @Override
        public Slot modify(SlotMapOwner owner, Object key, int index, int attributes) {
            return real().modify(owner, key, index, attributes);
        }

        @Override
        public Slot query(Object key, int index) {
            return real().query(key, index);
        }

        @Override
        public <S extends Slot> S compute(
                SlotMapOwner owner, CompoundOperationMap operation, Object key, int index, SlotComputer<S> computer) {
            return real().compute(owner, operation, key, index, computer);
        }

        @Override
        public void add(SlotMapOwner owner, Slot slot) {
            real().add(owner, slot);
        }

        @Override
        public int dirtySize() {
            return real().dirtySize();
        }

        @Override
        public CompoundOperationMap startCompoundOp(SlotMapOwner owner, boolean forWriting) {
            return real().startCompoundOp(owner, forWriting);
        }

        @Override
        public Iterator<Slot> iterator() {
            return real().iterator();
        }
    }
}
