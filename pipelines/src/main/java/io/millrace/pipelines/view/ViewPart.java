package io.millrace.pipelines.view;

import io.millrace.devinterface.spec.ProjectSpec;
import io.millrace.devinterface.spec.ViewChangesSpec;
import io.millrace.devinterface.spec.ViewPublishSpec;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.expression.TimeExpression;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A part of a view's spec, its changes of one kind or its full publish: what an event of it changes.
 *
 * @param place where it stands, for messages
 * @param filter which events are of it; null for all
 * @param key the key that is changed
 * @param item the item of the key; null where a key has one
 * @param keep what an item is; null for the whole document
 * @param removes which events remove their item; null for none
 * @param version the version of an event; null for the one that it has otherwise
 */
record ViewPart(
        String place,
        @Nullable Filter filter,
        TextExpression key,
        @Nullable TextExpression item,
        @Nullable Projection keep,
        @Nullable Filter removes,
        @Nullable TimeExpression version)
        implements Serializable {

    static ViewPart of(String place, ViewChangesSpec changes) {
        return new ViewPart(
                place,
                changes.filter(),
                changes.key(),
                changes.item(),
                projection(changes.keep()),
                changes.removes(),
                changes.version());
    }

    static ViewPart of(String place, ViewPublishSpec publish) {
        return new ViewPart(
                place, publish.filter(), publish.key(), publish.item(), projection(publish.keep()), null, null);
    }

    private static @Nullable Projection projection(@Nullable ProjectSpec keep) {
        return keep == null ? null : keep.projection();
    }
}
