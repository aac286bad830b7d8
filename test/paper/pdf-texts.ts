import { inflateSync } from 'node:zlib'

/** Texts as the pages show them, in the order in which they were set: standard fonts are written as they stand, in hex. */
export function textsOf(pdf: Buffer): string {
  const parts: string[] = []
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    const end = pdf.indexOf('endstream', at)
    try {
      const page = inflateSync(pdf.subarray(at + 7, end)).toString('latin1')
      for (const [, shown = ''] of page.matchAll(/\[(.*?)\] TJ/g))
        parts.push([...shown.matchAll(/<([0-9a-f]+)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''))
    } catch {
      continue
    }
    at = end
  }
  return parts.join('\n')
}
