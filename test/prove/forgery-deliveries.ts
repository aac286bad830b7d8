/** Genuine HubSpot deliveries, signed by the rules as HubSpot documents them, and what an attacker makes of them. */
import { createHmac } from 'node:crypto'
import type { Delivery } from '../../src/connectors/connector.ts'
import { signV1, signV2, signV3 } from '../../src/sandbox/hubspot/webhook-sign.ts'
import { extend } from './length-extension.ts'
import type { Random } from './random.ts'

export const publicUrl = 'https://accord.example.org'
export const portalId = 4_400_001
export const secrets = ['3f0c52a1-7d6e-4b8a-9c2d-10e5f6a7b8c9', 'b2c4d6e8-0a1b-4c3d-8e5f-a6b7c8d9e0f1'] as const
const foreignSecret = '9e8d7c6b-5a49-4838-a271-6f5e4d3c2b1a'

export type Signed = { method: string; path: string; headers: Record<string, string | string[] | undefined>; body: Buffer }
type Genuine = Signed & { secret: string; at: number; signature: string }
export const deliveryOf = ({ method, path, headers, body }: Signed): Delivery => ({ method, path, headers, body })

/** `at`: epoch milliseconds. Every other one comes under the secret that is on its way out. */
export function genuine(random: Random, at: number): Genuine {
  const secret = secrets[random(2)]!
  const path = `/webhooks/hubspot${['', '', '?src=hs%3Aapp%2Fv3', '?x=%28a%29&y=b+c%20d'][random(4)]!}`
  const body = Buffer.from(JSON.stringify(Array.from({ length: 1 + (random(20) === 0 ? random(40) : random(3)) }, () => event(random, at))))
  return signed({ method: 'POST', path, body, secret, at })
}

function event(random: Random, at: number): object {
  const common = {
    eventId: random(2 ** 31),
    subscriptionId: 1_000 + random(9),
    portalId,
    appId: 9,
    occurredAt: at - random(60_000),
    attemptNumber: random(3),
  }
  const objectId = 1 + random(2 ** 31)
  const change = {
    subscriptionType: 'contact.propertyChange',
    objectId,
    propertyName: 'jobtitle',
    propertyValue: ['Zoë — café ☕', 'a/b', '', 'x'][random(4)],
  }
  const merge = { subscriptionType: 'contact.merge', primaryObjectId: objectId, mergedObjectIds: [objectId + 1], newObjectId: objectId + 2 }
  return { ...common, ...[{ subscriptionType: 'contact.creation', objectId }, change, merge][random(3)] }
}

type Parts = { method: string; path: string; body: Buffer; secret: string; at: number }
/** As HubSpot signs it. `at`: epoch milliseconds, when. */
export function signed(parts: Parts): Genuine {
  const signature = signV3(parts.secret, parts.method, publicUrl + parts.path, parts.body, parts.at)
  return { ...parts, headers: v3(signature, String(parts.at)), signature }
}

const json = { 'content-type': 'application/json' }
const v3 = (signature: string, timestamp: string) => ({
  ...json,
  'x-hubspot-signature-v3': signature,
  'x-hubspot-request-timestamp': timestamp,
})
const old = (version: string, signature: string) => ({ ...json, 'x-hubspot-signature': signature, 'x-hubspot-signature-version': version })
const mac = (key: string, ...parts: (string | Uint8Array)[]): string => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('base64')
}
const oneOf = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!
const resigned = (one: Genuine, change: Partial<Parts>): Genuine => signed({ ...one, ...change })
const withHeaders = (one: Genuine, headers: Signed['headers']): Signed => ({ ...one, headers: { ...one.headers, ...headers } })
const flipped = (bytes: Uint8Array, random: Random): Buffer => {
  const copy = Buffer.from(bytes)
  const at = random(copy.length)
  copy[at] = copy[at]! ^ (1 << random(8))
  return copy
}
const without = (text: string, at: number): string => text.slice(0, at) + text.slice(at + 1)

