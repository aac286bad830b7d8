import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { AccessHead } from '../../src/core/access/head.ts'
import type { Told } from '../../src/core/access/told.ts'
import { printCopy } from '../../src/paper/access.ts'
import { packCopy } from '../../src/paper/access-pack.ts'
import { zipOf } from '../../src/paper/access-zip.ts'
import { isExact, plain } from '../../src/paper/letters.ts'
import { openSpool } from '../../src/store/spool.ts'
import { unzip } from '../unzip.ts'
import { textsOf } from './pdf-texts.ts'

const head: AccessHead = {
  kind: 'access',
  language: 'fr',
  request: '7f3a',
  madeAt: '2026-11-22T08:00:00.000Z',
  timezone: 'Europe/Paris',
  controller: { name: 'Exemple SAS', address: 'Paris' },
  dpo: { name: 'DPO', email: 'dpo@exemple.fr' },
  askedWith: ['ada@example.test'],
  systems: [{ system: 'crm', crm: 'hubspot', records: [{ object: 'contacts', id: '1', because: 'porte votre adresse' }] }],
  purposes: [],
  consents: [],
  statements: [],
  suppressed: 'non',
  concluded: [],
  automated: 'aucune',
  sources: [],
  recipients: [],
  retention: [],
  rights: [],
  complaint: 'CNIL',
  others: 'autres',
}
const piece = (fields: readonly (readonly [string, string])[]): Told => ({
  system: 'crm',
  entry: {
    part: 'record',
    of: { object: 'contacts', id: '1' },
    fields: fields.map(([label, value]) => ({
      name: label,
      label,
      value,
      shown: null,
      at: null,
      source: null,
      provenance: 'unknown',
      note: null,
    })),
  },
})
async function* pieces(...all: Told[]): AsyncGenerator<Told> {
  yield* all
}
describe('the copy on paper', () => {
  it('has each value of a long record, over as many numbered pages as it takes, and none of them empty', async () => {
    const fields = Array.from({ length: 300 }, (_, i) => [`Champ ${i}`, `valeur ${i} ${'x'.repeat(i % 60)}`] as const)
    const pdf = await buffer(printCopy(head, pieces(piece(fields), piece([['Long', 'mot '.repeat(6_000)]])), () => ['crm: notes']))
    const text = textsOf(pdf)
    expect(fields.filter(([label]) => !text.includes(label))).toEqual([])
    expect(text.match(/valeur \d+/g)?.length).toBe(300)
    expect(text.match(/mot/g)?.length).toBe(6_000)
    expect(text).toContain('crm: notes')
    const pages = text.match(/page \d+/g) ?? []
    expect(pages).toEqual(Array.from({ length: pages.length }, (_, i) => `page ${i + 1}`))
    expect(pages.length).toBeGreaterThan(10)
    expect(Math.min(...text.split(/page \d+/).map((one) => one.length))).toBeGreaterThan(20)
  })

  it('shows letters that its fonts lack as near as it can, and breaks no line into nothing', () => {
    expect(plain('Łódź – Čapek “é” €\u202F\u200B日')).toBe('Lódz – Capek “é” €\u00A0\u00BF')
    expect(plain('Γιώργος Παπαδόπουλος, ΑΘΗΝΑ')).toBe('Giorgos Papadopoulos, ATHINA')
    expect(plain('Юлия Щербакова, Київ, Ђорђе, Цветан Йорданов')).toBe('Yuliya Shcherbakova, Kiyiv, Djordje, Tsvetan Yordanov')
    expect(['Élodie Œuvre – 12 €', 'a\u202Fb\u200B', 'Łódź', 'Γιώργος', '日'].map(isExact)).toEqual([true, true, false, false, false])
  })

  it('says beside a value that it stands there in other letters than its own', async () => {
    const text = textsOf(
      await buffer(
        printCopy(
          head,
          pieces(
            piece([
              ['Nom', 'Γιώργος'],
              ['Ville', 'Orléans'],
            ]),
          ),
          () => [],
        ),
      ),
    )
    expect(text).toContain('Giorgos')
    expect(text.match(/remplacés/g)).toHaveLength(1)
  })

  it('leaves no page empty before a value of very many lines', async () => {
    const text = textsOf(await buffer(printCopy(head, pieces(piece([['Notes', 'x\n'.repeat(120)]])), () => [])))
    expect(
      Math.min(
        ...text
          .split(/page \d+/)
          .slice(1)
          .map((page) => page.length),
      ),
    ).toBeGreaterThan(20)
  })

  it('ends with the error of what it prints', async () => {
    const broken = async function* (): AsyncGenerator<Told> {
      yield piece([['a', 'b']])
      throw new Error('the CRM is away')
    }
    await expect(buffer(printCopy(head, broken(), () => []))).rejects.toThrow('the CRM is away')
  })
})

