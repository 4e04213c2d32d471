import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { type Script, serve, temporaryFolder } from '@cheeseshop/testing'
import { failure, opened } from '../testing/opened.ts'
import type { UploadFile } from './multipart.ts'
import type { UploadTarget } from './upload.ts'
import { UploadRefused } from './upload-answer.ts'

const content = randomBytes(200_000)
const file = { filename: 'demo-1.0.tar.gz', content }
const form: [string, string][] = [
  [':action', 'file_upload'],
  ['name', 'demo'],
  ['classifiers', 'A'],
  ['classifiers', 'B :: "C"\r\n--x'],
  ['summary', 'naïve ☃'],
]

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await request.toArray())
}

/** What a standard reader makes of what was sent. */
async function readForm(request: IncomingMessage): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const body = await bodyOf(request)
  assert.equal(Number(request.headers['content-length']), body.length)
  return await new Response(new Uint8Array(body), { headers }).formData()
}

async function upload(script: Script, more: Partial<UploadTarget> = {}, what: UploadFile = file) {
  await using server = await serve(script)
  using index = opened({})
  const progress: [number, number][] = []
  const target = { url: `${server.url}/legacy/`, ...more }
  const result = await index.client
    .upload(target, form, what, (sent, total) => progress.push([sent, total]))
    .catch((error) => error)
  return {
    result,
    progress,
    requests: server.requests,
    paths: server.paths(),
    events: index.events,
  }
}

const accept: Script = (request, response) => {
  request.resume().on('end', () => response.end('thanks\n'))
}

test('the form arrives field by field with the file last, and its length is said', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('file'), content)
  for (const source of [content, folder.join('file')]) {
    let read: FormData | undefined
    const { result } = await upload(
      async (request, response) => {
        read = await readForm(request)
        response.end()
      },
      {},
      { filename: 'demo "1".tar.gz', content: source },
    )
    assert.deepEqual(result, { status: 200, message: '' })
    const fields = [...read!].filter((field): field is [string, string] => field[0] !== 'content')
    assert.deepEqual(fields, form)
    const sent = read!.get('content') as File
    assert.match(sent.name, /^demo ("|%22)1("|%22)\.tar\.gz$/)
    assert.deepEqual(Buffer.from(await sent.arrayBuffer()), content)
    assert.equal([...read!.keys()].at(-1), 'content')
  }
})

test('progress goes up to the whole, and the words of the index come back', async () => {
  const { result, progress, events } = await upload(accept)
  assert.equal(result.message, 'thanks')
  const [sent, total] = progress.at(-1)!
  assert.equal(sent, total)
  assert.ok(progress.length > 3)
  assert.equal(events.filter(({ type }) => type === 'upload').length, progress.length)
})

test('credentials go as Basic or Bearer, else as they are known for the host', async () => {
  const basic = { username: '__token__', password: 'secret' }
  const token = await upload(accept, { credentials: basic })
  const encoded = Buffer.from('__token__:secret').toString('base64')
  assert.equal(token.requests[0]!.headers.authorization, `Basic ${encoded}`)
  const bearer = await upload(accept, { credentials: { bearer: 'abc' } })
  assert.equal(bearer.requests[0]!.headers.authorization, 'Bearer abc')
  await using server = await serve(accept)
  using index = opened({})
  await index.client.upload({ url: server.url.replace('//', '//me:x@') }, form, file)
  assert.match(server.requests[0]!.headers.authorization ?? '', /^Basic /)
  assert.doesNotMatch(JSON.stringify(index.events), /me:x/)
})

const refusals: Record<string, [string, string, RegExp]> = {
  'problem details': [
    'application/problem+json',
    JSON.stringify({
      title: 'Bad Request',
      detail: 'both',
      errors: [{ code: 'a', detail: 'First.', field: 'name' }, { detail: 'Second.' }],
    }),
    /400: First\.\nSecond\.$/,
  ],
  'JSON with a message': [
    'application/json',
    '{"message":"No such project."}',
    /No such project\.$/,
  ],
  'JSON with a code only': ['application/json', '{"code":"quota"}', /quota$/],
  'JSON that is broken': ['application/json', '{"mess', /400: The reason phrase$/],
  'JSON that is null': ['application/json', 'null', /The reason phrase$/],
  text: ['text/plain; charset=utf-8', 'One.\nTwo.\n', /400: One\.\nTwo\.$/],
  HTML: [
    'text/html',
    '<html><style>a{}</style><head><title>400 Bad</title></head><body><p>The file <b>is</b> wrong.</p><script>no</script>',
    /400 Bad The file is wrong\.$/,
  ],
  nothing: ['text/plain', '', /400: The reason phrase$/],
}
for (const [name, [type, body, expected]] of Object.entries(refusals)) {
  test(`a refusal as ${name} is told in full`, async () => {
    const { result } = await upload((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(400, 'The reason phrase', { 'content-type': type }).end(body)
      })
    })
    assert.ok(result instanceof UploadRefused)
    assert.equal(result.status, 400)
    assert.equal(result.code, 'upload-refused')
    assert.match(result.message, expected)
    assert.doesNotMatch(result.message, /a\{\}|<|no$/)
  })
}

