/** Judges the labelled records as a sweep would, without any HTTP: read the files, identify, link, gather the facts, judge. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { laterAct } from '../../../src/core/judge/acts.ts'
import { createJudge } from '../../../src/core/judge/create-judge.ts'
import type { FieldInfo } from '../../../src/core/record/field-info.ts'
import { linkRecords } from '../../../src/core/identity/link.ts'
import type { Identity, Judge, RawFields } from '../../../src/core/judge/judge.ts'
import { parseConnections } from '../../../src/core/record/mapping.ts'
import { parsePolicy } from '../../../src/core/policy/policy.ts'
import type { Parsed } from '../../../src/core/policy/problem.ts'
import type { Verdict } from '../../../src/core/judge/verdict.ts'
import { refusalsByEmail } from '../../../src/tasks/judge/facts.ts'
import { type Home, TODAY } from './person.ts'

export type Expected = {
  readonly record: string
  readonly person: string
  readonly why: string
  readonly context?: { readonly suppressed?: boolean; readonly openRequest?: boolean }
  readonly audience: string
  readonly status: string
  readonly findings: readonly string[]
  readonly consent: readonly string[] | null
  readonly retention: readonly [string, string | null]
  readonly linked: readonly string[]
}
export type Judged = {
  readonly fields: RawFields
  readonly expected: Expected
  readonly verdict: Verdict
  readonly linked: readonly string[]
}

const HERE = import.meta.dirname
const CONFIG = join(HERE, '../../../config')
const FILES: readonly (readonly [crm: string, object: Home])[] = [
  ['hubspot', 'contacts'],
  ['salesforce', 'Contact'],
  ['salesforce', 'Lead'],
]

export function judgeWorld(): readonly Judged[] {
  const judges = new Map(FILES.map(([crm, object]) => [object, judgeOf(crm, object)]))
  const records = FILES.flatMap(([crm, object]) => {
    const judge = judges.get(object)
    if (judge === undefined) throw new Error(`no judge for ${object}`)
    return linesOf(`${crm}/${object}.jsonl`).map((row) => {
      const fields = rawFields(row, judge)
      return { name: `${crm}:${object}:${String(row['hs_object_id'] ?? row['Id'])}`, judge, fields, identity: judge.identify(fields) }
    })
  })
  const groups = groupsOf(records)
  const expectations = new Map(linesOf('expected.jsonl').map((line) => [line['record'], line as unknown as Expected]))
  return records.map(({ name, judge, fields, identity }) => {
    const expected = expectations.get(name)
    if (expected === undefined) throw new Error(`${name} has no line in expected.jsonl`)
    const group = groups.get(name) ?? []
    const mailboxes = mailboxesOf(identity)
    const strangers = records.filter(
      (one) => !group.includes(one.name) && mailboxesOf(one.identity).some((email) => mailboxes.includes(email)),
    )
    const facts = [
      ...records.filter((one) => group.includes(one.name)).flatMap((one) => one.judge.facts(one.fields)),
      ...refusalsByEmail(strangers.flatMap((one) => one.judge.facts(one.fields))),
    ]
    const verdict = judge.judge(fields, {
      facts,
      suppressed: expected.context?.suppressed ?? false,
      openRequest: expected.context?.openRequest ?? false,
      lastAct: records
        .filter((one) => one.name !== name && group.includes(one.name))
        .map((one) => one.judge.lastAct(one.fields))
        .reduce(laterAct, null),
    })
    return { expected, fields, verdict, linked: group.filter((other) => other !== name) }
  })
}

function mailboxesOf({ emails, shared }: Identity): readonly string[] {
  return [...emails, ...shared]
}

export function judgeOf(crm: string, object: string): Judge {
  const policy = valid(parsePolicy(yaml('policy.yaml')))
  const connection = valid(parseConnections(yaml('connections.yaml'))).connections.find((one) => one.crm === crm)
  const mapping = connection?.objects.find((one) => one.object === object)
  if (connection === undefined || mapping === undefined) throw new Error(`config/connections.yaml lacks ${crm} ${object}`)
  return createJudge({ policy, mapping, connection: connection.id, schema: { object, fields: catalogue(crm, mapping) }, today: TODAY })
}

/** What the CRM shows: every field that the mapping names, and the undeclared ones of the demo CRMs. */
function catalogue(crm: string, mapping: unknown): readonly FieldInfo[] {
  const undeclared = crm === 'hubspot' ? HUBSPOT_UNDECLARED : SALESFORCE_UNDECLARED
  const names = new Set([...fieldNames(mapping), ...Object.keys(undeclared)])
  return [...names].map((name) => ({
    name,
    label: name,
    type: /date|Date|createdate/.test(name) ? 'datetime' : 'text',
    writable: true,
    custom: undeclared[name] ?? /__c$|^accord_|^consent_|_date$/.test(name),
  }))
}

/** Name → whether the company made it. */
const HUBSPOT_UNDECLARED: Readonly<Record<string, boolean>> = {
  children_count: true,
  lead_magnet_code: true,
  old_crm_id: true,
  marital_status: false,
  military_status: false,
  gender: false,
}
const SALESFORCE_UNDECLARED: Readonly<Record<string, boolean>> = { Children_Count__c: true, Lead_Magnet_Code__c: true, Old_Crm_Id__c: true }

/** Every text in the mapping that could be a field's name: too many names do no harm in a catalogue of what can be read. */
function fieldNames(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^[A-Za-z][\w]*$/.test(value) ? [value] : []
  if (value instanceof Map) return []
  if (Array.isArray(value)) return value.flatMap(fieldNames)
  return value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => (key === 'values' ? [] : fieldNames(inner)))
    : []
}

/** As the connectors hand them over: text, ISO 8601 in UTC, `null` for empty. */
export function rawFields(row: Readonly<Record<string, unknown>>, judge: Judge): RawFields {
  const names = new Set([...judge.reads, ...judge.writes])
  return Object.fromEntries([...names].map((name) => [name, textOf(row[name])]))
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  return String(value).replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+0000$/, '$1Z')
}

type Linkable = { readonly name: string; readonly identity: Identity }

/** Record name → names of its whole group. */
export function groupsOf(records: readonly Linkable[]): ReadonlyMap<string, readonly string[]> {
  const numbers = new Map(records.map(({ name }, i) => [name, i + 1]))
  const tagsOf = (names: readonly string[]): ReadonlyMap<string, number> =>
    new Map([...new Set(names)].filter((name) => name !== '').map((name, i) => [name, i + 1]))
  const tags = tagsOf(records.flatMap(({ identity }) => [identity.givenName, identity.familyName]))
  const { groups } = linkRecords(
    records.map(({ identity }, i) => ({
      id: i + 1,
      emails: identity.emails,
      crossIds: identity.crossIds.flatMap((name) => numbers.get(name) ?? []),
      personal: identity.personal,
      givenName: tags.get(identity.givenName) ?? 0,
      familyName: tags.get(identity.familyName) ?? 0,
    })),
  )
  const nameOf = (id: number): string => records[id - 1]?.name ?? ''
  return new Map(groups.flatMap((group) => group.map((id) => [nameOf(id), group.map(nameOf)])))
}

function linesOf(name: string): readonly Readonly<Record<string, unknown>>[] {
  const text = readFileSync(join(HERE, name), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function yaml(name: string): unknown {
  return parse(readFileSync(join(CONFIG, name), 'utf8'))
}

function valid<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`the shipped configuration is refused: ${JSON.stringify(parsed.problems)}`)
  return parsed.value
}
