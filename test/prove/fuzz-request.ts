/** Random requests: a template that works, spoiled in one or more places. */
import type { Random } from './random.ts'
import type { Template } from './fuzz-templates.ts'

/** What goes over the wire; `what` names it without its content. */
export type FuzzRequest = {
  crm: 'hubspot' | 'salesforce'
  what: string
  method: string
  target: string
  headers: Record<string, string>
  body: Buffer | undefined
}
export type Known = { ids: Readonly<Record<string, readonly string[]>>; tokens: Readonly<Record<'hubspot' | 'salesforce', string>> }

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'REPORT', 'PROPFIND']
/** Texts that have broken parsers before. */
export const ODD: readonly string[] = [
  '',
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  'NaN',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '..',
  '%2e%2e',
  '%00',
  '%',
  '%ZZ',
  '%C3%28',
  '\u0000',
  '\ud800',
  'é',
  '😀',
  "'",
  '"',
  '\\',
  "\\' OR Id != null OR Name='",
  '`',
  '<a>',
  '&amp;',
  ';',
  ',',
  '*',
  '(',
  ')',
  '{0}',
  '${x}',
  '@{a.id}',
  ' ',
  '\t',
  '\n',
  '1 OR 1=1',
  'x'.repeat(300),
  '9'.repeat(400),
  '(('.repeat(200),
  '[['.repeat(500),
  '2026-02-30',
  '2026-13-01T00:00:00Z',
  '00000000000000000',
  '003',
  '003440000000001',
  '00Q440000000001AAA',
  'email',
  'hs_object_id',
  'Id',
  '1970-01-01T00:00:00Z',
  '-99999999999999',
  '253402300800000',
  'Infinity',
  '0x10',
  '1_000',
  '١٢',
  'a@b',
  'fuzz@example.test',
  'FUZZ@EXAMPLE.TEST',
  'a;b;;',
  '||',
  '/',
  '//',
  '?',
  '#',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'text/csv',
  'application/xml',
  'text/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'json',
  ';',
  '',
]

