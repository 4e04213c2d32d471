/** Quotes a foreign value for an error message: escaped, and cut when long. */
export function quoted(value: string): string {
  return value.length <= longest
    ? JSON.stringify(value)
    : `${JSON.stringify(value.slice(0, longest))}... (${value.length} characters)`
}

const longest = 80
