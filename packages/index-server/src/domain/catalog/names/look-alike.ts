/** Folds a name so that names people confuse come out equal. */

/** `Foo_1L` -> `foo111`-like text: no separators, one letter for each group of confusable ones. */
export function lookAlikeKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[._-]+/g, '')
    .replace(/[il]/g, '1')
    .replace(/o/g, '0')
}
