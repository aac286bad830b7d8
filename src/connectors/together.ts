/**
 * Questions of many that are asked in the same moment go to a CRM as one: a hundred persons are looked for with the calls of one, as far as the vendor's
 * batches reach. Whoever asks sees nothing of it.
 */
import { ConnectorError } from './connector.ts'

export type Together<Owner, Shape, Key, Part> = (owner: Owner, shape: Shape, keys: readonly Key[], signal: AbortSignal) => Promise<Part>
/** Who has left is not told anything any more: a promise is settled once. */
type Asker<Key, Part> = {
  readonly keys: readonly Key[]
  readonly signal: AbortSignal
  readonly done: (part: Part) => void
  readonly failed: (reason: unknown) => void
}

/**
 * `ask` gets the keys of all who asked for the same shape within one turn of the event loop, each once. `share` gives each the part that is theirs; what it cannot
 * tell apart it throws: then each asks alone, and `askers` is 1. `shape` holds no personal data.
 */
export function together<Owner extends object, Shape, Key, Answer, Part>(
  ask: (owner: Owner, shape: Shape, keys: readonly Key[], signal: AbortSignal) => Promise<Answer>,
  share: (answer: Answer, keys: readonly Key[], askers: number) => Part,
): Together<Owner, Shape, Key, Part> {
  const gathering = new WeakMap<Owner, Map<string, Asker<Key, Part>[]>>()

  async function answer(owner: Owner, shape: Shape, askers: readonly Asker<Key, Part>[]): Promise<void> {
    const left = askers.filter(({ signal }) => !signal.aborted)
    for (const one of askers) if (one.signal.aborted) one.failed(one.signal.reason)
    if (left.length === 0) return
    const { signal, end } = watch(left)
    let alone: readonly Asker<Key, Part>[] = []
    try {
      const whole = await ask(owner, shape, [...new Set(left.flatMap((one) => one.keys))], signal)
      alone = left.filter((one) => !handed(one, () => share(whole, one.keys, left.length), left.length > 1))
    } catch (error) {
      // What one of them asks may be what is refused.
      if (left.length > 1 && isOfTheQuestion(error)) alone = left
      else for (const one of left) one.failed(error)
    } finally {
      end()
    }
    await Promise.all(alone.map((one) => answer(owner, shape, [one])))
  }

  return (owner, shape, keys, signal) =>
    new Promise<Part>((done, failed) => {
      const asker = { keys, signal, done, failed }
      const open = gathering.get(owner) ?? new Map<string, Asker<Key, Part>[]>()
      gathering.set(owner, open)
      const name = JSON.stringify(shape)
      const others = open.get(name)
      if (others !== undefined) return void others.push(asker)
      const askers = [asker]
      open.set(name, askers)
      setImmediate(() => {
        open.delete(name)
        void answer(owner, shape, askers)
      })
    })
}

/** One listener for each signal, whoever many wait by it. `signal` aborts when nobody waits for the answer any more. */
function watch<Key, Part>(askers: readonly Asker<Key, Part>[]): { signal: AbortSignal; end: () => void } {
  const nobody = new AbortController()
  const waiting = Map.groupBy(askers, ({ signal }) => signal)
  const leaving = [...waiting].map(([signal, own]) => {
    const onAbort = (): void => {
      for (const one of own) one.failed(signal.reason)
      waiting.delete(signal)
      if (waiting.size === 0) nobody.abort(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return () => signal.removeEventListener('abort', onAbort)
  })
  return { signal: nobody.signal, end: () => leaving.forEach((leave) => leave()) }
}

/** False: to be asked again. */
function handed<Key, Part>(asker: Asker<Key, Part>, share: () => Part, again: boolean): boolean {
  try {
    asker.done(share())
    return true
  } catch (error) {
    if (!again) asker.failed(error)
    return !again
  }
}

function isOfTheQuestion(error: unknown): boolean {
  return error instanceof ConnectorError && (error.kind === 'refused' || error.kind === 'unexpected-shape' || error.ofSome)
}
