/** What an export has and an index of ours does not: each with a word, so that nobody looks for it in vain. */
import type { ImportTools } from '../import-files.ts'
import type { DevpiExport } from './devpi-export.ts'
import type { PlacedIndex } from './place-indexes.ts'

const typeNames = new Map([
  ['doczip', 'archives of documentation'],
  ['toxresult', 'test results'],
])

export function tellWhatIsLeft(
  { indexes }: DevpiExport,
  placed: readonly PlacedIndex[],
  { onRemark = () => {} }: ImportTools,
): void {
  for (const { devpi, path } of placed) {
    for (const [type, count] of devpi.leftOut) {
      const what = typeNames.get(type) ?? `files of the type ${JSON.stringify(type.slice(0, 40))}`
      onRemark(`${devpi.name}: ${what} (${count}) were left out; there is no place for them here.`)
    }
    if (devpi.isMirror && devpi.files.length > 0) {
      onRemark(
        `${devpi.name}: ${devpi.files.length} mirrored files were left out; they come again when they are asked for.`,
      )
    }
    if (devpi.isVolatile && devpi.files.length > 0) {
      onRemark(
        `${devpi.name} was volatile: here a filename stands for the same bytes for ever, so new builds need new versions.`,
      )
    }
    for (const name of devpi.mergedNames) {
      onRemark(
        name === '*'
          ? `${devpi.name} showed files of mirrors beside uploads of every name. Here that is decided name by name: cheeseshop origin ${path} NAME both`
          : `${devpi.name} showed files of mirrors beside uploads of ${name}. If that is still wanted: cheeseshop origin ${path} ${name} both`,
      )
    }
  }
  const others = indexes.filter((index) => !placed.some(({ devpi }) => devpi === index))
  if (others.length > 0) onRemark(`Not asked for: ${others.map(({ name }) => name).join(', ')}.`)
}
