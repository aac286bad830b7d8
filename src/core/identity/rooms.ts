/** Whom one mailbox holds together: everybody on it if they can all be one person, else those of the same full name. */
import { shortTag } from './hash.ts'

/** More records than this on one mailbox: a team or a placeholder, whatever the names say. */
export const mailboxLimit = 20
export const unknown = 0
/** Twins bear different names, and the record itself none: nothing to compare, so its mailboxes prove nothing. */
export const ambiguous = -1

/** By record. */
export type Names = { readonly given: readonly number[]; readonly family: readonly number[] }
/** `personal`: this mailbox names the person of that record in full. */
export type Member = { readonly at: number; readonly personal: boolean }
export type Mailbox = { readonly shared: boolean; readonly rooms: readonly (readonly number[])[] }

export function isFull(at: number, { given, family }: Names): boolean {
  return (given[at] ?? unknown) > unknown && (family[at] ?? unknown) > unknown
}

export function isPartial(at: number, names: Names): boolean {
  return isUsable(at, names) && !isFull(at, names)
}

function isUsable(at: number, { given, family }: Names): boolean {
  return given[at] !== ambiguous && family[at] !== ambiguous
}

/** `crowded`: it has more records than are shown here. */
export function roomsOf(members: readonly Member[], names: Names, crowded: boolean): Mailbox {
  const usable = members.filter(({ at }) => isUsable(at, names))
  const large = crowded || members.length > mailboxLimit
  if (!large && mayBeOnePerson(usable, names)) return { shared: false, rooms: [usable.map(({ at }) => at)] }
  const full = usable.filter(({ at }) => isFull(at, names))
  const rooms = [...Map.groupBy(full, ({ at }) => names.given[at]).values()].flatMap((namesakes) =>
    !large && namesakes.some(({ personal }) => personal) ? [namesakes] : [...Map.groupBy(namesakes, ({ at }) => names.family[at]).values()],
  )
  return { shared: true, rooms: rooms.map((room) => room.map(({ at }) => at)) }
}

function mayBeOnePerson(members: readonly Member[], names: Names): boolean {
  const given = knownOf(members, names.given)
  const family = knownOf(members, names.family)
  if (given.size <= 1 && family.size <= 1) return true
  if (given.size === 1) return isOneWhoMarried(members, names)
  return given.size === 2 && family.size === 2 && isOneTurnedRound(members, names)
}

function knownOf(members: readonly Member[], tags: readonly number[]): ReadonlySet<number> {
  const known = new Set<number>()
  for (const { at } of members) {
    const tag = tags[at] ?? unknown
    if (tag > unknown) known.add(tag)
  }
  return known
}

/** One given name and several family names: one person only if the mailbox is her own (`marie.durand@`), and nobody could be somebody else of the family. */
function isOneWhoMarried(members: readonly Member[], { given, family }: Names): boolean {
  return members.some(({ personal }) => personal) && members.every(({ at }) => family[at] === unknown || given[at] !== unknown)
}

/** `Marie` `Durand` and `Durand` `Marie`: an import with its columns swapped. */
function isOneTurnedRound(members: readonly Member[], names: Names): boolean {
  const first = members[0]?.at ?? 0
  const [given, family] = [names.given[first] ?? unknown, names.family[first] ?? unknown]
  return members.every(({ at }) => {
    if (!isFull(at, names)) return false
    if (names.given[at] === given) return names.family[at] === family
    return shortTag(names.given[at] ?? unknown) === family && names.family[at] === shortTag(given)
  })
}
