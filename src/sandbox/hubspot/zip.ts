import { crc32, deflateRawSync } from 'node:zlib'

/** 1 January 1980, the first day the format knows: the same content gives the same bytes. */
const DOS_DATE = 0x0021
const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const UTF8 = 0x0800
const DEFLATED = 8

/** A zip archive of a few files. Source: PKWARE, ".ZIP File Format Specification". */
export function zip(files: readonly { name: string; bytes: Buffer }[]): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of files) {
    const packed = deflateRawSync(bytes)
    const label = Buffer.from(name)
    const common = entry(bytes, packed, label)
    const local = Buffer.concat([u32(LOCAL), common, label])
    directory.push(Buffer.concat([u32(CENTRAL), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(offset), label]))
    pieces.push(local, packed)
    offset += local.length + packed.length
  }
  const index = Buffer.concat(directory)
  const count = u16(files.length)
  return Buffer.concat([...pieces, index, u32(END), u16(0), u16(0), count, count, u32(index.length), u32(offset), u16(0)])
}

/** What the header before a file and its entry in the directory share. */
function entry(bytes: Buffer, packed: Buffer, name: Buffer): Buffer {
  const sizes = [u32(crc32(bytes)), u32(packed.length), u32(bytes.length), u16(name.length), u16(0)]
  return Buffer.concat([u16(20), u16(UTF8), u16(DEFLATED), u16(0), u16(DOS_DATE), ...sizes])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
