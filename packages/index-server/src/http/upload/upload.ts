/** `POST /legacy/`: the upload that twine, uv, flit, poetry, pdm and hatch speak. */
import { beginUpload, publishFile } from '../../domain/catalog/files.ts'
import type { Upload } from '../../domain/catalog/publish/upload.ts'
import { requireUploader } from '../../domain/indexes/member-role.ts'
import { authenticate } from '../../domain/trust/authenticate.ts'
import { bodyOf, invite } from '../body.ts'
import { readCredentials } from '../credentials.ts'
import { HttpError } from '../http-error.ts'
import { openIndex, requireTree } from '../open-index.ts'
import { placeOf } from '../place.ts'
import { textReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { readUpload, type UploadLimits } from './read-upload.ts'
import { UploadGate } from './upload-gate.ts'

export function upload(site: Site): Surface {
  const { domain, config } = site
  const gate = new UploadGate({ uploads: config.maxUploads, bytes: config.maxStagedSize })
  return async (call) => {
    const identity = await authenticate(domain, readCredentials(call))
    // Before the body: nobody should send a gigabyte to hear that uploads are off.
    const fileSize = await beginUpload(domain, identity)
    const { index } = await requireTree(domain, placeOf(call.req.raw).index)
    await requireUploader(domain, index, identity)
    refuseTooLong(call, fileSize + config.maxFormSize)
    using slot = gate.enter()
    const received = await receive(site, call, { fileSize, grow: slot.grow })
    const published = await publishFile(domain, identity, { ...received, index: index.id })
    const warnings = published.warnings.map((warning) => `${warning}\n`).join('')
    return textReply(200, warnings, { 'x-pypi-last-serial': String(published.serial) })
  }
}

async function receive(
  { domain, config }: Site,
  call: Call,
  limits: Pick<UploadLimits, 'fileSize' | 'grow'>,
): Promise<Upload> {
  invite(call)
  const body = { body: bodyOf(call), contentType: call.req.header('content-type') }
  const received = await readUpload(body, domain.blobs, {
    ...limits,
    formSize: config.maxFormSize,
    formFields: config.maxFormFields,
    idleTimeout: config.idleTimeout,
  })
  const action = received.fields.get(':action')?.[0]
  if (action !== 'file_upload') {
    await received.content?.blob.discard()
    throw wrongAction(action)
  }
  const userAgent = call.req.header('user-agent')
  return userAgent === undefined ? received : { ...received, userAgent: userAgent.slice(0, 200) }
}

/** `GET /legacy/`: what somebody sees who opens the upload URL in a browser. */
export function uploadHelp(site: Site): Surface {
  return async (call) => {
    const { place } = await openIndex(site, call)
    const url = `${site.addresses.baseUrl(call.req.url, call.env.incoming)}${place.prefix}/legacy/`
    return textReply(
      200,
      `This is where twine, uv and other tools upload to. It takes POST requests with an API token:

  twine upload --repository-url ${url} dist/*
  uv publish --publish-url ${url} dist/*

The username is __token__ and the password is the token.
`,
    )
  }
}

function refuseTooLong(call: Call, most: number): void {
  const length = Number(call.req.header('content-length') ?? 0)
  // The form around the file takes some room too; what it takes exactly is counted as it is read.
  if (length <= most + 1_000_000) return
  throw new HttpError(
    413,
    'file-too-large',
    `The upload has ${length} bytes; this index accepts files of at most ${most} bytes (its setting max-file-size).`,
  )
}

const retired = ['submit', 'submit_pkg_info', 'doc_upload']

function wrongAction(action: string | undefined): HttpError {
  if (action === undefined) {
    return new HttpError(
      400,
      'action-missing',
      'The form has no field ":action"; an upload says file_upload.',
    )
  }
  if (retired.includes(action)) {
    return new HttpError(
      410,
      'action-retired',
      `The action ${action} is no longer needed: upload the file alone, with file_upload.`,
    )
  }
  return new HttpError(
    400,
    'action-unknown',
    `The action ${JSON.stringify(action.slice(0, 80))} is not known here; an upload says file_upload.`,
  )
}
