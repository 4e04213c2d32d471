/** A project's page as JSON with sizes and metadata beside wheels, also of an index that answers HTML without either. */
import {
  type ProjectDetail,
  type ProjectFile,
  readProjectDetail,
  writeProjectDetailJson,
} from '@cheeseshop/packaging'

/** The answer as it is, where it is JSON. `describe` asks for what the JSON API says of the project. */
export async function asJsonPage(
  page: { readonly body: Buffer; readonly contentType: string; readonly url: string },
  describe: () => Promise<Buffer>,
): Promise<Buffer> {
  if (page.contentType.includes('json')) return page.body
  const detail = readProjectDetail(page.body.toString(), page.contentType, page.url)
  return Buffer.from(writeProjectDetailJson(complete(detail, sizesIn(await describe()))))
}

function complete(detail: ProjectDetail, sizes: ReadonlyMap<string, number>): ProjectDetail {
  const files = detail.files.map((file): ProjectFile => {
    const size = sizes.get(file.filename)
    const coreMetadata = file.coreMetadata ?? file.filename.endsWith('.whl')
    return { ...file, coreMetadata, ...(size !== undefined && { size }) }
  })
  return { ...detail, files }
}

function sizesIn(description: Buffer): Map<string, number> {
  const { releases } = JSON.parse(description.toString()) as {
    releases: Record<string, { filename: string; size: number }[]>
  }
  const files = Object.values(releases).flat()
  return new Map(files.map(({ filename, size }) => [filename, size]))
}
