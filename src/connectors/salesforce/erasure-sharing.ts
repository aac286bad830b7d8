/** The Individuals behind records, and whether this user may see who else shares one. */
import type { Problem, RecordRef } from '../connector.ts'
import { infoOf, rowsWith, textAt } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** Whatever may have an Individual behind it. */
export const sharers = ['Contact', 'Lead', 'User'] as const

/** `people`: ids of `refs`, and of the Contacts behind person accounts. */
export async function individualsNamed(
  org: Org,
  refs: readonly RecordRef[],
  people: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  for (const object of new Set(['Contact', ...refs.map((ref) => ref.object)])) {
    for (const found of await rowsWith(org, object, { fields: ['IndividualId'], any: ['Id'], values: people }, signal)) {
      const id = recordId(textAt(found, 'IndividualId') ?? '', null)
      if (id !== null) named.add(id)
    }
  }
  return named
}

/** Those of them whose Individual this user may not see. */
export async function hiddenSharers(org: Org, signal: AbortSignal): Promise<readonly string[]> {
  const hidden: string[] = []
  for (const object of sharers) if ((await infoOf(org, object, signal))?.fields.has('IndividualId') !== true) hidden.push(object)
  return hidden
}

/** Of people who have an Individual: it will stay, since it may be somebody else's too. */
export async function sharingUnseen(
  org: Org,
  refs: readonly RecordRef[],
  people: readonly string[],
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const hidden = await hiddenSharers(org, signal)
  // Without "Data Protection and Privacy" none of them has one, and there is nothing to look for.
  if (hidden.length === 0 || hidden.length === sharers.length) return []
  if ((await individualsNamed(org, refs, people, signal)).size === 0) return []
  return hidden.map((object) => {
    const name = `${object}.IndividualId`
    return {
      kind: 'field-hidden',
      name,
      message: `${name} is hidden; an Individual stays, since whether somebody else shares it is not seen`,
    }
  })
}
