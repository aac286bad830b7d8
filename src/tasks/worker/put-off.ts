/** Puts off what failed by itself, alone, later each time: a case of somebody who came back, or a person of a retention list. The DPO hears of it from the second time on. */
import { howOftenLooked, postponeComeback } from '../../store/comebacks.ts'
import { holdCase } from '../../store/retention-turns.ts'
import { alarmDpo, dayOf } from '../notify/alarm.ts'
import { faultFacts, INTERNAL } from '../fault.ts'
import { waitOf } from '../request/postpone.ts'
import type { Shell } from '../shell.ts'

export async function putOffComeback(shell: Shell, id: string, error: unknown): Promise<void> {
  shell.log('comeback.failed', { case: id, ...faultFacts(error) })
  const attempts = await howOftenLooked(shell.db, id)
  await postponeComeback(shell.db, id, new Date(shell.now() + waitOf(attempts)).toISOString(), INTERNAL)
  if (attempts > 0) await alarmDpo(shell, { kind: 'comeback-failed', event: dayOf(shell) })
}

/** `attempts`: before this one. */
export async function putOffPerson(
  shell: Shell,
  { list, n, attempts }: { list: string; n: number; attempts: number },
  error: unknown,
): Promise<void> {
  shell.log('retention.failed', { list, person: n, ...faultFacts(error) })
  await holdCase(shell.db, { list, n }, { until: new Date(shell.now() + waitOf(attempts)).toISOString(), fault: INTERNAL })
  if (attempts > 0) await tellOfList(shell, list)
}

/** Once a day for each list, however many persons it stops. */
export async function tellOfList(shell: Shell, list: string): Promise<void> {
  const about = list.slice(0, 8)
  await alarmDpo(shell, { kind: 'retention-failed', event: `${about} ${dayOf(shell)}`, about })
}
