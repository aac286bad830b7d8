/** Keyed hashes of identifiers: what the store keeps instead of an address (GDPR art. 4(5): the key is the secret kept apart). */
import { createHmac, hash } from 'node:crypto'
import type { Held } from '../record/row.ts'
import { remember } from '../text/remember.ts'

export type IdentifierKind = 'email' | 'phone'

export interface Hasher {
  /**
   * Finds the records of one person: the first 64 bits as a signed integer in decimal, which is how the database holds it. Among ten million
   * contacts two addresses meet with a chance of one in 300,000. `value` is the identity form, E.164, or for `record` a reference `connection:object:id`.
   */
  identifier(kind: IdentifierKind | 'record', value: string): string
  /** Names what one person said to Accord itself: 128 bits in base64url, comparable with neither of the others. */
  voice(kind: IdentifierKind, value: string): string
  /** 32 bytes: whose key seals what was said. `value`: an address in its suppression form, so that all spellings of a mailbox share one key; or E.164. */
  holder(kind: IdentifierKind, value: string): Uint8Array
  /** 32 bytes: the suppression list. Never comparable with `identifier`, although both stand under one key. */
  suppression(kind: IdentifierKind, value: string): Uint8Array
  /**
   * 36 bits: tells whether anything that we judge has changed. Empty fields are left out: nine in ten are, and a field that comes or goes altogether
   * changes the digest of the whole source.
   */
  content(names: readonly string[], fields: Readonly<Record<string, string | null>>): number
  /** The same of what a record holds, which has these names in the same order, and perhaps others. */
  contentHeld(names: readonly string[], held: Held): number
  /** 1..65535, or 0 for the empty (unknown) name: tells two people on one mailbox apart, and is too short to give a name away. */
  givenNameTag(givenName: string): number
  /** 1..32767, or 0 for the empty (unknown) name: the same, for the family name. Of one and the same word it is `shortTag` of the given name's. */
  familyNameTag(familyName: string): number
}

const block = 64
const mostTags = 16_384
const digestLength = 32
/** Longest message that the prepared buffer holds, in UTF-8 bytes; longer ones take the plain way. */
const maxPrepared = 960

/**
 * HMAC-SHA-256 of `<purpose>:<channel>:<value>` in UTF-8 under one tenant's key. Not re-entrant across threads, and need not be.
 * Two one-shot hashes over prepared pads (RFC 2104) take half the time of createHmac: every record is hashed on every pull.
 */
export function createHasher(key: Uint8Array): Hasher {
  const mac = createTextMac(key)
  /** A few thousand names are most of mankind: asked for per record, hashed per name. */
  const tagOfName = remember((name) => (name === '' ? 0 : tagOf(mac(`identifier:givenname:${name}`))), mostTags)
  const secret = Buffer.from(key).toString('latin1')
  const textHeld = createHeldText(secret)
  return {
    content(names, fields) {
      let text = secret
      for (const name of names) {
        const value = fields[name]
        if (value != null) text += `${name}\u001f${value}\u001e`
      }
      return first36(hash('sha256', text, 'latin1'))
    },
    contentHeld: (names, held) => first36(hash('sha256', textHeld(names, held), 'latin1')),
    identifier: (kind, value) => signed64(mac(`identifier:${kind}:${value}`)),
    voice: (kind, value) => Buffer.from(mac(`voice:${kind}:${value}`).slice(0, 16), 'latin1').toString('base64url'),
    holder: (kind, value) => Buffer.from(mac(`holder:${kind}:${value}`), 'latin1'),
    suppression: (kind, value) => Buffer.from(mac(`suppression:${kind}:${value}`), 'latin1'),
    givenNameTag: tagOfName,
    familyNameTag: (name) => shortTag(tagOfName(name)),
  }
}

/** `before`, and then each field as `content` has it. */
function createHeldText(before: string): (names: readonly string[], held: Held) => string {
  let learnt: { readonly asked: readonly string[]; readonly held: readonly string[] } | null = null
  /** By number of the name; null: nobody asked for it. */
  let heads: readonly (string | null)[] = []
  const learn = (asked: readonly string[], held: readonly string[]): void => {
    const wanted = new Set(asked)
    heads = held.map((name) => (wanted.has(name) ? `${name}\u001f` : null))
    learnt = { asked, held }
  }
  return (names, { names: held, at, values }) => {
    if (learnt?.asked !== names || learnt.held !== held) learn(names, held)
    let text = before
    for (let i = 0; i < at.length; i++) {
      const head = heads[at[i] ?? -1]
      const value = values[i]
      if (head != null && value != null) text += `${head}${value}\u001e`
    }
    return text
  }
}

function first36(digest: string): number {
  const upper = digest.charCodeAt(0) * 2 ** 24 + ((digest.charCodeAt(1) << 16) | (digest.charCodeAt(2) << 8) | digest.charCodeAt(3))
  return upper * 16 + (digest.charCodeAt(4) & 15)
}

/** The same tag as `createHasher(key).givenNameTag`, for callers that need only one. */
export function givenNameTag(key: Uint8Array, givenName: string): number {
  return givenName === '' ? 0 : tagOf(createTextMac(key)(`identifier:givenname:${givenName}`))
}

/** 15 bits of a tag, so that the family name of one record can be compared with the given name of another. */
export function shortTag(tag: number): number {
  return tag === 0 ? 0 : tag & 32_767 || 1
}

const eight = Buffer.alloc(8)

function signed64(digest: string): string {
  eight.write(digest, 0, 8, 'latin1')
  return eight.readBigInt64BE().toString()
}

function tagOf(digest: string): number {
  const tag = (digest.charCodeAt(0) << 8) | digest.charCodeAt(1)
  return tag === 0 ? 1 : tag
}

/** HMAC-SHA-256 over text, for any key length. Exported for the vectors of RFC 4231. */
export function createMac(key: Uint8Array): (message: string) => Uint8Array {
  const mac = createTextMac(key)
  return (message) => Buffer.from(mac(message), 'latin1')
}

/** Digests as binary text: a Buffer for each costs more than the hash. */
function createTextMac(key: Uint8Array): (message: string) => string {
  const padded = new Uint8Array(block)
  padded.set(key.length > block ? hash('sha256', key, 'buffer') : key)
  const inner = Buffer.alloc(block + maxPrepared)
  const outer = Buffer.alloc(block + digestLength)
  for (let i = 0; i < block; i++) {
    inner[i] = (padded[i] ?? 0) ^ 0x36
    outer[i] = (padded[i] ?? 0) ^ 0x5c
  }
  return (message) => {
    // A UTF-16 unit takes at most three bytes of UTF-8; what may not fit must not be cut.
    if (message.length * 3 > maxPrepared) return createHmac('sha256', key).update(message).digest('latin1')
    const length = inner.write(message, block, 'utf8')
    outer.write(hash('sha256', inner.subarray(0, block + length), 'latin1'), block, 'latin1')
    return hash('sha256', outer, 'latin1')
  }
}
