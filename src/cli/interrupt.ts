/** Ctrl-C and SIGTERM end a run after the batch at hand; what is stored stays, and the next run goes on from there. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Interrupted())
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } catch (error) {
    // Timers and sockets end with an AbortError of their own, which tells nobody what happened.
    throw controller.signal.aborted && error instanceof Error && error.name === 'AbortError' ? controller.signal.reason : error
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

export class Interrupted extends Error {
  override name = 'Interrupted'
  constructor(message = 'interrupted; everything read so far is stored, and the next sweep goes on from there') {
    super(message)
  }
}
