/** The one session behind all connections: runs whole units, hands out what it answers, in pieces. */
export type Session = { run(bytes: Uint8Array, answer: (bytes: Uint8Array) => void): Promise<void> }

/** Whoever waits for a turn. `expel` is called when it held up the others for too long. */
export type Client = { answer(bytes: Uint8Array): void; expel(): void }

/** `complete` is false after a Flush, when the client goes on where it was. */
export type Unit = { readonly client: Client; readonly bytes: Uint8Array; readonly complete: boolean }

export type Turns = {
  take(unit: Unit): void
  /** The client is gone: what it still wanted is dropped, what it left open is rolled back before anybody else's turn. */
  leave(client: Client): void
  /** Resolves when nothing runs. */
  idle(): Promise<void>
}

const rollback = Buffer.from('Q\0\0\0\rrollback\0', 'latin1')
const syncAndRollback = Buffer.concat([Buffer.from('S\0\0\0\x04', 'latin1'), rollback])

/**
 * Gives clients turns on one session, so that it looks like a server that runs one transaction at a time. A unit runs whole:
 * were Parse, Bind and Execute of two clients to mix, one would get the other's rows. Whoever has a transaction open is alone
 * until it ends; after `patience` ms without a word from it, while others wait, it is expelled: most likely it waits for them.
 */
export function createTurns(session: Session, patience: number): Turns {
  let queue: Unit[] = []
  /** Has a transaction open, or sent a Flush without its Sync. */
  let owner: Pick<Unit, 'client' | 'complete'> | undefined
  let running: Promise<void> | undefined
  let impatient: NodeJS.Timeout | undefined

  function take(unit: Unit): void {
    queue.push(unit)
    // A rejection stays unhandled on purpose: it is the end of the session, ends the thread, and the supervisor starts another.
    running ??= drain().finally(() => (running = undefined))
  }

  async function drain(): Promise<void> {
    clearTimeout(impatient)
    for (let unit = next(); unit !== undefined; unit = next()) owner = (await run(session, unit)) ? unit : undefined
    if (owner !== undefined && queue.length > 0) impatient = setTimeout(expel, patience, owner.client)
  }

  function next(): Unit | undefined {
    const index = queue.findIndex((unit) => owner === undefined || unit.client === owner.client)
    return index < 0 ? undefined : queue.splice(index, 1)[0]
  }

  function expel(client: Client): void {
    if (owner?.client !== client) return
    client.expel()
    leave(client)
  }

  function leave(client: Client): void {
    queue = queue.filter((unit) => unit.client !== client)
    // Its unit may be running at this moment: whether it leaves a transaction open is known only afterwards.
    void (running ?? Promise.resolve()).then(() => {
      if (owner?.client !== client) return
      take({ client, bytes: owner.complete ? rollback : syncAndRollback, complete: true })
    })
  }

  async function idle(): Promise<void> {
    while (running !== undefined) await running
    clearTimeout(impatient)
  }

  return { take, leave, idle }
}

/** Whether the client keeps the session afterwards. */
async function run(session: Session, { client, bytes, complete }: Unit): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0)
  await session.run(bytes, (piece) => {
    const copy = Buffer.from(piece) // the piece is a window on memory that the next one overwrites
    tail = copy.length >= 6 ? copy : Buffer.concat([tail, copy])
    client.answer(copy)
  })
  return !complete || !endsIdle(tail)
}

/** ReadyForQuery with status I. Anything else, T or E, means that a transaction is open. */
function endsIdle(answer: Buffer): boolean {
  const [type, , , , length, status] = answer.subarray(-6)
  return type === 0x5a && length === 5 && status === 0x49
}
