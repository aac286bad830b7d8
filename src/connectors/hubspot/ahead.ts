/** Loads exactly one step ahead of the consumer, so that the next page is under way while this one is stored. */
export async function* ahead<S, P>(
  start: S,
  load: (state: S, signal: AbortSignal) => Promise<{ page: P; next: S | undefined }>,
  signal: AbortSignal,
): AsyncGenerator<P> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let pending = load(start, either)
  try {
    for (;;) {
      const { page, next } = await pending
      if (next === undefined) return yield page
      pending = load(next, either)
      pending.catch(() => undefined) // it is thrown where it is awaited, after this page was taken
      yield page
      signal.throwIfAborted()
    }
  } finally {
    stop.abort(new Error('the reader went away'))
  }
}
