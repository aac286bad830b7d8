/**
 * Questions of many that are asked in the same moment go to a CRM as one: a hundred persons are looked for with the calls of one, as far as the vendor's
 * batches reach. Whoever asks sees nothing of it.
 */
import { ConnectorError } from './connector.ts'

export type Together<Owner, Shape, Key, Part> = (owner: Owner, shape: Shape, keys: readonly Key[], signal: AbortSignal) => Promise<Part>
type Asker<Key, Part> = {
  keys: readonly Key[]
  signal: AbortSignal
  done: (part: Part) => void
  failed: (reason: unknown) => void
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
    if (left.length === 0) return
    const signal = untilAll(left.map((one) => one.signal))
    let alone: readonly Asker<Key, Part>[] = []
    try {
      const whole = await ask(owner, shape, [...new Set(left.flatMap((one) => one.keys))], signal)
      alone = left.filter((one) => !handed(one, () => share(whole, one.keys, left.length), left.length > 1))
    } catch (error) {
      // What one of them asks may be what is refused.
      if (left.length > 1 && isOfTheQuestion(error)) alone = left
      else for (const one of left) one.failed(error)
    }
    await Promise.all(alone.map((one) => answer(owner, shape, [one])))
  }

  return (owner, shape, keys, signal) =>
    new Promise<Part>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const asker = askerOf<Key, Part>(keys, signal, resolve, reject)
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

function askerOf<Key, Part>(
  keys: readonly Key[],
  signal: AbortSignal,
  resolve: (part: Part) => void,
  reject: (reason: Error) => void,
): Asker<Key, Part> {
  const leave = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  return {
    keys,
    signal,
    done: (part) => {
      signal.removeEventListener('abort', leave)
      resolve(part)
    },
    failed: (reason) => {
      signal.removeEventListener('abort', leave)
      reject(reason as Error)
    },
  }
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

/** Aborts when nobody waits for the answer any more. */
function untilAll(signals: readonly AbortSignal[]): AbortSignal {
  const [first] = signals
  if (first !== undefined && signals.every((one) => one === first)) return first
  const nobody = new AbortController()
  const onAbort = (): void => {
    if (signals.every(({ aborted }) => aborted)) nobody.abort(first?.reason)
  }
  for (const signal of new Set(signals)) signal.addEventListener('abort', onAbort, { once: true, signal: nobody.signal })
  return nobody.signal
}

function isOfTheQuestion(error: unknown): boolean {
  return error instanceof ConnectorError && (error.kind === 'refused' || error.kind === 'unexpected-shape')
}
