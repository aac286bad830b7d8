/** CSV as Bulk 2.0 takes it: quoted cells with doubled quotes and line breaks, any of six delimiters, LF or CRLF, an optional byte order mark. */
export const DELIMITERS: Readonly<Record<string, string>> = { BACKQUOTE: '`', CARET: '^', COMMA: ',', PIPE: '|', SEMICOLON: ';', TAB: '\t' }

/** Rows of cells. Throws a SyntaxError on a cell that goes on after its closing quote, or never closes. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter)
    row.push(cell.text)
    at = cell.end
    if (text[at] === delimiter) {
      at += 1
      // A delimiter at the very end opens one more, empty cell.
      if (at >= text.length) row.push('')
      else continue
    } else if (text.startsWith('\r\n', at)) at += 2
    else if (text[at] === '\n' || text[at] === '\r') at += 1
    else if (at < text.length) throw new SyntaxError(`unexpected text after a quoted cell in row ${rows.length + 1}`)
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}

function quotedCell(text: string, start: number): { text: string; end: number } {
  let cell = ''
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) throw new SyntaxError('a quoted cell never closes')
    cell += text.slice(from, quote)
    if (text[quote + 1] !== '"') return { text: cell, end: quote + 1 }
    cell += '"'
    from = quote + 2
  }
}

function plainCell(text: string, start: number, delimiter: string): { text: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { text: text.slice(start, end), end }
}

export const quoteCell = (text: string): string => `"${text.replaceAll('"', '""')}"`
