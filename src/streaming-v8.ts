/** V8 as it suits work that streams: while a sweep handles many records, its heap may grow less between two collections, and it takes its time to compile. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * By default the heap may grow fourfold between collections, so peak memory would follow the length of a sweep. Measured on a first sweep of 100,000: by 80 % it
 * takes 5 MiB more than by 50 %, for less time in the collector; by 120 % another 20 MiB, for nothing. Erasures hold little and run 10 % faster without a limit.
 */
const GROWTH_PERCENT = 80
/** The value by which V8 chooses for itself. */
const CHOSEN_BY_V8 = 0

/**
 * Calls before a function is compiled at its best. What judges and stores is a thousand functions, in two threads: to compile them takes a tenth of a first
 * sweep of 150,000 records, most of it for functions that are compiled several times, or hardly called after that. What is good enough comes as soon as ever.
 */
const PATIENT_CALLS = 40_000
/** V8's own. */
const USUAL_CALLS = 3_000

let atWork = 0

/**
 * Runs work that calls `streams` once it handles far more than it retains. A night with few changes does without, and takes a fifth less of the processor.
 * Calls may nest or overlap.
 */
export async function withStreamingV8<T>(work: (streams: () => void) => Promise<T>): Promise<T> {
  let streaming = false
  const streams = (): void => {
    if (streaming) return
    streaming = true
    if (atWork++ > 0) return
    setFlags(GROWTH_PERCENT, PATIENT_CALLS)
    collect()
  }
  try {
    return await work(streams)
  } finally {
    if (streaming && --atWork === 0) setFlags(CHOSEN_BY_V8, USUAL_CALLS)
  }
}

/** Of the whole process, its threads among them. */
function setFlags(growthPercent: number, calls: number): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`)
  setFlagsFromString(`--invocation-count-for-turbofan=${calls}`)
}

/**
 * Collects garbage in this thread once so many things were done. A thread that keeps little and leaves little behind is collected so seldom by itself that
 * its heap goes on growing for hundreds of thousands of records.
 */
export function createTidying(every: number): (done: number) => void {
  let since = 0
  return (done) => {
    since += done
    if (since < every) return
    since = 0
    collect()
  }
}

/** V8 recomputes its limit at a collection: force one, or the old, larger limit (some 40 MiB more) would stay in force until the next. */
function collect(): void {
  collector ??= exposedCollector()
  collector()
}

let collector: (() => void) | null = null

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  return typeof gc === 'function' ? () => void gc() : () => undefined
}
