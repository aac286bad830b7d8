/** The copy that a person reads, page after page as it is made: what is said about the data first, then the data, record by record. */
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import PDFDocument from 'pdfkit'
import type { AccessHead, Line } from '../core/access/head.ts'
import type { Told, ToldField } from '../core/access/told.ts'
import { accessWordsIn, type AccessWords } from '../core/access/words.ts'
import { visible } from '../core/text/visible.ts'
import { isExact } from './letters.ts'
import { ink, openSheet, type Run, type Sheet } from './sheet.ts'

/** `unread` is complete when the pieces have all been read. */
export function printCopy(head: AccessHead, pieces: AsyncIterable<Told>, unread: () => readonly string[]): Readable {
  const words = accessWordsIn(head.language, head.timezone)
  const doc = new PDFDocument({
    lang: head.language,
    displayTitle: true,
    info: { Title: words.paper.title, Author: head.controller.name, CreationDate: new Date(head.madeAt) },
    autoFirstPage: false,
  })
  const out = new PassThrough()
  const gone = new AbortController()
  doc.on('data', (chunk: Buffer) => void out.write(chunk))
  doc.on('end', () => out.end())
  out.on('close', () => gone.abort())
  const print = async (): Promise<void> => {
    const { paper, day } = words
    const sheet = openSheet(doc, (page) => `${head.controller.name} · ${paper.title} · ${day(head.madeAt)} · ${paper.page(page)}`)
    opening(sheet, head, words, unread())
    await body(sheet, pieces, words, async () => {
      // Pages are deflated beside this, and others are heard: without a pause neither happens before the last page.
      await new Promise<void>((resolve) => void setImmediate(resolve))
      // What nobody has fetched yet is not piled up.
      if (out.writableNeedDrain) await once(out, 'drain', { signal: gone.signal })
      gone.signal.throwIfAborted()
    })
    doc.end()
  }
  print().catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))))
  return out
}

const body9 = { size: 9 }
const bold9 = { size: 9, bold: true }
const small = { size: 7.5, color: ink.faint }

function opening(sheet: Sheet, head: AccessHead, words: AccessWords, unread: readonly string[]): void {
  const { paper, colon } = words
  const faint = { size: 9.5, color: ink.faint }
  sheet.flow([{ text: paper.title, size: 19, bold: true }], { after: 6 })
  const made = `${paper.madeFor} ${head.askedWith.join(', ')}, ${paper.made} ${words.day(head.madeAt)}. ${paper.request} ${head.request}.`
  sheet.flow([{ text: made, ...faint }])
  sheet.flow([{ text: `${paper.controller}${colon} ${head.controller.name}, ${head.controller.address}`, ...faint }])
  sheet.flow([{ text: `${paper.dpo}${colon} ${head.dpo.name}, ${head.dpo.email}`, ...faint }], { after: 8 })
  sheet.flow([{ text: paper.intro, size: 9.5 }])
  const { headings } = paper
  sentences(sheet, headings.unread, unread)
  heading(sheet, headings.systems, 11.5)
  for (const { system, crm, records } of head.systems) {
    const found = records.map(({ object, id, because }) => `${object} ${id} (${because})`)
    sheet.flow([
      { text: `${words.crm(crm)} (${system})${colon} `, ...bold9 },
      { text: found.length === 0 ? paper.none : found.join('; '), ...body9 },
    ])
  }
  for (const part of ['purposes', 'consents', 'statements'] as const) lines(sheet, headings[part], head[part], words)
  sentences(sheet, headings.suppression, [head.suppressed])
  lines(sheet, headings.concluded, head.concluded, words)
  sentences(sheet, '', [head.automated])
  for (const part of ['sources', 'recipients', 'retention', 'rights'] as const) lines(sheet, headings[part], head[part], words)
  sentences(sheet, headings.complaint, [head.complaint])
  sentences(sheet, headings.others, [head.others])
}

/** With room for something under it. */
function heading(sheet: Sheet, title: string, size: number): void {
  sheet.keep(size * 4)
  sheet.space(size * 0.9)
  sheet.flow([{ text: title, size, bold: true }], { after: 3 })
}

