/** The page of all projects, kept compressed in pieces; after a change only the pieces it touches are made again. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import {
  type ListedProject as ListedOnPage,
  normalizeName,
  type ProjectList,
  type SimpleFormat,
  simpleApiVersion,
  writeProjectListHtml,
  writeProjectListJson,
} from '@cheeseshop/packaging'
import { lastSerial } from '../../domain/activity/events.ts'
import type { ListedProject, ProjectListChange } from '../../domain/catalog/projects.ts'
import type { Domain } from '../../domain/domain.ts'
import { makeSegment, readSegment, type Segment } from '../pages/gzip-segments.ts'

export interface ListPage {
  serial: number
  segments: readonly Segment[]
  digest: string
}

/** What is listed. */
export interface ListSource {
  /** By normalized name. */
  all(): AsyncIterable<ListedProject>
  /** After a serial; `all`: more than could be told one by one. */
  changedSince(serial: number): Promise<readonly ProjectListChange[] | 'all'>
  /** What the list carries where it is not of the present. */
  readonly serial?: number
}

/** A run of projects in the order of their normalized names. */
interface Piece {
  /** No project of an earlier piece comes after it, none of this piece before it. */
  first: string
  json: Segment
  html: Segment | undefined
}

const projectsPerPiece = 1000
/** When more has changed than this, reading everything is less work. */
const mostChanges = 20_000

export class ProjectListPages {
  readonly #domain: Domain
  readonly #source: ListSource
  readonly #changeMark: () => number | Promise<number>
  #pieces: Piece[] = []
  /** The serial that the pieces are not behind of; undefined before they are first made. */
  #serial: number | undefined
  #mark: number | undefined
  /** Refreshing and reading take turns, so that no reader sees half a change. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(domain: Domain, source: ListSource, changeMark: () => number | Promise<number>) {
    this.#domain = domain
    this.#source = source
    this.#changeMark = changeMark
  }

  /** The list as it is now, in one of its two forms. */
  async read(format: SimpleFormat): Promise<ListPage> {
    const mark = await this.#changeMark()
    const page = this.#turn.then(async () => {
      if (mark !== this.#mark) await this.#refresh()
      this.#mark = mark
      return this.#page(format === 'json' ? 'json' : 'html')
    })
    this.#turn = page.catch(() => {})
    return page
  }

  async #refresh(): Promise<void> {
    // The serial first: what happens meanwhile is then seen again by the next refresh, never missed.
    const serial = await lastSerial(this.#domain)
    if (serial === this.#serial) return
    const changes =
      this.#serial === undefined || this.#pieces.length === 0
        ? 'all'
        : await this.#source.changedSince(this.#serial)
    if (changes === 'all' || changes.length > mostChanges) await this.#readAll()
    else await this.#apply(changes)
    this.#serial = serial
  }

  async #readAll(): Promise<void> {
    const pieces: Piece[] = []
    let projects: ListedProject[] = []
    for await (const project of this.#source.all()) {
      projects.push(project)
      if (projects.length < projectsPerPiece) continue
      pieces.push(makePiece(projects))
      projects = []
      await breathe()
    }
    if (projects.length > 0) pieces.push(makePiece(projects))
    this.#pieces = pieces
  }

  async #apply(changes: readonly ProjectListChange[]): Promise<void> {
    const byPiece = Map.groupBy(changes, ({ normalizedName }) => this.#pieceOf(normalizedName))
    this.#pieces = this.#pieces.flatMap((piece) => {
      const changed = byPiece.get(piece)
      return changed === undefined ? [piece] : changePiece(piece, changed)
    })
  }

  async #addHtml(): Promise<void> {
    for (const piece of this.#pieces) {
      if (piece.html) continue
      piece.html = makeSegment(renderPart(readPiece(piece), 'html'))
      await breathe()
    }
  }

  #pieceOf(name: string): Piece | undefined {
    return this.#pieces.findLast((piece) => piece.first <= name) ?? this.#pieces[0]
  }

  async #page(form: 'json' | 'html'): Promise<ListPage> {
    const serial = this.#source.serial ?? this.#serial ?? 0
    if (form === 'html') await this.#addHtml()
    const parts = this.#pieces.map((piece) => piece[form] ?? piece.json)
    const { before, after, between } = renderFrame(serial, form)
    const separator = makeSegment(between)
    const segments = [
      makeSegment(before),
      ...parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])),
      makeSegment(after),
    ]
    return { serial, segments, digest: digestOf(segments, form) }
  }
}

/** Lets other requests be answered between two pieces. */
const breathe = setImmediate

function makePiece(projects: readonly ListedProject[]): Piece {
  const first = projects[0]?.normalizedName ?? ''
  return { first, json: makeSegment(renderPart(projects, 'json')), html: undefined }
}

/** The pieces are the only place where the list is kept, so a change begins with reading one. */
function readPiece(piece: Piece): ListedProject[] {
  const rendered = JSON.parse(`[${readSegment(piece.json)}]`) as {
    name: string
    '_last-serial': number
  }[]
  return rendered.map(({ name, '_last-serial': lastSerial }) => ({
    name,
    normalizedName: normalizeName(name),
    lastSerial,
  }))
}

function changePiece(piece: Piece, changes: readonly ProjectListChange[]): Piece[] {
  const projects = new Map(readPiece(piece).map((project) => [project.normalizedName, project]))
  for (const { normalizedName, listed } of changes) {
    if (listed) projects.set(normalizedName, listed)
    else projects.delete(normalizedName)
  }
  const sorted = [...projects.values()].sort((a, b) =>
    a.normalizedName < b.normalizedName ? -1 : 1,
  )
  // A piece that has grown to twice its size becomes two.
  const size = sorted.length >= 2 * projectsPerPiece ? projectsPerPiece : sorted.length
  const pieces: Piece[] = []
  for (let at = 0; at < sorted.length; at += size) {
    pieces.push(makePiece(sorted.slice(at, at + size)))
  }
  return pieces
}

const write = { json: writeProjectListJson, html: writeProjectListHtml }

/** The projects alone, as the writers of the simple API write them into a page. */
function renderPart(projects: readonly ListedOnPage[], form: 'json' | 'html'): string {
  const { before, after } = renderFrame(0, form)
  const page = write[form](listOf(0, projects))
  return page.slice(before.length, page.length - after.length)
}

/** What stands before, after and between the projects. */
function renderFrame(serial: number, form: 'json' | 'html') {
  const empty = write[form](listOf(serial, []))
  const [opening, between] = form === 'json' ? ['"projects":[', ','] : ['<body>\n', '']
  const at = empty.indexOf(opening) + opening.length
  return { before: empty.slice(0, at), after: empty.slice(at), between }
}

function listOf(serial: number, projects: readonly ListedOnPage[]): ProjectList {
  return { meta: { apiVersion: simpleApiVersion, lastSerial: serial }, projects }
}

function digestOf(segments: readonly Segment[], form: string): string {
  const hash = createHash('sha256').update(form)
  for (const { crc, size } of segments) hash.update(`${crc} ${size} `)
  return hash.digest('base64url').slice(0, 27)
}
