/** Runs in a thread of its own: see assess-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { createJudge } from '../core/create-judge.ts'
import { createHasher } from '../core/identity-hash.ts'
import { assess, type Assessor } from './assess.ts'
import { createPacker } from './assess-message.ts'
import type { Recipe } from './assess-thread.ts'
import { unpackRecords, type Packed } from './packed-records.ts'

const { recipe, hashKey, reference } = workerData as Recipe
const assessor: Assessor = { judge: createJudge(recipe), hasher: createHasher(hashKey), reference }
const pack = createPacker()

parentPort?.on('message', (packed: Packed) => {
  const all = Array.from(unpackRecords(packed, assessor.judge.reads), (record) => assess(assessor, record))
  const { reply, transfer } = pack(all)
  parentPort?.postMessage(reply, transfer)
})
