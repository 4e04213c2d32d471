/** How sure a committed change is. */

/**
 * `lasting`: on the disk before it is answered. Of a `relaxed` change too everybody sees the outcome at once and no
 * crash of a process undoes it, but a power cut may take back those of the last second. It is for what can be had again.
 */
export type Durability = 'lasting' | 'relaxed'
