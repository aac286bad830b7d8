import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countFindings } from '../../src/store/findings.ts'
import { stage, type Scene } from './scene.ts'

describe('a sweep over two CRMs', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await stage({ people: 300 })
  })
  afterAll(() => scene.close())

  it('pulls every record, writes the verdicts back, and leaves nothing waiting', async () => {
    const summaries = await scene.sweep()
    expect(summaries.map(({ connection, mode, records, error, waiting }) => ({ connection, mode, records, error, waiting }))).toEqual([
      { connection: 'hubspot', mode: 'full', records: 300, error: undefined, waiting: 0 },
      { connection: 'salesforce', mode: 'full', records: 300, error: undefined, waiting: 0 },
    ])
    for (const { patches } of summaries) {
      expect(patches.written).toBeGreaterThanOrEqual(250)
      expect(patches).toMatchObject({ conflict: 0, rejected: 0, gone: 0 })
    }
  })

  it('writes nothing the second night, and asks each CRM at most five times', async () => {
    for (const { patches, apiCalls, mode, error } of await scene.sweep()) {
      expect({ mode, error, written: patches.written }).toEqual({ mode: 'delta', error: undefined, written: 0 })
      expect(apiCalls).toBeLessThanOrEqual(5)
    }
  })

  it('reads only the record that changed, and carries a withdrawal to the other CRM', async () => {
    const house = await scene.open()
    const before = await countFindings(house.db, { kind: 'consent' })
    await house.close()
    expect(before.length).toBeGreaterThan(0)
  })
})
