/** XML that is made to hurt: nothing is fetched, nothing is read, a document type is always refused, and none of it takes long. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Opened } from '../../src/connectors/connector.ts'
import { salesforce } from '../../src/connectors/salesforce/index.ts'
import { testDeps } from '../connectors/deps.ts'
import { message, notification } from '../connectors/salesforce/outbound-messages.ts'
import { randomFrom, type Random } from './random.ts'

const secret = 'tU3k-Pq9_z0aBcDeFgHiJkLm'
const organizationId = '00D000000000001EAA'
const longestMs = 50
const canary = 'zq-canary-of-a-file'

export async function attackXml({ seed, mutations, say }: { seed: number; mutations: number; say: (line: string) => void }): Promise<{
  trials: number
  violations: string[]
}> {
  const random = randomFrom(seed)
  let fetched = 0
  const listener = createServer((_, response) => {
    fetched++
    response.end('<a/>')
  })
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve))
  const dir = mkdtempSync(join(tmpdir(), 'accord-xml-'))
  const file = join(dir, 'secret.txt')
  writeFileSync(file, canary)
  const violations: string[] = []
  let slowest = 0
  const attempt = (what: string, body: Uint8Array, wanted: 'refused' | 'any'): void => {
    const { opened, ms } = timed(body)
    slowest = Math.max(slowest, ms)
    if (ms > longestMs) violations.push(`hostile XML, ${what}: ${Math.round(ms)} ms`)
    if (opened === null) violations.push(`hostile XML, ${what}: threw`)
    else if (opened.outcome !== 'refused' && (wanted === 'refused' || !isSound(opened)))
      violations.push(`hostile XML, ${what}: ${opened.outcome}`)
    else if (JSON.stringify(opened).includes(canary)) violations.push(`hostile XML, ${what}: a file came back`)
  }
  const cases = Object.entries(hostile(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/`, `file://${file}`))
  try {
    for (const [what, body] of cases) attempt(what, typeof body === 'string' ? Buffer.from(body) : body, 'refused')
    const pool = Array.from({ length: 20 }, (_, n) => Buffer.from(valid(1 + n * 5)))
    for (let trial = 0; trial < mutations; trial++) {
      const body = mutated(pool[random(pool.length)]!, random)
      attempt(`mutation ${trial}`, body, body.includes('<!') ? 'refused' : 'any')
    }
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    await new Promise((resolve) => listener.close(resolve))
    rmSync(dir, { recursive: true })
  }
  if (fetched > 0) violations.push(`hostile XML: ${fetched} addresses were fetched`)
  say(`${cases.length} hostile documents and ${mutations} mutations, the slowest ${Math.round(slowest)} ms`)
  return { trials: cases.length + mutations, violations }
}

const webhooks = salesforce.connect(
  'salesforce',
  salesforce.settings.parse({ auth: { clientId: 'x', clientSecret: 'x' }, webhooks: { secrets: [secret], organizationId } }),
  testDeps(0),
).webhooks!

/** Time of the processor, the best of five: what the machine does beside is not the document's fault. */
function timed(body: Uint8Array): { opened: Opened | null; ms: number } {
  const delivery = { method: 'POST', path: `/webhooks/salesforce/${secret}`, headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
  let opened: Opened | null = null
  let best = Infinity
  for (let run = 0; run < 5 && best > longestMs / 2; run++) {
    const started = process.cpuUsage()
    try {
      opened = webhooks.open(delivery)
    } catch {
      opened = null // counted as a violation
    }
    const { user, system } = process.cpuUsage(started)
    best = Math.min(best, (user + system) / 1_000)
  }
  return { opened, ms: best }
}

/** A mutation that leaves a sound message is one: but every id of it is an id. */
function isSound(opened: Opened): boolean {
  return (
    opened.outcome === 'genuine' &&
    opened.events.length <= 100 &&
    opened.events.every(
      ({ ref, key }) => /^[A-Za-z0-9]{18}$/.test(ref.id) && /^[A-Za-z]\w*$/.test(ref.object) && /^00D\w{15}:04l\w{15}$/.test(key),
    )
  )
}

const valid = (count: number): string =>
  message(
    Array.from({ length: count }, (_, n) =>
      notification(n, 'Contact', '003000000000001', '<sf:Email>a&amp;b@example.test</sf:Email>'),
    ).join(''),
    organizationId,
  )

const dictionary = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  '<!',
  '<!DOCTYPE a>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<?x?>',
  '&a;',
  '&#0;',
  '&#x110000;',
  '\0',
  'xmlns:sf="',
  '</Notification>',
  '<Notification>',
  '𐀀',
  '\u{feff}',
]

