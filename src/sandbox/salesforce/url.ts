/** Paths and queries as Salesforce reads them: `//services`, trailing slashes, `+` and `%20` are all fine. */
import { Fault } from './fault.ts'

export function splitUrl(url: string): { path: string[]; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const pathText = mark === -1 ? url : url.slice(0, mark)
  const queryText = mark === -1 ? '' : url.slice(mark + 1)
  for (const text of [pathText, queryText]) checkEscapes(text)
  const path = pathText
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part))
  return { path, query: new URLSearchParams(queryText) }
}

function checkEscapes(text: string): void {
  const bad = /%(?![0-9a-f]{2})(.{0,2})/i.exec(text)
  const message = 'URLDecoder: Illegal hex characters in escape (%) pattern'
  if (bad !== null) throw new Fault(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', `${message} - For input string: "${bad[1] ?? ''}"`)
  try {
    decodeURIComponent(text)
  } catch {
    throw new Fault(400, 'ILLEGAL_QUERY_PARAMETER_VALUE', message)
  }
}

const FIRST_VERSION = 20
const LAST_VERSION = 67

/** `60.0` of `v60.0`, or undefined for a version this org does not speak. */
export function versionOf(segment: string | undefined): string | undefined {
  const number = /^v(\d\d)\.0$/i.exec(segment ?? '')?.[1]
  return number === undefined || Number(number) < FIRST_VERSION || Number(number) > LAST_VERSION ? undefined : `${number}.0`
}

/** The answer of /services/data. v45 was Spring '19; three releases a year, Winter named after the year it leads into. */
export function versionList(): object[] {
  const seasons = ['Spring', 'Summer', 'Winter']
  return Array.from({ length: LAST_VERSION - FIRST_VERSION + 1 }, (_, at) => {
    const number = FIRST_VERSION + at
    const year = 19 + Math.floor((number - 45) / 3) + (number % 3 === 2 ? 1 : 0)
    return { label: `${seasons[number % 3] ?? ''} '${year}`, url: `/services/data/v${number}.0`, version: `${number}.0` }
  })
}
