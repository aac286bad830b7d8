/** Runs in a thread of its own: see assess-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { createJudge } from '../core/create-judge.ts'
import { createHasher } from '../core/identity-hash.ts'
import { assess, type Assessor } from './assess.ts'
import { createPacker } from './assess-message.ts'
import type { Sheet } from '../connectors/sheet.ts'
import type { Recipe } from './assess-thread.ts'
import { unpackRecords } from './packed-records.ts'

const { recipe, hashKey, reference } = workerData as Recipe
const assessor: Assessor = { judge: createJudge(recipe), hasher: createHasher(hashKey), reference }
const pack = createPacker()

parentPort?.on('message', (sheet: Sheet) => {
  const all = Array.from(unpackRecords(sheet, assessor.judge.reads), (record) => assess(assessor, record))
  const { reply, transfer } = pack(all)
  parentPort?.postMessage(reply, transfer)
})
