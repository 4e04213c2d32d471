/** A page from the words of an index, with a table of its files. */
import {
  type NormalizedName,
  type ProjectDetail,
  type ProjectFile,
  readListedFile,
} from '@cheeseshop/packaging'
import { FileTable, type TabledPage } from './file-table.ts'
import { listSimplePage, readSimplePage, type SimplePage } from './simple-page.ts'

/** Makes no value of a file that nobody asks for, where the page lets it. Throws as `readSimplePage` does. */
export function readTabledPage(name: NormalizedName, page: SimplePage): TabledPage {
  const listed = listSimplePage(page)
  if (listed === undefined) return tabled(name, readSimplePage(page))
  const { starts, ends, ...columns } = listed.files
  const { body: bytes, url } = page
  const baseUrl = url.href
  const table = FileTable.ofColumns(name, columns, (place) =>
    readListedFile(bytes.toString('utf8', starts[place], ends[place]), baseUrl),
  )
  const written = { bytes, starts, ends, baseUrl }
  return { detail: withFiles(listed.detail, table), table, written }
}

export function tabled(name: NormalizedName, detail: ProjectDetail): TabledPage {
  return { detail, table: FileTable.of(name, detail.files) }
}

/** Most who ask for a page look at few of its files. */
export function withFiles(detail: Omit<ProjectDetail, 'files'>, table: FileTable): ProjectDetail {
  let files: readonly ProjectFile[] | undefined
  return {
    ...detail,
    get files() {
      files ??= table.files()
      return files
    },
  }
}
