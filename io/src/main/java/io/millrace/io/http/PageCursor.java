package io.millrace.io.http;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.view.FullPublish;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import org.jspecify.annotations.Nullable;

/**
 * Where a page is and what came before it. As text: {@code 1}, which publish, pages, entries, mark and address, with a {@code :} between.
 *
 * <p>A circle is found by Brent's algorithm, which needs to remember one page: that whose number was the last power of two.
 *
 * @param pages how many pages came before it
 * @param entries how many entries were on them
 * @param mark the fingerprint of the address that is remembered
 * @param address its own
 */
record PageCursor(long pages, long entries, String mark, String address) {
    private static final String VERSION = "1";
    private static final int PARTS = 6;

    /** The page that a cursor leads to. */
    static PageCursor read(String cursor, PageAddresses addresses) throws BrokenOffException {
        if (cursor.equals(FullPublish.BEGINNING)) {
            return new PageCursor(0, 0, PageAddresses.fingerprint(addresses.first()), addresses.first());
        }
        String[] parts = cursor.split(":", PARTS);
        if (!parts[0].equals(VERSION)) {
            throw new BrokenOffException(addresses.place() + " cannot be gone on with: its cursor must begin with '"
                    + VERSION + ":', which this release reads and writes");
        }
        if (parts.length == PARTS && !parts[1].equals(addresses.fingerprint())) {
            throw new BrokenOffException(addresses.place()
                    + " cannot be gone on with: url, items, next or nextParameter were others when it was begun");
        }
        try {
            checkArgument(parts.length == PARTS && parts[PARTS - 1].startsWith("/"));
            return new PageCursor(Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4], parts[5]);
        } catch (IllegalArgumentException e) {
            throw new BrokenOffException(addresses.place() + " cannot be gone on with: its cursor cannot be read", e);
        }
    }

    PageCursor {
        checkArgument(pages >= 0 && entries >= 0, "a page must come after at least none");
    }

    boolean isFirst() {
        return pages == 0;
    }

    /** The page behind this one; null where that is one that was read before. */
    @Nullable PageCursor next(String address, int entries) {
        String fingerprint = PageAddresses.fingerprint(address);
        if (fingerprint.equals(mark) || address.equals(this.address)) {
            return null;
        }
        long pages = this.pages + 1;
        boolean isRemembered = Long.bitCount(pages) == 1;
        return new PageCursor(pages, this.entries + entries, isRemembered ? fingerprint : mark, address);
    }

    /** Its text, for a publish. */
    String text(PageAddresses addresses) {
        return String.join(
                ":", VERSION, addresses.fingerprint(), String.valueOf(pages), String.valueOf(entries), mark, address);
    }
}