test('the problems of a refusal keep their codes and fields', async () => {
  const [type, body] = refusals['problem details']!
  const { result } = await upload((request, response) => {
    request.resume().on('end', () => response.writeHead(400, { 'content-type': type }).end(body))
  })
  assert.deepEqual(result.problems, [
    { code: 'a', message: 'First.', field: 'name' },
    { message: 'Second.' },
  ])
})

for (const [status, body, isDuplicate] of [
  [400, 'File already exists. See ...', true],
  [409, 'conflict', true],
  [400, 'something else', false],
  [403, 'already exists', false],
] as const) {
  test(`${status} ${body} ${isDuplicate ? 'means' : 'does not mean'} that the file is there`, async () => {
    const { result, requests } = await upload((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(body))
    })
    assert.equal(result.isDuplicate, isDuplicate)
    assert.equal(requests.length, 1)
  })
}

for (const [status, hint] of [
  [401, /API token/],
  [403, /do not allow this upload/],
  [404, /\/legacy\//],
  [405, /\/legacy\//],
  [500, /later/],
] as const) {
  test(`${status} comes with what to do`, async () => {
    const { result } = await upload((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end())
    })
    assert.match(result.hint, hint)
  })
}

test('an answer before the end of a long upload ends it, and spoils nothing that follows', async () => {
  const long = { filename: 'demo-1.0.tar.gz', content: Buffer.alloc(60_000_000) }
  let received = 0
  let release = () => {}
  const isOver = new Promise<void>((resolve) => {
    release = resolve
  })
  await using server = await serve((request, response, count) => {
    if (count > 0) return void request.resume().on('end', () => response.end('thanks'))
    request.on('data', ({ length }: Buffer) => {
      received += length
    })
    request.on('end', release).socket.on('close', release)
    response.writeHead(401).end('Wrong token.')
  })
  using index = opened({})
  const target = { url: server.url }
  const error = await failure(index.client.upload(target, form, long))
  assert.match(error.message, /401: Wrong token\.$/)
  assert.equal((await index.client.upload(target, form, file)).message, 'thanks')
  assert.equal(server.requests.length, 2)
  await isOver
  assert.ok(received < long.content.length, 'the rest was not sent')
})

test('a redirect to something else than an upload is no success', async () => {
  const { result, requests } = await upload((request, response) => {
    request.resume().on('end', () => response.writeHead(303, { location: '/done' }).end())
  })
  assert.equal(result.status, 303)
  assert.equal(requests.length, 1)
})

test('a redirect inside the host sends the form again, with its credentials', async () => {
  const credentials = { username: 'me', password: 'secret' }
  for (const status of [301, 302, 307, 308]) {
    let read: FormData | undefined
    const { result, requests } = await upload(
      async (request, response, count) => {
        if (count === 0) {
          request
            .resume()
            .on('end', () => response.writeHead(status, { location: '/legacy' }).end())
        } else {
          read = await readForm(request)
          response.end()
        }
      },
      { credentials },
    )
    assert.equal(result.status, 200)
    assert.equal([...read!].length, form.length + 1)
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ['POST /legacy/', 'POST /legacy'],
    )
    assert.ok(requests[1]!.headers.authorization)
  }
})

test('a redirect to another host is refused, and nothing is sent there', async () => {
  await using other = await serve(accept)
  const { result } = await upload((request, response) => {
    request.resume().on('end', () => response.writeHead(308, { location: other.url }).end())
  })
  assert.equal(result.code, 'redirect')
  assert.match(result.message, /uploads go only where they were sent/)
  assert.equal(other.requests.length, 0)
})

test('an index that restarts is tried again, one that fails is not', async () => {
  for (const [status, tries] of [
    [503, 3],
    [500, 1],
  ] as const) {
    const { result, requests } = await upload((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end('down'))
    })
    assert.equal(result.status, status)
    assert.equal(requests.length, tries)
  }
})

test('a file that becomes shorter while it is sent ends the upload', async () => {
  await using folder = await temporaryFolder()
  const path = folder.join('file')
  writeFileSync(path, Buffer.alloc(40_000_000))
  const { result } = await upload(
    (request) => {
      writeFileSync(path, '')
      request.resume()
    },
    {},
    { filename: 'demo-1.0.tar.gz', content: path },
  )
  assert.match(result.message, /became shorter/)
})

test('nothing is uploaded offline', async () => {
  await using server = await serve(accept)
  using index = opened({ isOffline: true })
  assert.equal(
    (await failure(index.client.upload({ url: server.url }, form, file))).code,
    'offline',
  )
  assert.equal(server.requests.length, 0)
})
