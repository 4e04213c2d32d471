/** Text from elsewhere, fit for a terminal. */

/** Without what a terminal would obey (escape sequences, line ends), and not longer than asked for. */
export function plainText(text: string, limit = 200): string {
  const plain = text
    .slice(0, limit * 2)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 3)}...`
}

/** Line ends and tabs, the colours that `styleText` knows, or a character that gives a terminal orders or turns text around. */
const ordersOrStyle =
  /\x1b\[(?:[0-4]|2[2-4]|3[0-79]|9[0-7])m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** What strangers wrote may stand in any line that is shown, and must not move the cursor, name the window or hide a word. */
export function withoutOrders(text: string): string {
  return text.replace(ordersOrStyle, (found) => (found.length > 1 ? found : '\ufffd'))
}
