import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RULES } from '../../../src/core/judge/rules.ts'
import { labelledWorld, nameOfRecord } from './ids.ts'
import { files } from './render.ts'

const world = labelledWorld()
/** The other findings about the mapping concern a connection, or a field that cannot be read: no file can hold that. */
const ABOUT_PEOPLE = Object.keys(RULES).filter((rule) => !rule.startsWith('mapping.') || rule === 'mapping.value_unknown')
/** The shipped policy archives by hold only, and anonymises nobody's contact record; a restriction is asked of Accord, so that no record shows it. */
const UNUSED = ['retention.anonymise_due', 'consent.restricted']
const DETECTORS = ['nir', 'card', 'secrets', 'special', 'offences', 'insults', 'iban', 'private_life']

describe('the labelled world', () => {
  test('is on disk as the cases say (node test/flows/labelled-world/render.ts)', () => {
    const stale = Object.entries(files()).filter(([name, text]) => {
      const path = join(import.meta.dirname, name)
      return !existsSync(path) || readFileSync(path, 'utf8') !== text
    })
    expect(stale.map(([name]) => name)).toEqual([])
  })

  test('holds at least 120 people, each with a case of their own', () => {
    const people = new Set(world.map((record) => record.person))
    expect(people.size).toBeGreaterThanOrEqual(120)
    expect(new Set(world.map((record) => nameOfRecord(record.reference))).size).toBe(world.length)
    const apart = Map.groupBy(world, (record) => record.person)
    expect([...apart].filter(([, records]) => new Set(records.map((record) => record.why)).size !== 1)).toEqual([])
  })

  test('breaks every rule about people at least once, and no rule that there is not', () => {
    const broken = new Set(world.flatMap((record) => record.label.findings))
    const known = [...ABOUT_PEOPLE, ...DETECTORS.map((id) => `sensitive.${id}`), 'minimisation.undeclared_field']
    expect([...broken].filter((rule) => !known.includes(rule))).toEqual([])
    expect(known.filter((rule) => !broken.has(rule) && !UNUSED.includes(rule))).toEqual([])
  })

  test('lists each finding once, in order', () => {
    const untidy = world.filter(({ label }) => label.findings.join() !== [...new Set(label.findings)].toSorted().join())
    expect(untidy.map((record) => record.person)).toEqual([])
  })

  test('gives an address to two people only where the case is about that', () => {
    const users = new Map<string, Set<string>>()
    for (const { row, person } of world) {
      const email = String(row['email'] ?? row['Email'] ?? '').toLowerCase()
      if (email === '') continue
      users.set(email, (users.get(email) ?? new Set()).add(person))
    }
    const shared = [...users].filter(([, people]) => people.size > 1).map(([email]) => email)
    expect(shared.toSorted()).toEqual([
      'bibliotheque@ville.example',
      'compta@faiencerie.example',
      'famille.kervella@courriel.example',
      'famille.treguier@courriel.example',
      'mairie@ville.example',
    ])
  })

  test('names nobody real: addresses under reserved domains or of the demo, numbers set aside for fiction', () => {
    const values = world.flatMap(({ row }) => Object.values(row)).filter((value): value is string => typeof value === 'string')
    const addresses = values.flatMap((value) => value.match(/[^\s<>;"]+@[^\s<>;"]+/g) ?? [])
    expect(
      addresses.filter((address) => !/(\.|@)(example(\.(fr|com|org))?|test)$/i.test(address) && !/accord-demo-\d+@/.test(address)),
    ).toEqual([])
    const phones = world
      .flatMap(({ row }) => [row['phone'], row['mobilephone'], row['Phone'], row['MobilePhone']])
      .filter((value) => typeof value === 'string')
    const outside = phones.filter((phone) => !/^(0|33|49)?(19900\d{4}|17139200\d\d)$/.test(phone.replace('(0)', '').replaceAll(/\D/g, '')))
    expect([...new Set(outside)].toSorted()).toEqual(['01 99 00', 'voir standard'])
  })
})
