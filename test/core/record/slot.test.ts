import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { ObjectMapping } from '../../../src/core/record/mapping.ts'
import { compileSlot } from '../../../src/core/record/slot.ts'

const mapping = { fields: { lifecycle: { from: ['note'], values: null, otherwise: null } } } as unknown as ObjectMapping
const vocabularies = new Map([['lifecycle', { words: new Map([['client', 'customer']]), closed: false }]])
const slot = compileSlot('lifecycle', { mapping, vocabularies, columnOf: () => 0, readable: new Set(['note']) })

it('knows words by heart, and keeps nobody’s notes', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heapMb = (): number => {
    collect()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const before = heapMb()
  for (let n = 0; n < 500; n++) expect(slot.word?.(`${n} `.padEnd(65_536, 'x'))).toHaveLength(65_536)
  expect(['Client', 'Client'].map((text) => slot.word?.(text))).toEqual(['customer', 'customer'])
  // Kept, they would be 31 MiB.
  expect(heapMb() - before).toBeLessThan(10)
})
