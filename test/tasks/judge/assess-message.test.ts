import { describe, expect, it } from 'vitest'
import type { CrmRecord } from '../../../src/connectors/connector.ts'
import { createHasher } from '../../../src/core/identity/hash.ts'
import { assess, type Assessed } from '../../../src/tasks/judge/assess.ts'
import { createPacker, createReader, type Reply } from '../../../src/tasks/judge/assess-message.ts'
import { openAssessing } from '../../../src/tasks/judge/assess-thread.ts'
import { createUnpacker, packRecords, toSheet } from '../../../src/tasks/judge/packed-records.ts'
import { catalogueOf, hubspot, policy, world } from '../../core/judge-world.ts'
import { record } from '../bench.ts'

const { judge } = world()
const hashKey = Buffer.alloc(32, 7)
const assessor = { judge, hasher: createHasher(hashKey), reference: 'hubspot:contacts' }
const people: CrmRecord[] = [
  record('1', { email: 'ines@example.fr', firstname: 'Inès', newsletter: 'yes' }),
  record('22', { email: 'contact@example.fr', firstname: '', newsletter: 'no' }),
  record('333', { email: 'a b@example.fr\u0000', firstname: '✓ \ud83d\ude00', newsletter: null }),
  { ...record('4444', { email: 'omar@example.fr' }), fields: { email: 'omar@example.fr' } },
]

describe('records on their way to the thread', () => {
  it('arrive as they left: empty, null and absent values apart', () => {
    const names = ['email', 'firstname', 'newsletter', 'absent']
    for (const some of [people, people.toReversed(), []]) {
      const packed = packRecords(some, names)
      const arrived = createUnpacker(names)(packed, ({ ref, fields, modifiedAt }) => [ref.id, modifiedAt, { ...fields }])
      const left = some.map((one) => [one.ref.id, one.modifiedAt, Object.fromEntries(names.map((name) => [name, one.fields[name]]))])
      expect(arrived).toEqual(left)
      const { sheet, light } = toSheet(some, names)
      expect(sheet).toEqual(packed)
      const kept = light.map(({ ref, version, modifiedAt, fields }) => [ref, version, modifiedAt, fields])
      expect(kept).toEqual(some.map((one, index) => [one.ref, one.version, one.modifiedAt, left[index]![2]]))
    }
  })
})

describe('records that lie in a sheet already', () => {
  const held = ['email', 'firstname', 'phone']
  const { sheet, light } = toSheet(people.slice(0, 3), held)

  it('stay in it, whatever else it holds, and the rest of what is asked for is unknown', () => {
    const names = ['email', 'newsletter', 'phone']
    expect(toSheet(light, names)).toEqual({ sheet, light })
    expect(toSheet(light, names).sheet).toBe(sheet)
    const arrived = createUnpacker(names)(sheet, ({ fields }) => names.map((name) => fields[name]))
    expect(arrived).toEqual(people.slice(0, 3).map(({ fields }) => [fields['email'], undefined, fields['phone']]))
  })

  it('are read as their sheet has them, whatever the one before had, and by numbers as by names', () => {
    const others = packRecords(people.slice(1), ['newsletter', 'email'])
    const names = ['email', 'firstname', 'newsletter', 'phone']
    const unpack = createUnpacker(names)
    const sheets = [sheet, sheet, others, structuredClone(others), sheet]
    for (const one of sheets) {
      const alone = createUnpacker(names)(one, ({ fields }) => ({ ...fields }))
      expect(unpack(one, ({ fields }) => ({ ...fields }))).toEqual(alone)
      const numbered = unpack(one, ({ held: { names: has, blank, at, values } }) =>
        Object.fromEntries(has.map((name, index) => [name, at.includes(index) ? values[at.indexOf(index)] : blank[index]])),
      )
      expect(numbered).toEqual(alone.map((fields) => Object.fromEntries(one.names.map((name) => [name, fields[name]]))))
    }
  })

  it('leave nothing behind when one cannot be worked with', () => {
    const unpack = createUnpacker(held)
    expect(() => unpack(sheet, () => JSON.parse('no'))).toThrow(SyntaxError)
    expect(unpack(sheet, ({ fields }) => ({ ...fields }))).toEqual(createUnpacker(held)(sheet, ({ fields }) => ({ ...fields })))
  })

  it('are packed anew when some are left out, or the fields are asked for in another order', () => {
    for (const some of [light.slice(1), light.slice(0, 2), light.toReversed(), [...light, people[0]!]])
      expect(toSheet(some, held).sheet).toEqual(packRecords(some, held))
    const other = ['firstname', 'email']
    expect(toSheet(light, other).sheet).toEqual(packRecords(people.slice(0, 3), other))
  })
})

describe('what comes back', () => {
  it('is what assessing them here gives, also after the numbers have started anew', () => {
    const packer = createPacker()
    const pack = (some: readonly Assessed[]): Reply => {
      for (const one of some) packer.add(one)
      return packer.end().reply
    }
    const read = createReader()
    const all = people.map((one) => assess(assessor, one))
    expect(read(pack(all))).toEqual(all)
    const fact = { purpose: 'newsletter', channel: 'email', event: 'given', at: 1, source: 'one', grade: 'proved' } as const
    const said = [
      fact,
      { ...fact, grade: 'claimed' },
      { ...fact, at: null },
      { ...fact, source: 'two' },
      { ...fact, channel: 'sms' },
    ] as const
    const told = [said, said.toReversed(), []].map((facts) => ({ ...all[0]!, facts, lastAct: 'unknown' as const, emails: ['1', '2'] }))
    expect(read(pack(told))).toEqual(told)
    const many = Array.from({ length: 4_100 }, (_, index) => ({
      ...all[0]!,
      alone: { ...all[0]!.alone, draft: { key: `key ${index}`, body: `[${index}]`, rules: [] } },
    }))
    expect(read(pack(many))).toEqual(many)
    const again = pack(all)
    expect(again.again).toBe(true)
    expect(read(again)).toEqual(all)
  })
})

describe('the thread', () => {
  const schema = {
    object: hubspot.object,
    fields: catalogueOf(policy, hubspot),
  }
  const recipe = { policy, mapping: hubspot, connection: 'hubspot', schema, today: '2026-11-21' }

  const order = { recipe, hashKey, reference: 'hubspot:contacts' }
  const sheet = packRecords(people, judge.reads)

  it('assesses as this one does, batch after batch, and then by another recipe', async () => {
    const thread = openAssessing()
    const nameless = { ...order, reference: null }
    try {
      const all = await Promise.all([
        thread.assess(order, sheet),
        thread.assess(order, packRecords(people.slice(1), judge.reads)),
        thread.assess(nameless, sheet),
        thread.assess(nameless, sheet),
      ])
      const here = people.map((person) => assess(assessor, person))
      const unnamed = here.map((one) => ({ ...one, own: null }))
      expect(all).toEqual([here, here.slice(1), unnamed, unnamed])
    } finally {
      await thread.close()
    }
  })

  it('that ends leaves nobody waiting', async () => {
    const thread = openAssessing()
    const waiting = thread.assess(order, sheet)
    await thread.close()
    await expect(waiting).rejects.toThrow('has ended')
    await expect(thread.assess(order, sheet)).rejects.toThrow('has ended')
  })

  it('that cannot judge says why', async () => {
    const thread = openAssessing()
    await expect(thread.assess({ ...order, recipe: { ...recipe, today: 'nonsense' } }, sheet)).rejects.toThrow()
    await thread.close()
  })
})
