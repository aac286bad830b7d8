/** The one thing that only SOAP can do: empty records out of the recycle bin. Written and read by hand: four elements do not need a parser of XML. */
import { unreadable } from './payloads.ts'

const MOST_BYTES = 1_000_000

export function envelope(token: string, inside: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<soapenv:Header><SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>${escaped(token)}</sessionId></SessionHeader></soapenv:Header>` +
    `<soapenv:Body>${inside}</soapenv:Body></soapenv:Envelope>`
  )
}

/** `ids` are checked record ids. */
export function emptyRecycleBin(ids: readonly string[]): string {
  return `<emptyRecycleBin xmlns="urn:partner.soap.sforce.com">${ids.map((id) => `<ids>${escaped(id)}</ids>`).join('')}</emptyRecycleBin>`
}

/** One per id, in order: `null` for success, else the status code. A fault of the whole call comes back as its code, once. */
export function binResults(answer: string, count: number): readonly (string | null)[] | { readonly fault: string } {
  const text = answer.length > MOST_BYTES || answer.includes('<!DOCTYPE') ? '' : answer
  const fault = /<(?:\w+:)?faultcode>(?:\w+:)?([A-Za-z_]{1,80})</.exec(text)?.[1]
  if (fault !== undefined) return { fault }
  const results = Array.from(text.matchAll(/<(?:\w+:)?result>([\s\S]*?)<\/(?:\w+:)?result>/g), ([, inside = '']) => inside)
  if (results.length !== count) throw unreadable('emptyRecycleBin', `one result for each of ${count} records`)
  return results.map((inside) => {
    if (/<(?:\w+:)?success>true</.test(inside)) return null
    return /<(?:\w+:)?statusCode>([A-Za-z_]{1,80})</.exec(inside)?.[1] ?? 'UNKNOWN'
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
