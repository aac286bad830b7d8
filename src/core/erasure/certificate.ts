/**
 * The signed paper of an erasure: which systems, which records by reference, how, what was found on looking again, what is kept and by which law. No personal
 * data: the person knows who they are, and whoever checks it needs the number of the request alone.
 */
import { sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { keyIdOf, type CheckpointKeys } from '../ledger/checkpoint.ts'
import { entryText } from '../ledger/entry.ts'
import { frame } from '../ledger/ledger.ts'

const text = z.string()
const count = z.int().min(0)
const CertificateSchema = z.strictObject({
  format: z.literal('accord/erasure-certificate/v1'),
  controller: text,
  request: text,
  /** ISO 8601, as all times here. */
  received: text,
  issued: text,
  standing: z.enum(['proved', 'held', 'pending-vendor-purge', 'out-of-reach']),
  systems: z.array(z.strictObject({ connection: text, crm: text, method: z.enum(['purge', 'bin']), records: count })),
  records: z.array(
    z.strictObject({
      ref: text,
      reasons: z.array(text),
      action: z.enum(['erase', 'anonymise', 'keep']),
      outcome: text.nullable(),
      trace: text.nullable(),
      holds: z.array(z.strictObject({ ground: text, text, because: text, until: text.nullable(), review: text })),
    }),
  ),
  /** What hung on the records: notes, cases, consents. */
  around: z.array(z.strictObject({ connection: text, object: text, outcome: text, count })),
  /** When the texts of others were last read; null: not yet, they are with a later look. */
  mentionsRead: text.nullable(),
  /** Places where words about the person were found then. */
  mentions: z.array(z.strictObject({ ref: text, certainty: z.enum(['certain', 'possible']), what: text })),
  /** Art. 19: other systems that were told, and what they answered. `at` null: not yet. */
  recipients: z.array(z.strictObject({ name: text, way: z.enum(['webhook', 'email', 'none']), outcome: text, at: text.nullable() })),
  /** CRMs that are gone for good: what they held could neither be erased nor looked at again. Absent: none. */
  lost: z
    .array(z.strictObject({ connection: text, crm: text, records: count, because: text, declaredBy: text, declared: text }))
    .optional(),
  unreached: z.array(z.strictObject({ connection: text, what: text })),
  looks: z.array(z.strictObject({ look: text, at: text, standing: text })),
  next: z.strictObject({ look: text, at: text }).nullable(),
  /** The ledger's head when this was issued: the erasure's own entries lie before it. */
  ledger: z.strictObject({ id: text, block: count, hash: text }),
  /** Of the controller, whose days are printed. Certificates of former versions have none: theirs are days of UTC. */
  timezone: text.optional(),
  /** What each code above means, by `kind.code`. Certificates of former versions have none. */
  words: z.record(text, z.strictObject({ fr: text, en: text })).optional(),
  key: text,
  /** Ed25519 (RFC 8032) over everything else, base64. */
  signature: text,
})
export type Certificate = z.output<typeof CertificateSchema>
export type Unsigned = Omit<Certificate, 'key' | 'signature'>
export type CertificateReport =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly fault: 'no-certificate' | 'unknown-key' | 'forged'; readonly key: string | null }

export function signCertificate(unsigned: Unsigned, privateKey: KeyObject): Certificate {
  const named = { ...unsigned, key: keyIdOf(privateKey) }
  return { ...named, signature: sign(null, signedBytes(named), privateKey).toString('base64') }
}

/** The one text of a certificate: keys in order, indented for people. */
export function certificateText(certificate: Certificate): string {
  return `${JSON.stringify(JSON.parse(entryText(certificate)), null, 2)}\n`
}

/** Needs the file and the public keys, and nothing else. A file that says more than what was signed, or says it otherwise, is forged. */
export function verifyCertificate(file: string, keys: CheckpointKeys): CertificateReport {
  const certificate = parse(file)
  if (certificate === null) return { ok: false, fault: 'no-certificate', key: null }
  const { signature, ...named } = certificate
  const key = keys.get(named.key)
  if (key === undefined) return { ok: false, fault: 'unknown-key', key: named.key }
  const genuine = verify(null, signedBytes(named), key, Buffer.from(signature, 'base64'))
  return genuine && file.replaceAll('\r\n', '\n') === certificateText(certificate)
    ? { ok: true, certificate }
    : { ok: false, fault: 'forged', key: named.key }
}

function parse(file: string): Certificate | null {
  let value: unknown
  try {
    value = JSON.parse(file)
  } catch {
    return null
  }
  const parsed = CertificateSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

function signedBytes(named: Omit<Certificate, 'signature'>): Buffer {
  return frame('accord/certificate/v1', Buffer.from(entryText(named)))
}
