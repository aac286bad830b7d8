/** Pages that are laid out line by line, so that a text of any length flows from page to page and each page gets its foot when it begins. */

import { plain } from './letters.ts'

export const ink = { text: '#1a1a1a', faint: '#5f6368', line: '#d0d4d9' } as const
type Face = { readonly size: number; readonly bold?: boolean; readonly color?: string }
export type Run = Face & { readonly text: string }
/** What stands side by side; each column is as wide as it says. */
export type Column = { readonly runs: readonly Run[]; readonly x: number; readonly width: number }

type Piece = { readonly text: string; readonly at: number; readonly face: Face }
type Line = { readonly pieces: readonly Piece[]; readonly height: number }

const leading = 1.22

export interface Sheet {
  readonly width: number
  /** Runs one after the other, wrapped, over the whole width unless said otherwise. `indent` of all lines. */
  flow(runs: readonly Run[], options?: { indent?: number; after?: number }): void
  /** Columns side by side, under a thin rule; the lines of a long one go on over pages. */
  row(columns: readonly Column[]): void
  space(height: number): void
  /** Begins a page unless so much is left. */
  keep(height: number): void
}

const margins = { top: 56, bottom: 64, side: 56 }
type Cursor = {
  readonly doc: PDFKit.PDFDocument
  readonly foot: (page: number) => string
  page: number
  y: number
  bottom: number
  width: number
}

/** `foot`: what stands at the end of a page, by its number. */
export function openSheet(doc: PDFKit.PDFDocument, foot: (page: number) => string): Sheet {
  const at: Cursor = { doc, foot, page: 0, y: 0, bottom: 0, width: 0 }
  begin(at)
  return {
    width: at.width,
    flow: (runs, { indent = 0, after = 2 } = {}) => {
      flow(at, linesOf(doc, runs, at.width - indent), indent)
      at.y += after
    },
    row: (columns) => row(at, columns),
    space: (height) => void (at.y += height),
    keep: (height) => room(at, height),
  }
}

function begin(at: Cursor): void {
  const { doc, foot } = at
  // No margins of its own: every line is set at its place.
  doc.addPage({ size: 'A4', margin: 0 })
  at.page++
  at.y = margins.top
  at.bottom = doc.page.height - margins.bottom
  at.width = doc.page.width - 2 * margins.side
  const text = plain(foot(at.page))
  set(doc, { size: 7.5, color: ink.faint })
  doc.text(text, (doc.page.width - doc.widthOfString(text)) / 2, doc.page.height - 40, { lineBreak: false })
}

function room(at: Cursor, height: number): void {
  if (at.y + height > at.bottom) begin(at)
}

function draw({ doc, y }: Cursor, { pieces }: Line, x: number): void {
  for (const { text, at, face } of pieces) {
    set(doc, face)
    doc.text(text, margins.side + x + at, y, { lineBreak: false })
  }
}

function flow(at: Cursor, lines: readonly Line[], indent: number): void {
  for (const line of lines) {
    room(at, line.height)
    draw(at, line, indent)
    at.y += line.height
  }
}

function row(at: Cursor, columns: readonly Column[]): void {
  const { doc } = at
  const all = columns.map(({ runs, width }) => linesOf(doc, runs, width))
  const whole = all.reduce((most, lines) => Math.max(most, sumOf(lines)), 0)
  // A row that fits on a page is not torn.
  room(at, Math.min(whole + 5, at.bottom - margins.top))
  const line = doc.moveTo(margins.side, at.y).lineTo(margins.side + at.width, at.y)
  line.lineWidth(0.4).strokeColor(ink.line).stroke()
  at.y += 3
  const count = Math.max(...all.map((lines) => lines.length))
  for (let i = 0; i < count; i++) {
    const height = Math.max(...all.map((lines) => lines[i]?.height ?? 0))
    room(at, height)
    for (const [index, { x }] of columns.entries()) {
      const one = all[index]?.[i]
      if (one !== undefined) draw(at, one, x)
    }
    at.y += height
  }
  at.y += 2
}

function set(doc: PDFKit.PDFDocument, { bold = false, size, color = ink.text }: Face): void {
  doc
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .fillColor(color)
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { height }) => sum + height, 0)
}

function linesOf(doc: PDFKit.PDFDocument, runs: readonly Run[], width: number): readonly Line[] {
  const lines: Line[] = []
  let pieces: Piece[] = []
  let at = 0
  let height = 0
  const end = (size: number): void => {
    lines.push({ pieces, height: height === 0 ? size * leading : height })
    pieces = []
    at = 0
    height = 0
  }
  const put = (text: string, wide: number, face: Face): void => {
    const last = pieces.at(-1)
    if (last !== undefined && last.face === face) pieces[pieces.length - 1] = { ...last, text: last.text + text }
    else pieces.push({ text, at, face })
    at += wide
    height = Math.max(height, face.size * leading)
  }
  for (const run of runs) {
    set(doc, run)
    const measure = (text: string): number => doc.widthOfString(text)
    for (const [index, paragraph] of plain(run.text).split('\n').entries()) {
      if (index > 0) end(run.size)
      for (const word of paragraph.match(/[^ ]+ *|^ +/g) ?? []) {
        const bare = word.trimEnd()
        if (at > 0 && at + measure(bare) > width) end(run.size)
        for (const part of measure(bare) > width ? broken(bare, width, measure) : [word]) {
          if (at > 0 && at + measure(part.trimEnd()) > width) end(run.size)
          put(part, measure(part), run)
        }
      }
    }
  }
  if (pieces.length > 0) end(0)
  return lines
}

/** A word that is longer than a line, such as a link. */
function broken(word: string, width: number, measure: (text: string) => number): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (const letter of word) {
    if (part !== '' && measure(part + letter) > width) {
      parts.push(part)
      part = ''
    }
    part += letter
  }
  return [...parts, part]
}
