/** Ctrl-C and SIGTERM end a run after the batch at hand; what is stored stays, and the next run goes on from there. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Interrupted())
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

export class Interrupted extends Error {
  override name = 'Interrupted'
  constructor() {
    super('interrupted; everything read so far is stored, and the next sweep goes on from there')
  }
}
