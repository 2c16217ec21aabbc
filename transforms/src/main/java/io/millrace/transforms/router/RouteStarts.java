package io.millrace.transforms.router;

import io.millrace.transforms.event.Origin;
import java.io.Serializable;
import java.util.Set;

/** Where routes begin that are not to see all that is read: what lies before is none of theirs, whatever their filters say. */
@FunctionalInterface
public interface RouteStarts extends Serializable {

    /** The names of the routes that begin behind an event of this origin; asked for every event. */
    Set<String> behind(Origin origin);
}
