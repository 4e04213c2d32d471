/** Whether two direct URLs lead to the same, though they are written in different ways. */

/** As pip judges: credentials, `egg=` and the order of parameters do not count, and `localhost` is this machine. */
export function isSameAddress(a: string, b: string): boolean {
  return a === b || keyOf(a) === keyOf(b)
}

function keyOf(url: string): string {
  const [address = '', fragment = ''] = url.split('#', 2)
  const [place = '', query = ''] = address.split('?', 2)
  const where = place
    .replace(/^(\w[\w+.-]*:\/\/)[^/@]*@/, '$1')
    .replace(/^file:(?:\/\/localhost(?=\/))?\/*/i, 'file:///')
  const said = new URLSearchParams(fragment)
  const kept = decisive.map((name) => said.get(name))
  return JSON.stringify([where, query.split('&').sort(), kept])
}

const decisive = ['subdirectory', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']
