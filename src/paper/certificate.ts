/** A certificate on one page of A4, for the person and for the file. */
import PDFDocument from 'pdfkit'
import { brandOf } from '../core/access-brand.ts'
import type { Certificate } from '../core/certificate.ts'
import { certificateWords, type Language } from '../core/certificate-words.ts'

const MARGIN = 44
/** What fits on one page beside the other parts; the rest is in the signed file. */
const MOST_RECORDS = 8
const MOST_OTHERS = 3
const MOST_LETTERS = 100
/** Two lines: a hold without its end, or a reason without its remedy, would say too little. */
const LONG_LETTERS = 200

export function printCertificate(certificate: Certificate, language: Language): Promise<Buffer> {
  const words = certificateWords[language]
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, lang: language, info: { Title: words.title, Author: certificate.controller } })
  const chunks: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => void chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  head(doc, certificate, language)
  for (const [title, lines] of [...systemParts(certificate, language), ...otherParts(certificate, language)])
    if (lines.length > 0) part(doc, title, lines)
  doc.moveDown(0.8).font('Helvetica').fontSize(8).text(words.proof(certificate.key, certificate.ledger.block))
  doc.text(certificate.signature)
  doc.end()
  return done
}

function head(doc: PDFKit.PDFDocument, { controller, request, received, issued, standing }: Certificate, language: Language): void {
  const words = certificateWords[language]
  doc.font('Helvetica-Bold').fontSize(17).text(words.title)
  doc.moveDown(0.4).font('Helvetica').fontSize(10)
  doc.text(`${words.controller}${language === 'fr' ? ' :' : ':'} ${cut(controller)}`)
  doc.text(`${words.request} ${request}`)
  doc.text(`${words.received} ${dayOf(received, language)}, ${words.issued} ${dayOf(issued, language)}`)
  doc.moveDown(0.6).font('Helvetica-Bold').fontSize(11).text(words.standing[standing])
}

function part(doc: PDFKit.PDFDocument, title: string, lines: readonly string[]): void {
  doc.moveDown(0.45).font('Helvetica-Bold').fontSize(10).text(title)
  doc.font('Helvetica').fontSize(8.5)
  for (const line of lines) doc.text(cut(line, LONG_LETTERS), { indent: 8 })
}

type Part = readonly [title: string, lines: readonly string[]]

function systemParts({ systems, records, around }: Certificate, language: Language): readonly Part[] {
  const words = certificateWords[language]
  const kept = records.flatMap(({ ref, holds }) =>
    holds.map(({ ground, text, because, until, review }) => {
      const end = until === null ? words.review(dayOf(review, language)) : words.until(dayOf(until, language))
      return `${ref} – ${ground}, ${text} (${because}), ${end}`
    }),
  )
  const things = around.map(
    ({ connection, object, outcome, count }) => `${connection}/${object} – ${words.outcome[outcome] ?? outcome} – ${count}`,
  )
  const lines = records.map(
    ({ ref, action, trace }) => `${ref} – ${words.action[action]} – ${trace === null ? '' : (words.trace[trace] ?? trace)}`,
  )
  return [
    [
      words.systems,
      some(
        systems.map(({ connection, crm, method }) => cut(`${brandOf(crm)} (${connection}) – ${words.method[method]}`)),
        MOST_OTHERS,
        language,
      ),
    ],
    [words.records, some(lines, MOST_RECORDS, language)],
    [words.holds, some(kept, MOST_OTHERS, language)],
    [words.around, some(things, MOST_OTHERS * 2, language)],
  ]
}

function otherParts({ mentionsRead, mentions, recipients, unreached, looks, next }: Certificate, language: Language): readonly Part[] {
  const words = certificateWords[language]
  const places = mentions.map(({ ref, certainty, what }) => `${ref} – ${what} – ${words.certainty[certainty]}`)
  const taken = looks.map(({ look, at }) => `${words.look[look] ?? look} – ${dayOf(at, language)}`).slice(-5)
  const later = next === null ? words.last : words.next(words.look[next.look] ?? next.look, dayOf(next.at, language))
  return [
    [words.mentions, places.length > 0 ? some(places, MOST_OTHERS, language) : [mentionsRead === null ? words.unread : words.none]],
    [
      words.unreached,
      some(
        unreached.map(({ connection, what }) => `${connection} – ${what}`),
        MOST_OTHERS,
        language,
      ),
    ],
    [
      words.recipients,
      some(
        recipients.map(
          ({ name, outcome, at }) => `${name} – ${words.told[outcome] ?? outcome}${at === null ? '' : ` – ${dayOf(at, language)}`}`,
        ),
        MOST_OTHERS,
        language,
      ),
    ],
    [words.looks, [...taken, later]],
  ]
}

function some(lines: readonly string[], most: number, language: Language): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), certificateWords[language].more(lines.length - most)]
}

function cut(text: string, most = MOST_LETTERS): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

function dayOf(iso: string, language: Language): string {
  const day = iso.slice(0, 10)
  return language === 'fr' ? day.split('-').reverse().join('/') : day
}
