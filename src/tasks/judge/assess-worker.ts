/** Runs in a thread of its own: see assess-thread.ts. */
import { parentPort } from 'node:worker_threads'
import { createJudge } from '../../core/judge/create-judge.ts'
import { createHasher } from '../../core/identity/hash.ts'
import { assess, type Assessor } from './assess.ts'
import { createPacker } from './assess-message.ts'
import type { Order } from './assess-thread.ts'
import { unpackRecords } from './packed-records.ts'

let assessor: Assessor | null = null
let pack = createPacker()

parentPort?.on('message', ({ recipe, sheet }: Order) => {
  if (recipe) {
    assessor = { judge: createJudge(recipe.recipe), hasher: createHasher(recipe.hashKey), reference: recipe.reference }
    pack = createPacker()
  }
  if (assessor === null) throw new Error('nobody has said how to judge')
  const by = assessor
  const { reply, transfer } = pack(Array.from(unpackRecords(sheet, by.judge.reads), (record) => assess(by, record)))
  parentPort?.postMessage(reply, transfer)
})