export function createFuzzer(random: Random, templates: readonly Template[], known: Known) {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const chance = (percent: number): boolean => random(100) < percent
  const odd = (): string => pick(ODD)

  function fill(text: string): string {
    return text.replaceAll(/\{(contact|sfid|job|token)\}/g, (_match, name: string) => (chance(85) ? pick(known.ids[name] ?? ['1']) : odd()))
  }

  function spoilValue(value: unknown): unknown {
    switch (random(9)) {
      case 0:
        return null
      case 1:
        return odd()
      case 2:
        return random(2) === 0 ? -1 : 1e308
      case 3:
        return [value]
      case 4:
        return { [odd()]: value }
      case 5:
        return Array.from({ length: 1 + random(60) }, () => value)
      case 6:
        return typeof value === 'string' ? value + odd() : typeof value === 'object' ? 'object' : String(value)
      case 7:
        return chance(50)
      default:
        return undefined
    }
  }

  /** Walks down a random path and spoils what is there. */
  function spoilJson(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || chance(20)) return spoilValue(value)
    if (Array.isArray(value)) {
      if (value.length === 0) return [spoilValue(odd())]
      const at = random(value.length)
      return value.map((each, index) => (index === at ? spoilJson(each) : each))
    }
    const entries = Object.entries(value)
    if (entries.length === 0 || chance(10)) return { ...value, [odd()]: spoilValue(odd()) }
    const [name, member] = pick(entries)
    if (chance(10)) return Object.fromEntries(entries.filter(([each]) => each !== name))
    if (chance(10)) return { ...Object.fromEntries(entries.filter(([each]) => each !== name)), [odd()]: member }
    return { ...value, [name]: spoilJson(member) }
  }

  function spoilText(text: string): string {
    const at = random(text.length + 1)
    switch (random(5)) {
      case 0:
        return text.slice(0, at)
      case 1:
        return text.slice(0, at) + odd() + text.slice(at)
      case 2:
        return text.slice(0, at) + text.slice(at + 1 + random(10))
      case 3:
        return text + text.slice(at)
      default:
        return odd()
    }
  }

  function spoilPath(path: string): string {
    const segments = path.split('/')
    const at = 1 + random(Math.max(1, segments.length - 1))
    switch (random(5)) {
      case 0:
        segments[at] = odd()
        break
      case 1:
        segments.splice(at, 0, odd())
        break
      case 2:
        segments.splice(at, 1)
        break
      case 3:
        segments.push(odd())
        break
      default:
        segments[at] = spoilText(segments[at] ?? '')
    }
    return segments.join('/')
  }

  function bodyOf(template: Template): Buffer | undefined {
    if (template.body === undefined) return chance(8) ? Buffer.from(odd()) : undefined
    let value: unknown =
      typeof template.body === 'string'
        ? fill(template.body)
        : JSON.parse(JSON.stringify(template.body), (_name, member: unknown) => (typeof member === 'string' ? fill(member) : member))
    if (typeof value === 'string') {
      if (chance(50)) value = spoilText(value)
    } else for (let times = random(4); times > 0; times -= 1) value = spoilJson(value)
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    if (chance(4)) return Buffer.from(text.slice(0, random(text.length + 1)))
    if (chance(3)) return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])
    if (chance(3)) return Buffer.from(text, 'utf16le')
    if (chance(3)) return Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0x00])])
    return Buffer.from(text)
  }

  function headersOf(template: Template, body: Buffer | undefined): Record<string, string> {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(template.headers ?? {}))
      if (!chance(4)) headers[name] = fill(value).replaceAll(/[^\u0020-\u007e]/gu, '')
    if (!chance(4))
      headers.authorization = chance(95)
        ? `Bearer ${known.tokens[template.crm]}`
        : pick(['Bearer', 'Bearer x', 'Basic eDp5', 'OAuth', `Bearer ${'x'.repeat(5_000)}`])
    if (body !== undefined) headers['content-type'] = chance(93) ? (template.type ?? 'application/json') : pick(TYPES)
    if (chance(4)) headers['content-encoding'] = pick(['gzip', 'deflate', 'br', 'nothing'])
    if (chance(4)) headers.accept = pick(['application/xml', 'text/html', '*/*', 'nothing', ';;'])
    if (chance(3)) headers['accept-encoding'] = pick(['gzip', 'br', '*;q=0', 'nothing'])
    if (chance(3)) headers['if-modified-since'] = pick(['Thu, 01 Jan 1970 00:00:00 GMT', 'nonsense'])
    if (chance(3)) headers['if-none-match'] = '"x"'
    if (chance(3)) headers['sforce-query-options'] = pick(['batchSize=200', 'batchSize=-1', 'batchSize=x'])
    if (chance(3)) headers['sforce-call-options'] = pick(['client=fuzz', 'client=', ';;'])
    if (chance(2)) headers['x-http-method-override'] = pick(METHODS)
    if (chance(2)) headers['x-prettyprint'] = '1'
    if (chance(2)) headers['range'] = 'bytes=5-1'
    if (chance(2)) headers['x-padding'] = 'x'.repeat(random(20_000))
    return headers
  }

  return (): FuzzRequest => {
    const template = pick(templates)
    const method = chance(90) ? template.method : pick(METHODS)
    let path = fill(template.path)
    if (chance(15)) path = spoilPath(path)
    if (chance(3)) path = `/${path}`
    const query = Object.entries(template.query ?? {}).flatMap(([name, value]): [string, string][] => {
      if (chance(10)) return []
      const filled = fill(value)
      return [[chance(4) ? odd() : name, chance(30) ? (chance(50) ? spoilText(filled) : odd()) : filled]]
    })
    if (chance(10)) query.push([pick(['limit', 'after', 'q', 'properties', 'archived', 'ids', 'fields', '_HttpMethod', odd()]), odd()])
    const search = query.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&')
    const body = bodyOf(template)
    return {
      crm: template.crm,
      what: `${method} ${template.path}`,
      method,
      target: escapeTarget(path) + (search === '' ? '' : `?${search}`),
      headers: headersOf(template, body),
      body,
    }
  }

  /** Mostly well encoded; sometimes only as far as HTTP itself needs it. */
  function escape(text: string): string {
    return chance(90) ? encodeURIComponent(text.toWellFormed()) : escapeTarget(text)
  }
}

/** What HTTP cannot carry in a request line is percent-encoded, nothing else is. */
function escapeTarget(text: string): string {
  return text.toWellFormed().replaceAll(/[^\u0021-\u007e]/gu, (character) => encodeURIComponent(character))
}
