/** Reads .netrc files, as Python's `netrc` module understands them. */

export interface NetrcEntry {
  readonly login: string
  readonly password: string
}

/** By machine name; `default` is the key ''. What cannot be understood is passed over. */
export function parseNetrc(text: string): ReadonlyMap<string, NetrcEntry> {
  const entries = new Map<string, NetrcEntry>()
  const tokens = tokenize(text)
  let current: { machine: string; login: string; password: string } | undefined
  const finish = () => {
    // The first entry of a machine counts.
    if (current !== undefined && !entries.has(current.machine)) {
      entries.set(current.machine, { login: current.login, password: current.password })
    }
  }
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at]!
    if (word === 'machine' || word === 'default') {
      finish()
      const machine = word === 'default' ? '' : (tokens[++at] ?? '').toLowerCase()
      current = { machine, login: '', password: '' }
    } else if (current !== undefined && (word === 'login' || word === 'user')) {
      current.login = tokens[++at] ?? ''
    } else if (current !== undefined && word === 'password') {
      current.password = tokens[++at] ?? ''
    } else if (word === 'account') at++
  }
  finish()
  return entries
}

/** Words, quoted ones unquoted; comments and macro definitions (up to an empty line) left out. */
function tokenize(text: string): string[] {
  const tokens: string[] = []
  let isMacro = false
  for (const line of text.split(/\r?\n/)) {
    if (isMacro) {
      isMacro = line.trim() !== ''
      continue
    }
    for (const [word] of line.matchAll(/"(?:[^"\\]|\\.)*"|\S+/g)) {
      if (word.startsWith('#') && !isValue(tokens)) break
      if (word === 'macdef' && !isValue(tokens)) {
        isMacro = true
        break
      }
      tokens.push(unquote(word))
    }
  }
  return tokens
}

/** Whether the next word is a value: passwords may start with "#". */
function isValue(tokens: readonly string[]): boolean {
  return /^(machine|login|user|password|account)$/.test(tokens.at(-1) ?? '')
}

function unquote(word: string): string {
  const inside = word.length > 1 && word.startsWith('"') && word.endsWith('"')
  return (inside ? word.slice(1, -1) : word).replace(/\\(.)/g, '$1')
}
