package io.millrace.transforms.script.rhino.inside;

import java.util.ArrayList;
import java.util.List;
import jdk.dynalink.linker.GuardedInvocation;
import jdk.dynalink.linker.GuardingDynamicLinker;
import jdk.dynalink.linker.LinkRequest;
import jdk.dynalink.linker.LinkerServices;
import jdk.dynalink.linker.TypeBasedGuardingDynamicLinker;
import org.jspecify.annotations.Nullable;

/**
 * Asks linkers in turn. Woven in for the platform's own, which remembers them with each class of a receiver, {@code Integer} for one, and
 * so would hold this module's loader as long as the machine runs.
 */
public final class UncachedLinker implements GuardingDynamicLinker {
    private final List<TypeBasedGuardingDynamicLinker> linkers = new ArrayList<>();

    public UncachedLinker(Iterable<? extends TypeBasedGuardingDynamicLinker> linkers) {
        linkers.forEach(this.linkers::add);
    }

    @Override
    public @Nullable GuardedInvocation getGuardedInvocation(LinkRequest request, LinkerServices services)
            throws Exception {
        Object receiver = request.getReceiver();
        if (receiver == null) {
            return null;
        }
        for (TypeBasedGuardingDynamicLinker linker : linkers) {
            if (linker.canLinkType(receiver.getClass())) {
                GuardedInvocation invocation = linker.getGuardedInvocation(request, services);
                if (invocation != null) {
                    return invocation;
                }
            }
        }
        return null;
    }
}