/** `lax`: also against a connection that takes the old signatures. `wire`: can be sent over HTTP as it is. */
export type Forgery = { lax?: true; wire?: false; make: (one: Genuine, random: Random) => Signed }

/** None of these is signed by whoever holds a secret, for what it says, when it says. */
export const forgeries: Readonly<Record<string, Forgery>> = {
  'a bit of the body': { lax: true, make: (one, random) => ({ ...one, body: flipped(one.body, random) }) },
  'a bit of the signature': {
    wire: false,
    make: (one, random) =>
      withHeaders(one, { 'x-hubspot-signature-v3': flipped(Buffer.from(one.signature, 'latin1'), random).toString('latin1') }),
  },
  'a bit of what the signature decodes to': {
    lax: true,
    make: (one, random) =>
      withHeaders(one, { 'x-hubspot-signature-v3': flipped(Buffer.from(one.signature, 'base64'), random).toString('base64') }),
  },
  'the other spelling of its last character': {
    make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': twinOf(one.signature, 1 + random(3)) }),
  },
  'another digit in the time': {
    make: (one, random) => {
      const digits = [...String(one.at)]
      const at = digits.length - 1 - random(5)
      digits[at] = String((Number(digits[at]) + 1 + random(9)) % 10)
      return withHeaders(one, { 'x-hubspot-request-timestamp': digits.join('') })
    },
  },
  'a cut body': { lax: true, make: (one, random) => ({ ...one, body: one.body.subarray(0, random(one.body.length)) }) },
  'a longer body': {
    make: (one, random) => ({ ...one, body: Buffer.concat([one.body, Buffer.from(oneOf(random, [' ', '\n', '\0', ',{}]', '[]']))]) }),
  },
  'a cut signature': { make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': one.signature.slice(0, random(44)) }) },
  'a signature without one of its characters': {
    make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': without(one.signature, random(44)) }),
  },
  'the signature written otherwise': {
    make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': oneOf(random, spellings(one.signature)) }),
  },
  'letters that shrink to those of the signature': {
    wire: false,
    make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': shrinking(one.signature, random) }),
  },
  'the signature of another delivery': {
    make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': genuine(random, one.at - 1).signature }),
  },
  'another method': { make: (one, random) => ({ ...one, method: oneOf(random, ['GET', 'PUT', 'PATCH', 'DELETE', 'post', 'Post', '']) }) },
  'another address': { make: (one, random) => ({ ...one, path: oneOf(random, addresses(one.path)) }) },
  'the beginning of the body in the address': {
    make: (one, random) => {
      const cut = 1 + random(20)
      return { ...one, path: one.path + one.body.subarray(0, cut).toString('latin1').replaceAll(' ', '%20'), body: one.body.subarray(cut) }
    },
  },
  'the end of the body in the time': {
    make: (one) => withHeaders({ ...one, body: one.body.subarray(0, -1) }, { 'x-hubspot-request-timestamp': `]${one.at}` }),
  },
  'the beginning of the time in the body': {
    make: (one) => ({
      ...withHeaders(one, { 'x-hubspot-request-timestamp': String(one.at).slice(1) }),
      body: Buffer.concat([one.body, Buffer.from(String(one.at).slice(0, 1))]),
    }),
  },
  'a v1 signature in the place of v3': { make: (one) => ({ ...one, headers: old('v1', signV1(one.secret, one.body)) }) },
  'a v2 signature in the place of v3': {
    make: (one) => ({ ...one, headers: old('v2', signV2(one.secret, one.method, publicUrl + one.path, one.body)) }),
  },
  'a v1 signature beside a wrong v3': {
    lax: true,
    make: (one, random) => {
      const body = flipped(one.body, random)
      return withHeaders({ ...one, body }, old('v1', signV1(one.secret, body)))
    },
  },
  'a v2 signature beside a late v3': {
    lax: true,
    make: (one, random) => {
      const late = resigned(one, { at: one.at - 300_001 - random(1e9) })
      return withHeaders(late, old('v2', signV2(one.secret, one.method, publicUrl + one.path, one.body)))
    },
  },
  'a v1 signature beside an empty v3': {
    lax: true,
    make: (one, random) =>
      withHeaders(one, { ...old('v1', signV1(one.secret, one.body)), 'x-hubspot-signature-v3': oneOf(random, ['', ' ', []]) }),
  },
  'a v1 signature, lengthened': { lax: true, make: (one, random) => lengthened(one, '', random, (hex) => old('v1', hex)) },
  'a v2 signature, lengthened': {
    lax: true,
    make: (one, random) => lengthened(one, `${one.method}${publicUrl}${one.path}`, random, (hex) => old('v2', hex)),
  },
  'an old signature under another version': {
    lax: true,
    make: (one, random) => ({
      ...one,
      headers: old(oneOf(random, ['v3', 'V1', 'v1 ', 'v2', '', 'v1,v2', 'constructor']), signV1(one.secret, one.body)),
    }),
  },
  "another portal's secret": { lax: true, make: (one) => resigned(one, { secret: foreignSecret }) },
  'an empty secret': { lax: true, make: (one) => resigned(one, { secret: '' }) },
  'a secret that is nearly ours': { make: (one, random) => resigned(one, { secret: oneOf(random, nearly(one.secret)) }) },
  'events of another portal': {
    lax: true,
    make: (one) => resigned(one, { body: Buffer.from(one.body.toString('utf8').replaceAll(String(portalId), String(portalId + 1))) }),
  },
  'no signature': { lax: true, make: (one, random) => withHeaders(one, { 'x-hubspot-signature-v3': oneOf(random, [undefined, '']) }) },
  'no time': { make: (one, random) => withHeaders(one, { 'x-hubspot-request-timestamp': oneOf(random, [undefined, '']) }) },
  'a header twice': {
    make: (one, random) =>
      withHeaders(
        one,
        oneOf(random, [
          { 'x-hubspot-signature-v3': [one.signature, one.signature] },
          { 'x-hubspot-signature-v3': ['x', one.signature] },
          { 'x-hubspot-request-timestamp': [String(one.at), String(one.at)] },
          { 'x-hubspot-signature-v3': `${one.signature}, ${one.signature}` },
        ]),
      ),
  },
  'a header as a list': { wire: false, make: (one) => withHeaders(one, { 'x-hubspot-signature-v3': [one.signature] }) },
  'a time too old': { lax: true, make: (one, random) => resigned(one, { at: one.at - 360_000 - random(1e9) }) },
  'a time too new': { lax: true, make: (one, random) => resigned(one, { at: one.at + 360_000 + random(1e9) }) },
  'a time written otherwise': { make: (one, random) => stamped(one, oneOf(random, times(one.at))) },
  'the body in other bytes': { make: (one, random) => ({ ...one, body: oneOf(random, encodings(one.body)) }) },
  'a signature over the body read as Latin 1': { make: (one) => overLatin1(one) },
  'a signature over the wholly decoded address': {
    make: (one) => {
      const query = '?q=a%20b%26c%2Bd'
      const signature = mac(
        one.secret,
        one.method,
        decodeURIComponent(publicUrl + one.path.split('?')[0] + query),
        one.body,
        String(one.at),
      )
      return withHeaders({ ...one, path: one.path.split('?')[0] + query }, { 'x-hubspot-signature-v3': signature })
    },
  },
  'a signature over the address of another host': {
    make: (one) =>
      withHeaders(one, {
        'x-hubspot-signature-v3': mac(one.secret, one.method, `https://evil.example.org${one.path}`, one.body, String(one.at)),
      }),
  },
}

/** Characters that decode alike: of the last one, two bits count for nothing. */
function twinOf(signature: string, by: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return `${signature.slice(0, 42)}${alphabet[alphabet.indexOf(signature[42]!) ^ by]!}=`
}

function spellings(signature: string): string[] {
  const bytes = Buffer.from(signature, 'base64')
  const swapped = signature.replace(/[a-z]/i, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
  return [
    bytes.toString('hex'),
    `${bytes.toString('base64url')}=.`,
    signature.slice(0, -1),
    `${signature}=`,
    `"${signature}"`,
    `sha256=${signature}`,
    swapped,
    `v3=${signature}`,
  ]
}

/** Their code points are those of the signature, plus a multiple of 256: a careless conversion to bytes drops it. */
function shrinking(signature: string, random: Random): string {
  const at = random(signature.length)
  return signature.slice(0, at) + String.fromCodePoint(signature.codePointAt(at)! + 256 * (1 + random(200))) + signature.slice(at + 1)
}

function addresses(path: string): string[] {
  const [base = '', query] = path.split('?')
  const tail = query === undefined ? '' : `?${query}`
  return [
    `${base}2${tail}`,
    `${path}${query === undefined ? '?' : '&'}a=1`,
    `${base}/${tail}`,
    `/${base}${tail}`,
    `${base.toUpperCase()}${tail}`,
    `/webhooks%2Fhubspot${tail}`,
    `/webhooks/../webhooks/hubspot${tail}`,
    `${base}%3Fa=1`,
    `${path}#`,
    `${publicUrl}${path}`,
    `${base}/${'s'.repeat(30)}${tail}`,
  ]
}

function nearly(secret: string): string[] {
  return [
    `${secret} `,
    ` ${secret}`,
    `${secret}\n`,
    `${secret}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x`,
    secret.toUpperCase(),
    secret.slice(1),
    secret.replaceAll('-', ''),
    'undefined',
    'null',
    secrets.join(','),
  ]
}

function times(at: number): string[] {
  return [
    `+${at}`,
    `${at}.0`,
    ` ${at}`,
    `${at}`.slice(0, 10),
    `0${at}`,
    `${at}0`,
    `${at / 1e3}e3`,
    `0x${at.toString(16)}`,
    'NaN',
    'Infinity',
    '',
    `-${at}`,
  ]
}

function stamped(one: Genuine, timestamp: string): Signed {
  return withHeaders(one, v3(mac(one.secret, one.method, decodedBySandbox(one), one.body, timestamp), timestamp))
}

/** The address as it was signed: without a query none of it needs decoding. */
function decodedBySandbox(one: Genuine): string {
  return publicUrl + one.path.replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%28', '(').replaceAll('%29', ')')
}

function encodings(body: Buffer): Buffer[] {
  const text = body.toString('utf8')
  const pretty = Buffer.from(JSON.stringify(JSON.parse(text), null, 1))
  return [
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
    Buffer.from(text, 'utf16le'),
    pretty,
    Buffer.from(`${text}\r\n`),
    Buffer.from(text.replace('"', '\\u0022')),
  ]
}

function overLatin1(one: Genuine): Signed {
  const body = Buffer.from(one.body.toString('utf8').replace('[{', '[{"note":"Zoë",'))
  const signature = mac(one.secret, one.method, decodedBySandbox(one), body.toString('latin1'), String(one.at))
  return withHeaders({ ...one, body }, { 'x-hubspot-signature-v3': signature })
}

/** Knows one old signature and the length of the secret, and adds an event of its own. */
function lengthened(one: Genuine, between: string, random: Random, headersOf: (hex: string) => Signed['headers']): Signed {
  const hex = between === '' ? signV1(one.secret, one.body) : signV2(one.secret, one.method, publicUrl + one.path, one.body)
  const suffix = Buffer.from(
    `[{"eventId":${random(1e9)},"subscriptionId":1,"portalId":${portalId},"occurredAt":1,"subscriptionType":"contact.deletion","objectId":1}]`,
  )
  const forged = extend(hex, one.secret.length + between.length, one.body, suffix)
  const real = between === '' ? signV1(one.secret, forged.message) : signV2(one.secret, one.method, publicUrl + one.path, forged.message)
  if (real !== forged.hex) throw new Error('the lengthened signature does not fit: the attack is none')
  return { ...one, body: forged.message, headers: headersOf(forged.hex) }
}
