/**
 * How many contacts a second one side gets through, by its thread's own CPU time, which other work on the machine does not lengthen. Both sides begin with the
 * CRM's fields of the same contacts, in batches, are warm, and begin each batch with a heap that is cleared of what made the contacts. What they throw away
 * themselves is cleared within their time.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Judge } from '../src/core/judge/judge.ts'
import type { Verdict } from '../src/core/judge/verdict.ts'
import type { Style } from './evaluate-peer.ts'
import type { Contact } from './evaluate-people.ts'
import { askPeer, batches, judgeOne, type World } from './evaluate-world.ts'

export type OwnRates = Readonly<Record<'plain' | 'whole' | 'identities' | 'patches', number>>
/** Contacts that are judged, and those that are judged before, uncounted. */
export type Counts = { readonly count: number; readonly warm: number }

type Judged = { readonly fields: Contact['fields']; readonly verdict: Verdict }
type Work = (contacts: readonly Contact[]) => void | Promise<void>
/** `empty`: fields that nobody has filled. What a batch needs `before` is not counted. */
type Timing = { readonly empty?: readonly string[]; readonly before?: (contacts: readonly Contact[]) => void }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'major' | 'minor' }) => void

export async function ownRates(world: World, counts: Counts): Promise<OwnRates> {
  const { judge, texts } = world
  const judging: Work = (contacts) => void judgeAll(judge, contacts)
  const plain = await perSecond(world, counts, judging, { empty: texts })
  const whole = await perSecond(world, counts, judging)
  const identities = await perSecond(world, counts, (contacts) => contacts.forEach(({ fields }) => judge.identify(fields)))
  let judged: readonly Judged[] = []
  const patching: Work = () => judged.forEach(({ fields, verdict }) => judge.record(fields).patch(verdict))
  const patches = await perSecond(world, counts, patching, { before: (contacts) => void (judged = judgeAll(judge, contacts)) })
  return { plain, whole, identities, patches }
}

export function peerRate(world: World, style: Style, counts: Counts): Promise<number> {
  const asking: Work = async (contacts) => {
    for (const contact of contacts) await askPeer(world, style, contact)
  }
  return perSecond(world, counts, asking, { empty: world.texts })
}

function judgeAll(judge: Judge, contacts: readonly Contact[]): readonly Judged[] {
  return contacts.map((contact) => ({ fields: contact.fields, verdict: judgeOne(judge, contact) }))
}

async function perSecond(world: World, { count, warm }: Counts, work: Work, timing: Timing = {}): Promise<number> {
  await timed(world, warm, work, timing)
  return count / ((await timed(world, count, work, timing)) / 1e6)
}

/** CPU time in microseconds. */
async function timed(world: World, count: number, work: Work, { empty, before }: Timing): Promise<number> {
  let spent = 0
  for (const batch of batches(world, count, 'timed', empty)) {
    before?.(batch)
    collect({ type: 'major' })
    const started = process.threadCpuUsage()
    await work(batch)
    collect({ type: 'minor' })
    const { user, system } = process.threadCpuUsage(started)
    spent += user + system
  }
  return spent
}
