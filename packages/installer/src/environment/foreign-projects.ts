/** Whether an installed project is for another machine or Python than the one it is on. */
import { parseTag, type Tag } from '@cheeseshop/packaging'
import type { InstalledProject } from './installed-project.ts'

/** By the tags that its WHEEL was made for; one without any may be for all. */
export function isForeign(project: InstalledProject, supported: readonly Tag[]): boolean {
  const lines = project.readFile('WHEEL')?.match(/^Tag:.*$/gim) ?? []
  const tags = lines.flatMap((line) => readTags(line.slice('Tag:'.length).trim()))
  const isOurs = (tag: Tag) =>
    supported.some(
      (each) =>
        each.interpreter === tag.interpreter &&
        each.abi === tag.abi &&
        each.platform === tag.platform,
    )
  return tags.length > 0 && !tags.some(isOurs)
}

function readTags(text: string): Tag[] {
  try {
    return parseTag(text)
  } catch {
    return []
  }
}
