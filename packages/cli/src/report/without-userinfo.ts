/** URLs as they may be written down for everybody. */

/** Without user and password, which stand in URLs of private indexes. What is no URL comes back as it is. */
export function withoutUserinfo(text: string): string {
  const url = URL.parse(text)
  if (url === null) return text
  url.username = ''
  url.password = ''
  return url.href
}
