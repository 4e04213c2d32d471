/** Reads requirements in pip's format, as far as an index can follow them: one a line, with comments and hashes. */
import { parseRequirement } from '@cheeseshop/packaging'
import { DomainError } from '../../errors.ts'
import type { WantedRequirement } from './resolve-files.ts'

/** `origin` is for messages. Options of installers are left out; files within files are refused by name. */
export function readRequirementsText(text: string, origin: string): WantedRequirement[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
  return lines.flatMap((line, at) => {
    const content = line
      .replace(/(^|\s)#.*$/, '')
      .replace(/\s--(hash|config-settings?)[= ].*$/, '')
      .trim()
    const where = `${origin}, line ${at + 1}`
    if (/^(-r|-c|-e|--requirement|--constraint|--editable)\b/.test(content)) {
      throw new DomainError('invalid', `${where}: ${content.slice(0, 100)} leads out of the file.`)
    }
    if (content === '' || content.startsWith('-')) return []
    return [{ requirement: readOne(content, where), origin: where }]
  })
}

function readOne(text: string, where: string) {
  try {
    return parseRequirement(text)
  } catch (error) {
    throw new DomainError('invalid', `${where}: ${(error as Error).message}`)
  }
}
