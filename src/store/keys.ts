import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { keyIdOf } from '../core/ledger/checkpoint.ts'
import { StoreError } from './error.ts'
import { codeOf } from './pool.ts'
import { syncPath } from './sync-path.ts'

export type LedgerKey = { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly keyId: string }
export type HashKey = { readonly key: Uint8Array; readonly keyId: string }

/** The Ed25519 key that signs checkpoints: `<dir>/keys/ledger.pem`, made at first use. Keep a copy of the public half elsewhere. */
export async function loadLedgerKey(dir: string): Promise<LedgerKey> {
  const path = ledgerKeyFile(dir)
  const pem = await readOrCreate(path, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return ledgerKeyOf(path, pem)
}

/** A new key in the place of the old one, whose private half is gone with that: whole or not at all. */
export async function replaceLedgerKey(dir: string): Promise<LedgerKey> {
  const path = ledgerKeyFile(dir)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await rename(await draftOf(path, pem), path)
  await syncPath(dirname(path))
  return ledgerKeyOf(path, pem)
}

/** The same key for those who only look: `null` when there is none, and none is made. */
export async function findLedgerKey(dir: string): Promise<LedgerKey | null> {
  const path = ledgerKeyFile(dir)
  const pem = await readPrivate(path)
  return pem === undefined ? null : ledgerKeyOf(path, pem)
}

/** The public half of a ledger key, from a PEM file that anybody may read. */
export async function readPublicKey(path: string): Promise<Pick<LedgerKey, 'publicKey' | 'keyId'>> {
  const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StoreError('key', `${path} cannot be read (${codeOf(cause)})`, { cause })
  })
  if (pem.includes('PRIVATE KEY'))
    throw new StoreError('key', `${path} is a private key; give its public half, from "accord ledger public-key"`)
  const publicKey = parseKey(path, pem, createPublicKey)
  return { publicKey, keyId: keyIdOf(publicKey) }
}

export function ledgerKeyFile(dir: string): string {
  return join(dir, 'keys', 'ledger.pem')
}

function ledgerKeyOf(path: string, pem: string): LedgerKey {
  const privateKey = parseKey(path, pem, createPrivateKey)
  const publicKey = createPublicKey(privateKey)
  return { privateKey, publicKey, keyId: keyIdOf(publicKey) }
}

/**
 * The 32 bytes under which identifiers are hashed: `given` (base64, from ACCORD_HASH_KEY), else `<dir>/keys/hash.key`, made at
 * first use. Never in the database: whoever takes a dump must not be able to try addresses. Losing it loses every link and every
 * suppression, so it belongs in the backup of secrets. `keyId` says which key made a hash and nothing about the key.
 */
export async function loadHashKey(dir: string, given?: string): Promise<HashKey> {
  const path = hashKeyFile(dir)
  const text = given ?? (await readOrCreate(path, () => `${randomBytes(32).toString('base64')}\n`))
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32 || key.toString('base64') !== text.trim()) {
    const where = given === undefined ? path : 'ACCORD_HASH_KEY'
    throw new StoreError('key', `${where} must hold 32 bytes in base64; make one with "openssl rand -base64 32"`)
  }
  return { key, keyId: createHmac('sha256', key).update('accord/hash-key-id/v1').digest('hex').slice(0, 16) }
}

export function hashKeyFile(dir: string): string {
  return join(dir, 'keys', 'hash.key')
}

export async function hasHashKey(dir: string): Promise<boolean> {
  return (await readPrivate(hashKeyFile(dir))) !== undefined
}

async function readOrCreate(path: string, make: () => string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return (await readPrivate(path)) ?? create(path, make())
}

async function readPrivate(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path)
    if ((mode & 0o007) !== 0) throw new StoreError('key', `${path} can be read by everybody; run "chmod 600 ${path}"`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whole or not at all, and the first of several processes wins: `link` refuses an existing name. */
async function create(path: string, text: string): Promise<string> {
  const draft = await draftOf(path, text)
  try {
    await link(draft, path)
    return text
  } catch (error) {
    const winner = await readPrivate(path)
    if (winner === undefined) throw error
    return winner
  } finally {
    await rm(draft, { force: true })
  }
}

/** Beside its place, and on the disk. */
async function draftOf(path: string, text: string): Promise<string> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return draft
}

function parseKey(path: string, pem: string, parse: (pem: string) => KeyObject): KeyObject {
  try {
    const key = parse(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new StoreError('key', `${path} is no key in PEM`, { cause })
  }
  throw new StoreError('key', `${path} is no Ed25519 key`)
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
