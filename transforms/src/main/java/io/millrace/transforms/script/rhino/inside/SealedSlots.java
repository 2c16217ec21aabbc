package io.millrace.transforms.script.rhino.inside;

import java.util.Iterator;
import org.mozilla.javascript.CompoundOperationMap;
import org.mozilla.javascript.Slot;
import org.mozilla.javascript.SlotMap;
import org.mozilla.javascript.SlotMapOwner;

/** The properties of a sealed object, which can be read alone: what Rhino calls sealed lets {@code Object.defineProperty} pass. */
final class SealedSlots implements SlotMap {
    private final SlotMap slots;

    SealedSlots(SlotMap slots) {
        this.slots = slots;
    }

    @Override
    public Slot query(Object key, int index) {
        return slots.query(key, index);
    }

    @Override
    public int size() {
        return slots.size();
    }

    @Override
    public boolean isEmpty() {
        return slots.isEmpty();
    }

    @Override
    public int dirtySize() {
        return slots.dirtySize();
    }

    @Override
    public Iterator<Slot> iterator() {
        return slots.iterator();
    }

    @Override
    public Slot modify(SlotMapOwner owner, Object key, int index, int attributes) {
        throw Sealed.refused();
    }

    @Override
    public <S extends Slot> S compute(
            SlotMapOwner owner, CompoundOperationMap operation, Object key, int index, SlotComputer<S> computer) {
        throw Sealed.refused();
    }

    @Override
    public void add(SlotMapOwner owner, Slot slot) {
        throw Sealed.refused();
    }
}