function sentences(sheet: Sheet, title: string, texts: readonly string[]): void {
  if (texts.length === 0) return
  if (title !== '') heading(sheet, title, 11.5)
  for (const text of texts) sheet.flow([{ text, ...body9 }])
}

/** Names of fields that a reader gets at once; the JSON has all. */
const mostFields = 12

function lines(sheet: Sheet, title: string, all: readonly Line[], { paper, colon }: AccessWords): void {
  if (all.length === 0) return
  heading(sheet, title, 11.5)
  for (const { what, says, law, fields } of all) {
    const about =
      fields.length === 0
        ? ''
        : ` (${fields.slice(0, mostFields).join(', ')}${fields.length > mostFields ? paper.more(fields.length - mostFields) : ''})`
    const runs: Run[] = [
      { text: `${what}${colon} `, ...bold9 },
      { text: `${says}${about}  `, ...body9 },
      ...(law === null ? [] : [{ text: law, ...small }]),
    ]
    sheet.flow(runs)
  }
}

async function body(sheet: Sheet, pieces: AsyncIterable<Told>, words: AccessWords, breathe: () => Promise<void>): Promise<void> {
  let under = ''
  for await (const { system, entry } of pieces) {
    const title = `${words.paper.parts[entry.part]} · ${system}${entry.part === 'record' ? ` · ${entry.of.object} ${entry.of.id}` : ''}`
    if (title !== under) heading(sheet, title, 13)
    under = title
    if (entry.part === 'history') past(sheet, entry, words)
    else {
      if (entry.part !== 'record') {
        sheet.keep(50)
        sheet.space(6)
        sheet.flow([{ text: `${entry.object} ${entry.id}`, ...bold9 }], { after: 2 })
      }
      for (const [index, field] of entry.fields.entries()) {
        value(sheet, field, words)
        if (index % 100 === 99) await breathe()
      }
    }
    await breathe()
  }
}

const gap = 10
/** A value beyond this takes the whole width. */
const longValue = 400

function value(sheet: Sheet, field: ToldField, words: AccessWords): void {
  const text = visible(field.shown ?? field.value)
  const from = withNote(originOf(field, words), text, words)
  const size = 8.5
  const color = field.note === null ? ink.text : ink.faint
  const { width } = sheet
  if (text.length > longValue) {
    const title: Run[] = [
      { text: `${field.label}   `, size, bold: true },
      { text: from, ...small },
    ]
    sheet.row([{ runs: title, x: 0, width }])
    sheet.flow([{ text, size, color }], { after: 4 })
    return
  }
  const [label, told] = [width * 0.28, width * 0.43]
  sheet.row([
    { runs: [{ text: field.label, size, bold: true }], x: 0, width: label },
    { runs: [{ text, size, color }], x: label + gap, width: told },
    { runs: from === '' ? [] : [{ text: from, ...small }], x: label + told + 2 * gap, width: width - label - told - 2 * gap },
  ])
}

function originOf({ provenance, at, source }: Pick<ToldField, 'provenance' | 'at' | 'source'>, { paper, day }: AccessWords): string {
  const who = paper.provenance[provenance]
  return [...(who === '' ? [] : [who]), ...(source === null ? [] : [source]), ...(at === null ? [] : [paper.since(day(at))])].join(', ')
}

/** Where the paper has not the letters of a value, it says where they are. */
function withNote(from: string, text: string, { paper }: AccessWords): string {
  return isExact(text) ? from : [...(from === '' ? [] : [from]), paper.transcribed].join(', ')
}

type History = Extract<Told['entry'], { part: 'history' }>

function past(sheet: Sheet, { label, versions }: History, words: AccessWords): void {
  sheet.keep(30)
  sheet.space(3)
  sheet.flow([{ text: label, size: 8.5, bold: true }], { after: 0 })
  for (const { value: held, at, source, provenance } of versions) {
    const told = held === '' ? '–' : visible(held)
    const who = withNote(originOf({ provenance, at: null, source }, words), told, words)
    const when = at === null ? words.paper.until : words.day(at)
    sheet.flow(
      [
        { text: `${when}${who === '' ? '' : ` (${who})`}   `, ...small },
        { text: told, size: 8.5 },
      ],
      { indent: 10, after: 1 },
    )
  }
}
