/** The signed head of a ledger, to be kept where nobody who can write the database can write as well. */
import { createPublicKey, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { frame } from './ledger.ts'
import type { Position } from './ledger.ts'

export type Checkpoint = {
  readonly ledger: string
  /** Number of blocks. */
  readonly size: number
  /** Hash of block `size`, hex. */
  readonly head: string
  /** ISO 8601. */
  readonly time: string
  readonly key: string
  /** Ed25519 (RFC 8032) over the other fields, base64. */
  readonly signature: string
}

/** Public keys by key id. */
export type CheckpointKeys = ReadonlyMap<string, KeyObject>

export function signCheckpoint(ledger: string, head: Position, time: string, privateKey: KeyObject): Checkpoint {
  const unsigned = { ledger, size: head.seq, head: head.hash.toString('hex'), time, key: keyIdOf(privateKey) }
  return { ...unsigned, signature: sign(null, signedBytes(unsigned), privateKey).toString('base64') }
}

/** Whether a known key signed exactly this. */
export function isGenuine(checkpoint: Checkpoint, keys: CheckpointKeys): boolean {
  const key = keys.get(checkpoint.key)
  return key !== undefined && verify(null, signedBytes(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))
}

/** 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'public' ? key : createPublicKey(key)
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16)
}

/** @returns `null` when the line is no checkpoint. */
export function parseCheckpoint(line: string): Checkpoint | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  return isCheckpoint(value) ? value : null
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  const texts = ['ledger', 'head', 'time', 'key', 'signature'].every((name) => typeof fields[name] === 'string')
  return texts && Number.isSafeInteger(fields.size) && Number(fields.size) > 0
}

function signedBytes({ ledger, size, head, time, key }: Omit<Checkpoint, 'signature'>): Buffer {
  return frame('accord/ledger/checkpoint/v1', ...[ledger, String(size), head, time, key].map((text) => Buffer.from(text)))
}
