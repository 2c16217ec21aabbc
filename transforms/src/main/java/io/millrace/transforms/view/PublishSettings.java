package io.millrace.transforms.view;

import java.io.Serializable;

/**
 * When full publishes begin, and how they are read.
 *
 * @param everyMillis how long after one the next begins; {@link ShardStatus#NEVER} for not by itself
 * @param lagMillis how old what is read can be
 * @param entriesPerSecond how many entries a second are read at most; infinite for no limit
 * @param giveUpMillis for how long a page is tried
 * @param atOnce whether one is read to its end as soon as it begins, by input that ends
 */
record PublishSettings(long everyMillis, long lagMillis, double entriesPerSecond, long giveUpMillis, boolean atOnce)
        implements Serializable {}
