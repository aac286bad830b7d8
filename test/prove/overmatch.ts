/** Look-alikes around people who are to be erased, in both CRMs: not one of them may be selected, and nothing of the people themselves be missed. */
import { familyNameKey, givenNameKey } from '../../src/core/identity/name.ts'
import type { Person } from '../../src/core/erasure/select.ts'
import { seek } from '../../src/tasks/erasure/seek.ts'
import { createMany, openErasureWorld } from '../flows/erasure-world.ts'
import type { PushWorld } from '../sandbox/salesforce-push-world.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const given = ['Marie', 'Jean', 'Zoé', 'Anne', 'Karim', 'Léa', 'Paul', 'Inès', 'Hugo', 'Chloé']
const family = ['Durand', 'Martin', 'Lefèvre', 'Petit', 'Moreau', "D'Arc", 'El Amrani', 'de La Tour', 'Nguyen', 'Roux']

type Target = { readonly first: string; readonly last: string; readonly email: string; readonly second: string; readonly phone: string }
type Row = { readonly first: string; readonly last: string; readonly email: string; readonly phone?: string }
/** `kept`: emails of look-alikes whom the person's own address could have led to, by kind. */
type Kind = { readonly kind: string; readonly row: (target: Target, random: Random) => Row; readonly only?: 'salesforce' }

const kinds: readonly Kind[] = [
  { kind: 'namesake', row: (t) => ({ ...names(t), email: atDomain(t, 'elsewhere.test') }) },
  { kind: 'plus tag', row: (t) => ({ ...names(t), email: t.email.replace('@', '+news@') }) },
  { kind: 'dots left out', row: (t) => ({ ...names(t), email: t.email.replace('.', '') }) },
  { kind: 'hyphen for dot', row: (t) => ({ ...names(t), email: t.email.replace('.', '-') }) },
  { kind: 'letter from another alphabet', row: (t) => ({ ...names(t), email: t.email.replace('e', 'е') }) },
  { kind: 'longer local part', row: (t) => ({ ...names(t), email: `x${t.email}` }) },
  { kind: 'longer domain', row: (t) => ({ ...names(t), email: `${t.email}.example.org` }) },
  { kind: 'subdomain', row: (t) => ({ ...names(t), email: t.email.replace('@', '@mail.') }) },
  {
    kind: 'colleague',
    row: (t, random) => ({ first: pick(given, random), last: pick(family, random), email: `colleague${random(1e6)}@${domainOf(t)}` }),
  },
  { kind: 'shared mailbox', row: (t, random) => ({ ...names(t), email: `contact@team${random(1e6)}.test`, phone: t.phone }) },
  {
    kind: 'same phone',
    row: (_, random) => ({ first: pick(given, random), last: pick(family, random), email: `phone${random(1e6)}@example.test` }),
  },
  { kind: 'double given name', row: (t) => ({ first: `Anne-${t.first}`, last: t.last, email: `anne-${t.email}` }) },
  { kind: 'no address', row: (t) => ({ ...names(t), email: '' }), only: 'salesforce' },
  { kind: 'wildcard', row: (t) => ({ ...names(t), email: t.email.replace('.', '%') }) },
  { kind: 'underscore', row: (t) => ({ ...names(t), email: t.email.replace('.', '_') }) },
  { kind: 'quote', row: (t) => ({ ...names(t), email: t.email.replace('.', "'") }) },
  { kind: 'somebody else on the same address', row: (t) => ({ first: 'Bertrand', last: 'Autre', email: t.email }), only: 'salesforce' },
  { kind: 'swapped halves', row: (t) => ({ ...names(t), email: swapped(t.email) }) },
  { kind: 'one letter more', row: (t) => ({ ...names(t), email: t.email.replace('@', 's@') }) },
  { kind: 'top-level domain', row: (t) => ({ ...names(t), email: t.email.replace(/\.test$/, '.tests.test') }) },
]

export const overmatch: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const { world, sides } = await openErasureWorld()
  const violations: string[] = []
  const targets = Array.from({ length: short ? 12 : 50 }, (_, i) => targetOf(i, random))
  try {
    const own = await plantTargets(world, targets)
    const others = await plantLookAlikes(world, targets, random)
    for (const [i, target] of targets.entries()) {
      const { sightings } = await seek(sides, personOf(target), new AbortController().signal)
      const selected = sightings.filter(({ selection }) => selection.verdict === 'selected').map(({ key }) => key)
      const mine = own[i]!
      for (const key of selected) if (!mine.has(key)) violations.push(`target ${i}: ${others.get(key) ?? 'a stranger'} was selected`)
      for (const key of mine)
        if (!selected.includes(key)) violations.push(`target ${i}: ${key.split(':', 2).join(' ')} of the person was missed`)
    }
    say(
      `${targets.length} people in ${own.reduce((sum, keys) => sum + keys.size, 0)} records, ${others.size} look-alikes of ${kinds.length} kinds`,
    )
    return { trials: others.size, violations }
  } finally {
    await world.close()
  }
}

