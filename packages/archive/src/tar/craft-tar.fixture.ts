/** Test kit: tar archives written byte by byte, so that every field can be a lie. */
import { gzipSync } from 'node:zlib'

export interface CraftedMember {
  name?: string | Buffer
  /** Type flag. */
  type?: string
  content?: string | Buffer
  linkName?: string | Buffer
  mode?: string
  /** The field itself, if not the content's length in octal. */
  size?: string | Buffer
  mtime?: string | Buffer
  /** Eight bytes: "ustar", its version. */
  magic?: string
  prefix?: string
  checksum?: string
}

export const endMarker = Buffer.alloc(1024)

/** A tar.gz archive of these members and extension headers, with an end marker. */
export function craftTarGz(members: CraftedMember[], end: Buffer = endMarker): Buffer {
  return gzipSync(craftTar(members, end), { level: 1 })
}

export function craftTar(members: CraftedMember[], end: Buffer = endMarker): Buffer {
  return Buffer.concat([...members.flatMap(craftMember), end])
}

/** A pax header with these records. */
export function pax(records: Record<string, string | Buffer>, type = 'x'): CraftedMember {
  const content = Object.entries(records).map(([key, value]) => paxRecord(key, value))
  return { name: 'PaxHeaders/x', type, content: Buffer.concat(content) }
}

export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([
    Buffer.from(` ${key}=`),
    Buffer.from(value as string),
    Buffer.from('\n'),
  ])
  let length = rest.length
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length
  }
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** A GNU header for a long name (`L`) or link (`K`). */
export function gnu(type: 'L' | 'K', name: string): CraftedMember {
  return { name: '././@LongLink', type, content: `${name}\0`, magic: 'ustar  \0' }
}

function craftMember(member: CraftedMember): Buffer[] {
  const content = Buffer.from((member.content ?? '') as string)
  const header = Buffer.alloc(512)
  const put = (value: string | Buffer, at: number) => {
    Buffer.from(value as string, 'latin1' as never).copy(header, at)
  }
  put(Buffer.from((member.name ?? 'a') as string), 0)
  put(member.mode ?? '0000644', 100)
  put('0000000', 108)
  put('0000000', 116)
  put(member.size ?? content.length.toString(8).padStart(11, '0'), 124)
  put(member.mtime ?? '00000000000', 136)
  put('        ', 148)
  put(member.type ?? '0', 156)
  put(Buffer.from((member.linkName ?? '') as string), 157)
  put(member.magic ?? 'ustar\x0000', 257)
  put(member.prefix ?? '', 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(member.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
}
