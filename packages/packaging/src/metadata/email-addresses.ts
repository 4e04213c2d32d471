/** The `Author-email` and `Maintainer-email` fields: RFC 822 address lists. */

/** What is wrong with a list of addresses such as `"C. Schultz" <cs@example.com>, snoopy@example.com`, or undefined. */
export function emailProblem(text: string): string | undefined {
  const addresses = splitAddresses(text)
  if (addresses.length === 0) return 'has no e-mail address. Give one or leave the field out.'
  const wrong = addresses.find((address) => !isAddress(address))
  if (wrong === undefined) return undefined
  return `has ${JSON.stringify(wrong.slice(0, 80))} where an e-mail address such as "name@example.org" belongs.`
}

/** The addresses of a list, without the names around them. Commas in quotes belong to the name. */
function splitAddresses(text: string): string[] {
  const addresses: string[] = []
  let name = ''
  let address: string | undefined
  const finish = () => {
    const found = (address ?? name).trim()
    if (found !== '' || name.trim() !== '') addresses.push(found)
    name = ''
    address = undefined
  }
  // A quoted string, an address in angle brackets, a comma, or one other character.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.){0,200}"|<[^<>]*>|,|[\s\S]/g)) {
    if (token === ',') finish()
    else if (token.length > 1 && token.startsWith('<')) address = token.slice(1, -1)
    else name += token
  }
  finish()
  return addresses
}

/** One "@" with something on both sides and a dot in the domain: what mail can be sent to, not all that RFC 5322 allows. */
function isAddress(text: string): boolean {
  if (text.length > 254) return false
  return /^[^\s@<>,;:()[\]"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(
    text,
  )
}