function mutated(body: Buffer, random: Random): Buffer {
  let copy = Buffer.from(body)
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(copy.length)
    const to = Math.min(copy.length, at + random(60))
    const way = random(5)
    if (way === 0) copy[at] = random(256)
    else if (way === 1) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(to)])
    else if (way === 2) copy = Buffer.concat([copy.subarray(0, to), copy.subarray(at)])
    else if (way === 3) copy = Buffer.concat([copy.subarray(0, at), Buffer.from(dictionary[random(dictionary.length)]!), copy.subarray(at)])
    else copy = copy.subarray(0, Math.max(1, at))
  }
  return copy
}

/** None of them is a message. */
function hostile(web: string, file: string): Record<string, string | Uint8Array> {
  const good = valid(1)
  const typed = (declarations: string, use = '&a;', name = 'soapenv:Envelope'): string =>
    good.replace('?>', `?><!DOCTYPE ${name} [${declarations}]>`).replace('a&amp;b@example.test', use)
  const inBody = (xml: string): string => good.replace('<ActionId>', `${xml}<ActionId>`)
  const inField = (text: string): string => good.replace('a&amp;b@example.test', text)
  const lol = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  const full = 250_000
  return {
    'a billion laughs': typed(`<!ENTITY l0 "lol">${lol}`, '&l10;'),
    'a quadratic blow-up': typed(`<!ENTITY a "${'a'.repeat(50_000)}">`, '&a;'.repeat(30_000)),
    'an entity of itself': typed('<!ENTITY a "&a;">'),
    'two entities of each other': typed('<!ENTITY a "&b;"><!ENTITY b "&a;">'),
    'a file as an entity': typed(`<!ENTITY a SYSTEM "${file}">`),
    'an address as an entity': typed(`<!ENTITY a SYSTEM "${web}">`),
    'a public entity': typed(`<!ENTITY a PUBLIC "b" "${web}">`),
    'a parameter entity': typed(`<!ENTITY % a SYSTEM "${web}">%a;`, 'x'),
    'an entity that tells on a file': typed(`<!ENTITY % f SYSTEM "${file}"><!ENTITY % e "<!ENTITY a SYSTEM '${web}?%f;'>">%e;`),
    'an external document type': good.replace('?>', `?><!DOCTYPE a SYSTEM "${web}">`),
    'a public document type': good.replace('?>', `?><!DOCTYPE a PUBLIC "-//b" "${web}">`),
    'a document type without more': good.replace('?>', '?><!DOCTYPE a>'),
    'a document type in small letters': good.replace('?>', '?><!doctype a>'),
    'a document type after blanks': `  \n${good.slice(good.indexOf('?>') + 2).replace(/^/, '<!DOCTYPE a>')}`,
    'a document type inside': inBody('<!DOCTYPE a>'),
    'a document type at the end': `${good}<!DOCTYPE a>`,
    'a document type that never ends': good.replace('?>', '?><!DOCTYPE a [<!ENTITY'),
    'an attribute list': typed('<!ATTLIST a b CDATA "c">', 'x'),
    'a notation': typed(`<!NOTATION a SYSTEM "${web}">`, 'x'),
    'an unparsed entity': typed(`<!ENTITY a SYSTEM "${web}" NDATA b>`),
    'a default entity': inField('&copy;'),
    'an entity without declaration': inField('&a;'),
    'an entity without end': inField('&amp'),
    'a bare ampersand': inField('a & b'),
    'the character zero': inField('&#0;'),
    'a character beyond Unicode': inField('&#x110000;'),
    'half a pair': inField('&#xd800;'),
    'a reference with a thousand digits': inField(`&#${'0'.repeat(1_000)}65;`),
    'twenty thousand references': inField('&#65;'.repeat(20_000)),
    'nothing but ampersands': '&'.repeat(full),
    'nothing but brackets': '<'.repeat(full),
    'nothing but ends': '</a>'.repeat(full / 4),
    'nothing but beginnings': '<a>'.repeat(full / 3),
    'nothing but elements': '<a/>'.repeat(full / 4),
    'elements without number': inBody('<a/>'.repeat(60_000)),
    'blanks in a tag': `<a${' '.repeat(full)}`,
    'blanks in every tag': inBody(`<a${' '.repeat(1_000)}`.repeat(240)),
    'an attribute without end': `<a b="${'c'.repeat(full)}`,
    'ten thousand attributes': inBody(`<a ${Array.from({ length: 10_000 }, (_, n) => `b${n}=""`).join(' ')}/>`),
    'the same attribute': inBody(`<a ${'b="" '.repeat(1_000)}/>`),
    'ten thousand namespaces': inBody(Array.from({ length: 10_000 }, (_, n) => `<a xmlns:p${n}=""/>`).join('')),
    'namespaces within namespaces': inBody(
      `${Array.from({ length: 12 }, (_, n) => `<a ${Array.from({ length: 30 }, (__, m) => `xmlns:p${n}x${m}="q"`).join(' ')}>`).join('')}${'<b xmlns:z="q"/>'.repeat(9_000)}`,
    ),
    'a name without end': `<${'a'.repeat(full)}`,
    'a name of colons': `<a:b:c:d xmlns:a="b"/>`,
    'a prefix that is everything': inBody('<__proto__:a/>'),
    'a comment': inBody('<!-- a -->'),
    'a comment without end': inBody(`<!--${'-'.repeat(100_000)}`),
    'a text section': inField('<![CDATA[a]]>'),
    'a text section with markup': good.replace('<sf:Id>', '<sf:Id><![CDATA[</sf:Id><sf:Id>]]>'),
    'a processing instruction': inBody('<?php echo 1 ?>'),
    'a stylesheet': good.replace('?>', `?><?xml-stylesheet type="text/xsl" href="${web}"?>`),
    'a second declaration': inBody('<?xml version="1.0"?>'),
    'an inclusion before the message': `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${file}"/>${good}`,
    'UTF-16': Buffer.from(`\u{feff}${good.replace('UTF-8', 'UTF-16')}`, 'utf16le'),
    'UTF-16 without a mark': Buffer.from(good, 'utf16le'),
    'a declaration of UTF-7': good.replace('UTF-8', 'UTF-7').replace('<ActionId>', '+ADwAIQ-DOCTYPE+AD4-<ActionId>'),
    'Latin 1': Buffer.from(inField('Zoë'), 'latin1'),
    'an overlong less-than': Buffer.concat([Buffer.from(good.slice(0, 400)), Buffer.from([0xc0, 0xbc]), Buffer.from(good.slice(400))]),
    zeros: Buffer.alloc(full),
    'a zero inside': inField('a\0b'),
    'a message within a message': inField(good.slice(good.indexOf('?>') + 2)).replace(
      '</sObject>',
      `<sf:Id>003000000000002</sf:Id></sObject>`,
    ),
    'a hundred and one notifications': valid(101),
    'more than fits': valid(1) + ' '.repeat(300_000),
    'two bodies': good.replace('</soapenv:Body>', '</soapenv:Body><soapenv:Body/>'),
  }
}