describe('a zip that is written while it is read', () => {
  it('holds each file, opened in its turn', async () => {
    const opened: string[] = []
    const part = (name: string, text: string) => ({
      name,
      open: () => {
        opened.push(name)
        return Readable.from([text], { objectMode: false })
      },
    })
    const zip = zipOf([part('a.txt', 'one'), part('é.txt', 'two'.repeat(100_000))], new Date(0))
    const files = unzip(await buffer(zip))
    expect([...files].map(([name, body]) => [name, body.length])).toEqual([
      ['a.txt', 3],
      ['é.txt', 300_000],
    ])
    expect(opened).toEqual(['a.txt', 'é.txt'])
  })

  it('is no zip when a part fails', async () => {
    const failing = async function* () {
      yield 'x'.repeat(200_000)
      throw new Error('away')
    }
    const zip = zipOf([{ name: 'a', open: () => Readable.from(failing(), { objectMode: false }) }], new Date(0))
    const got: Buffer[] = []
    await expect(
      (async () => {
        for await (const chunk of zip) got.push(chunk as Buffer)
      })(),
    ).rejects.toThrow('away')
    expect(() => unzip(Buffer.concat(got))).toThrow('cut short')
  })
})

describe('a copy of somebody of whom there is much', () => {
  /** A record of 1,200 properties with what each was before, and ten thousand engagements, none like another; counts what was asked for. */
  function muchOf(count: { given: number }): () => AsyncGenerator<Told> {
    const noise = createHash('shake256', { outputLength: 512 }).update('noise').digest('base64')
    const textOf = (n: number): string => `${n} ${noise.slice(n % 300)}${createHash('sha256').update(String(n)).digest('base64')}`
    return async function* () {
      for (let n = 0; n < 10_002; n++) {
        count.given++
        yield piece(n < 2 ? Array.from({ length: 1_200 }, (_, i) => [`Champ ${i}`, textOf(i)] as const) : [['Note', textOf(n)]])
      }
    }
  }
  /** Until a reader who takes nothing more is given nothing more. */
  async function stalled(count: { given: number }): Promise<number> {
    for (let before = -1; before !== count.given;) {
      before = count.given
      for (let turn = 0; turn < 50; turn++) await setImmediate()
    }
    return count.given
  }

  it('is read no faster than it is fetched, holds all of it, and leaves nothing behind', async () => {
    const count = { given: 0 }
    const spool = await openSpool()
    const packing = { head: { ...head, kind: 'portability' as const }, pieces: muchOf(count), unread: () => [], withheld: () => 0 }
    const zip = packCopy(packing, spool)
    zip.read(1)
    expect(await stalled(count)).toBeLessThan(1_500)
    const files = unzip(await buffer(zip))
    expect(count.given).toBe(10_002)
    expect((JSON.parse(files.get('data.json')!.toString()) as { data: unknown[] }).data.length).toBe(10_002)
    await spool.close()
  })

  it('is printed no faster than it is fetched', async () => {
    const count = { given: 0 }
    const noise = (n: number): string => createHash('shake256', { outputLength: 300 }).update(String(n)).digest('base64')
    const all = async function* (): AsyncGenerator<Told> {
      for (let n = 0; n < 200; n++) {
        count.given++
        yield piece(Array.from({ length: 20 }, (_, i) => [`Champ ${i}`, noise(20 * n + i)] as const))
      }
    }
    const paper = printCopy(head, all(), () => [])
    paper.read(1)
    expect(await stalled(count)).toBeLessThan(100)
    paper.destroy()
  })
})
