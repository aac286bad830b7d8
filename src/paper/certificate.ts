/** A certificate on one page of A4, for the person and for the file. */
import PDFDocument from 'pdfkit'
import type { Certificate } from '../core/erasure/certificate.ts'
import { certificateParts, dayOf, standingLine } from '../core/erasure/certificate-lines.ts'
import { certificateWords } from '../core/erasure/certificate-words.ts'
import type { Language } from '../core/text/language.ts'
import { isExact, plain } from './letters.ts'

const MARGIN = 44
/** What fits on one page beside the other parts; the rest is in the signed file. */
const ROOM = { records: 8, others: 3 }
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
  const parts = certificateParts(certificate, language, ROOM)
  head(doc, certificate, language)
  for (const [title, lines] of parts) if (lines.length > 0) part(doc, title, lines)
  const isWhole = [certificate.controller, ...parts.flatMap(([, lines]) => lines)].every(isExact)
  doc.moveDown(0.8).font('Helvetica').fontSize(8)
  doc.text(`${words.proof(certificate.key, certificate.ledger.block)}${isWhole ? '' : ` ${words.transcribed}`}`)
  doc.text(certificate.signature)
  doc.end()
  return done
}

function head(doc: PDFKit.PDFDocument, certificate: Certificate, language: Language): void {
  const { controller, request, received, issued, timezone } = certificate
  const words = certificateWords[language]
  doc.font('Helvetica-Bold').fontSize(17).text(words.title)
  doc.moveDown(0.4).font('Helvetica').fontSize(10)
  doc.text(`${words.controller}${language === 'fr' ? ' :' : ':'} ${cut(controller)}`)
  doc.text(`${words.request} ${request}`)
  doc.text(`${words.received} ${dayOf(received, language, timezone)}, ${words.issued} ${dayOf(issued, language, timezone)}`)
  doc
    .moveDown(0.6)
    .font('Helvetica-Bold')
    .fontSize(11)
    .text(plain(standingLine(certificate, language)))
}

function part(doc: PDFKit.PDFDocument, title: string, lines: readonly string[]): void {
  doc.moveDown(0.45).font('Helvetica-Bold').fontSize(10).text(title)
  doc.font('Helvetica').fontSize(8.5)
  for (const line of lines) doc.text(cut(line, LONG_LETTERS), { indent: 8 })
}

function cut(text: string, most = MOST_LETTERS): string {
  const printed = plain(text)
  return printed.length <= most ? printed : `${printed.slice(0, most - 1)}…`
}
