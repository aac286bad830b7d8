/** The zip of a copy: what a machine reads, tables, what a person reads, and a note on it all. Written while it is fetched; the systems are read for the first file. */
import { Readable } from 'node:stream'
import { byteOrderMark, csvLine, separators, tables, type Table } from '../core/access/csv.ts'
import type { AccessHead } from '../core/access/head.ts'
import type { Told } from '../core/access/told.ts'
import { accessWordsIn } from '../core/access/words.ts'
import { printCopy } from './access.ts'
import { zipOf } from './access-zip.ts'

/** `pieces`: read once. `unread` and `withheld` are complete when they have all been read. */
export type Packing = {
  readonly head: AccessHead
  readonly pieces: () => AsyncIterable<Told>
  readonly unread: () => readonly string[]
  readonly withheld: () => number
}
/** Where the pieces wait for the files after the first. */
export type Lines = { write: (line: string) => Promise<void>; read: () => AsyncIterable<string> }

export function packCopy(packing: Packing, lines: Lines): Readable {
  const { head } = packing
  const french = head.language === 'fr'
  const again = async function* (): AsyncGenerator<Told> {
    // Our own lines, written by the first file.
    for await (const line of lines.read()) yield JSON.parse(line) as Told
  }
  const paper = {
    name: french ? 'copie.pdf' : 'copy.pdf',
    open: () => printCopy(head, again(), packing.unread),
  }
  return zipOf(
    [
      { name: 'data.json', open: () => textOf(jsonOf(packing, lines)) },
      ...tables.map((table) => ({ name: table.file, open: () => textOf(csvOf(table, again(), separators[head.language])) })),
      ...(head.kind === 'access' ? [paper] : []),
      { name: french ? 'LISEZMOI.txt' : 'README.txt', open: () => textOf(readmeOf(packing)) },
    ],
    new Date(head.madeAt),
  )
}

function textOf(texts: AsyncIterable<string> | Iterable<string>): Readable {
  return Readable.from(texts, { objectMode: false })
}

/** One piece a line, so that a long file can be read by parts. */
async function* jsonOf({ head, pieces, unread, withheld }: Packing, lines: Lines): AsyncGenerator<string> {
  yield `{"about":${JSON.stringify(head)},\n"data":[`
  let before = '\n'
  for await (const piece of pieces()) {
    const line = JSON.stringify(piece)
    await lines.write(line)
    yield before + line
    before = ',\n'
  }
  yield `\n],\n"notRead":${JSON.stringify(unread())},\n"withheldTexts":${withheld()}}\n`
}

async function* csvOf({ header, rowsOf }: Table, pieces: AsyncIterable<Told>, separator: ',' | ';'): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(header, separator)
  for await (const piece of pieces) {
    const rows = rowsOf(piece)
    if (rows.length > 0) yield rows.map((row) => csvLine(row, separator)).join('')
  }
}

function* readmeOf({ head, unread, withheld }: Packing): Generator<string> {
  const words = accessWordsIn(head.language, head.timezone)
  const { kind, controller, dpo, madeAt } = head
  const facts = { kind, controller: controller.name, dpo: dpo.email, day: words.day(madeAt), unread: unread(), withheld: withheld() }
  yield byteOrderMark + words.readme(facts)
}
