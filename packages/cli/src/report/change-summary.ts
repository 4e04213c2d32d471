/** What changed in an environment, one line a project: `+ flask 3.1.2`, `~ werkzeug 3.1.3 -> 3.1.4`, `- old 1.0`. */

import type { Plan } from '@cheeseshop/installer'
import type { Printer } from './printer.ts'
import { withoutUserinfo } from './without-userinfo.ts'

export function printChanges(printer: Printer, plan: Plan): void {
  for (const { line } of changeLines(printer, plan).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    printer.info(line)
  }
}

function changeLines(
  printer: Printer,
  { install, remove }: Plan,
): { name: string; line: string }[] {
  const bold = (text: string) => printer.style('bold', text)
  const installed = install.map(({ pin, replaces }) => {
    const { name, version, url } = pin.candidate
    const from =
      url === undefined
        ? ''
        : printer.style('dim', ` (from ${withoutUserinfo(url.split('#')[0]!)})`)
    if (replaces === undefined) {
      return { name, line: `${printer.style('green', '+')} ${bold(name)} ${version}${from}` }
    }
    const isSame = replaces.version.sortKey === version.sortKey
    const change = isSame ? `${version}` : `${replaces.writtenVersion} -> ${version}`
    return { name, line: `${printer.style('yellow', '~')} ${bold(name)} ${change}${from}` }
  })
  const removed = remove.map(({ name, writtenVersion: version }) => {
    return { name: name as string, line: `${printer.style('red', '-')} ${bold(name)} ${version}` }
  })
  return [...installed, ...removed]
}
