/** Which stories a person lives: drawn per theme, each from dice of its own. */
import type { Calendar } from './calendar.ts'
import type { Layout } from './layout.ts'
import { type Dice, diceFor, draw } from './random.ts'
import {
  type BasisStory,
  CONSENTS,
  type ConsentStory,
  FINE,
  GROUPS,
  type GroupStory,
  IDENTITIES,
  type IdentityStory,
  LEGAL_BASES,
  MARKETING,
  type MarketingStory,
  RELATIONSHIPS,
  type Relationship,
  SOURCES,
  STATES,
  type SourceStory,
  type StateStory,
  TELEPHONES,
  type TelephoneStory,
  TEXTS,
  type TextStory,
  UNDECLARED,
  type UndeclaredStory,
} from './shares.ts'

export type World = { readonly seed: number; readonly calendar: Calendar; readonly layout: Layout }
export type Stories = {
  readonly fine: boolean
  readonly relationship: Relationship | null
  readonly consent: ConsentStory | null
  readonly source: SourceStory | null
  readonly state: StateStory | null
  readonly basis: BasisStory | null
  readonly undeclared: UndeclaredStory | null
  readonly text: TextStory | null
  readonly identity: IdentityStory | null
  readonly marketing: MarketingStory | null
  readonly telephone: TelephoneStory | null
  readonly group: GroupStory | null
}

/** Lanes of the dice: one per question. The order is part of the world; append, never insert. */
export const LANES = {
  stories: 1,
  group: 2,
  name: 3,
  contactPoints: 4,
  life: 5,
  consent: 6,
  extras: 7,
  hubspot: 8,
  salesforce: 9,
  company: 10,
  related: 11,
} as const

export function storiesOf(world: World, person: number): Stories {
  const dice = diceFor(world.seed, person, LANES.stories)
  const group = groupStory(world, person)
  const fine = group === null && dice() < FINE
  const troubled = <K extends string>(shares: Readonly<Record<K, number>>): K | null => (fine ? null : drawOf(dice, shares))
  return {
    fine,
    relationship: troubled(RELATIONSHIPS),
    consent: troubled(CONSENTS),
    source: troubled(SOURCES),
    state: troubled(STATES),
    basis: troubled(LEGAL_BASES),
    undeclared: troubled(UNDECLARED),
    text: troubled(TEXTS),
    identity: group === null ? troubled(IDENTITIES) : null,
    marketing: troubled(MARKETING),
    telephone: troubled(TELEPHONES),
    group,
  }
}

/** The first three of a group that shares a mailbox, the first two of a couple's. */
function groupStory(world: World, person: number): GroupStory | null {
  const story = draw(diceFor(world.seed, person >> 2, LANES.group), GROUPS, 1)
  const members = story === 'couple' ? 2 : 3
  return (person & 3) < members ? story : null
}

/** Shares are of all persons, and only those who are not fine draw. */
function drawOf<K extends string>(dice: Dice, shares: Readonly<Record<K, number>>): K | null {
  return draw(dice, shares, 1 - FINE)
}
