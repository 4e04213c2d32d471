/** Text from elsewhere, fit for a terminal. */

/** Without what a terminal would obey (escape sequences, line ends), and not longer than asked for. */
export function plainText(text: string, limit = 200): string {
  const plain = text
    .slice(0, limit * 2)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 3)}...`
}