function targetOf(i: number, random: Random): Target {
  const [first, last] = [given[i % given.length]!, family[Math.floor(i / given.length + i) % family.length]!]
  const plain = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()
  const domain = `d${i}.example.test`
  const phone = `06${String(10_000_000 + random(89_999_999))}`
  return { first, last, email: `${plain(first)}.${plain(last)}@${domain}`, second: `${plain(last)}${i}@perso.test`, phone }
}

function personOf({ first, last, email, phone }: Target): Person {
  const name = givenNameKey(first, last)
  return {
    emails: [email],
    formerEmails: [],
    phones: [`+33${phone.slice(1)}`],
    givenName: name,
    familyName: familyNameKey(first, last, name),
    records: [],
  }
}

/** One contact with a second address, a Contact in capitals, a Lead on the second address. By target: the keys of its records. */
async function plantTargets(world: PushWorld, targets: readonly Target[]): Promise<readonly Set<string>[]> {
  const ids = targets.map((_, i) => 7_000_000_000 + i)
  const rows = targets.map(({ first, last, email, second, phone }, i) => ({
    id: ids[i],
    email,
    firstname: first,
    lastname: last,
    hs_additional_emails: second,
    phone,
  }))
  await world.control('POST', '/hubspot/load', { rows })
  const contacts = await createMany(
    world,
    'Contact',
    targets.map(({ first, last, email }) => ({ FirstName: first.toUpperCase(), LastName: last, Email: email.toUpperCase() })),
  )
  const leads = await createMany(
    world,
    'Lead',
    targets.map(({ first, last, second }) => ({ FirstName: first, LastName: last, Email: second, Company: 'x' })),
  )
  return targets.map((_, i) => new Set([`hubspot:contacts:${ids[i]}`, `salesforce:Contact:${contacts[i]}`, `salesforce:Lead:${leads[i]}`]))
}

/** Each kind once around each target, in one CRM or the other. By key: its kind. */
async function plantLookAlikes(world: PushWorld, targets: readonly Target[], random: Random): Promise<ReadonlyMap<string, string>> {
  const planned = targets.flatMap((target) =>
    kinds.map(({ kind, row, only }) => ({
      kind,
      where: only ?? (['hubspot', 'salesforce'] as const)[random(2)]!,
      phone: kind === 'same phone' ? target.phone : undefined,
      ...row(target, random),
    })),
  )
  const found = new Map<string, string>()
  const here = planned.filter(({ where }) => where === 'hubspot')
  await world.control('POST', '/hubspot/load', {
    rows: here.map(({ first, last, email, phone }, i) => ({
      id: 8_000_000_000 + i,
      email,
      firstname: first,
      lastname: last,
      ...(phone && { phone }),
    })),
  })
  here.forEach(({ kind }, i) => found.set(`hubspot:contacts:${8_000_000_000 + i}`, kind))
  const there = planned.filter(({ where }) => where === 'salesforce')
  const fit = there.map(({ first, last, email, phone }) => ({
    FirstName: first,
    LastName: last,
    Email: isTakenBySalesforce(email) ? email : null,
    ...(phone && { Phone: phone }),
  }))
  const ids = await createMany(world, 'Contact', fit)
  there.forEach(({ kind }, i) => found.set(`salesforce:Contact:${ids[i]}`, kind))
  return found
}

/** It refuses what is no address to it. */
const isTakenBySalesforce = (email: string): boolean => /^[\x21-\x7e]+@[a-z0-9.-]+$/.test(email)
const names = ({ first, last }: Target): { first: string; last: string } => ({ first, last })
const domainOf = ({ email }: Target): string => email.slice(email.indexOf('@') + 1)
const atDomain = ({ email }: Target, domain: string): string => `${email.slice(0, email.indexOf('@'))}@${domain}`
const pick = <T>(list: readonly T[], random: Random): T => list[random(list.length)]!

function swapped(email: string): string {
  const [local = '', domain = ''] = email.split('@')
  const [a = '', b = ''] = local.split('.')
  return `${b}.${a}@${domain}`
}
