/** A thread that assesses records: fields go there as one text, hashes and verdicts come back as columns. */
import { Worker } from 'node:worker_threads'
import { compiledAlone } from '../../compiled.ts'
import type { JudgeOptions } from '../../core/judge/create-judge.ts'
import type { Assessed } from './assess.ts'
import { createReader, type Reply } from './assess-message.ts'
import type { Sheet } from '../../connectors/sheet.ts'

export type Recipe = { readonly recipe: JudgeOptions; readonly hashKey: Uint8Array; readonly reference: string | null }
/** `recipe`: of this sheet and of all that follow. */
export type Order = { readonly recipe?: Recipe; readonly sheet: Sheet }

export type AssessThread = {
  /** They come back in the order in which they were given. A recipe is known again by being the same object. */
  assess: (recipe: Recipe, sheet: Sheet) => Promise<Assessed[]>
  close: () => Promise<void>
}

/**
 * Started when it is first asked, and then for all that a sweep pulls: to load and compile what judges takes as long as judging tens of thousands of
 * records.
 */
export function openAssessing(): AssessThread {
  let running: ReturnType<typeof start> | null = null
  let closed = false
  let latest: Recipe | null = null
  let read = createReader()
  return {
    assess(recipe, sheet) {
      if (closed) return Promise.reject(new Error('the thread that judges has ended'))
      running ??= start()
      if (recipe === latest) return running.assess({ sheet }, read)
      latest = recipe
      read = createReader()
      return running.assess({ recipe, sheet }, read)
    },
    close: async () => {
      closed = true
      await running?.worker.terminate()
    },
  }
}

/** Next to nothing of what judging leaves behind lives for long: half of what a thread has by itself takes 46 MiB less at the same speed, a quarter costs 7 % more. */
const NURSERY_MIB = 24

function start() {
  // `.ts` from source, `.js` when built.
  const script = new URL(import.meta.url.replace('assess-thread', 'assess-worker'))
  const worker = new Worker(script, { env: compiledAlone(), execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MIB } })
  const waiting: { answer: PromiseWithResolvers<Assessed[]>; read: (reply: Reply) => Assessed[] }[] = []
  let failure: Error | null = null
  const fail = (error: Error): void => {
    failure ??= error
    for (const { answer } of waiting.splice(0)) answer.reject(failure)
  }
  worker.on('message', (reply: Reply) => {
    const first = waiting.shift()
    first?.answer.resolve(first.read(reply))
  })
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => fail(new Error('the thread that judges has ended')))
  const assess = (order: Order, read: (reply: Reply) => Assessed[]): Promise<Assessed[]> => {
    const answer = Promise.withResolvers<Assessed[]>()
    answer.promise.catch(() => undefined) // a batch before this one may break the pull first
    if (failure) answer.reject(failure)
    else {
      waiting.push({ answer, read })
      worker.postMessage(order)
    }
    return answer.promise
  }
  return { worker, assess }
}
