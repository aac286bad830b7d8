/** How it goes on. */
const THEN = {
  sweep: 'everything read so far is stored, and the next sweep goes on from there',
  requests: 'what was done is noted: "accord request list" shows what is open, and "accord request run", or the service, goes on with it',
  retention: 'what was done is noted, and "accord retention run", or the service, goes on with it',
  again: 'give the same command again',
} as const

/** Ctrl-C and SIGTERM end a run after the batch at hand. `then`: what there is to say about the rest of it. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>, then: keyof typeof THEN): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Interrupted(`interrupted; ${THEN[then]}`))
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
}
