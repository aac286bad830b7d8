/** Which CRM fields a mapping names, and what is wrong with it against the CRM's own catalogue. */
import { missingFrom, problemFindings } from '../judge/collect.ts'
import { ownFields } from './contact-field.ts'
import type { ObjectInfo } from './field-info.ts'
import type { ObjectMapping } from './mapping.ts'
import type { Policy } from '../policy/schema.ts'
import { fieldsUsedByRules } from '../policy/purposes.ts'
import type { RuleId } from '../judge/rules.ts'
import type { Finding } from '../judge/verdict.ts'

/** Every CRM field that judging reads, write-back fields left out. */
export function mappedFields(mapping: ObjectMapping): readonly string[] {
  return [
    ...new Set([
      ...Object.values(mapping.fields).flatMap((source) => source?.from ?? []),
      ...mapping.emails,
      ...mapping.phones,
      ...mapping.crossIds.map((cross) => cross.field),
      ...Object.values(mapping.acts).flat(),
      ...mapping.consents.flatMap((consent) => [consent.field, consent.at, consent.text].filter((name) => name !== undefined)),
      ...Object.values(mapping.marketing),
      ...(mapping.legalBasis === undefined ? [] : [mapping.legalBasis.field]),
      ...mapping.texts,
    ]),
  ]
}

export type ProblemOptions = {
  readonly policy: Policy
  readonly mapping: ObjectMapping
  readonly schema: ObjectInfo
  /** Fields of the write-back that cannot be written, or not with every value. */
  readonly unready: readonly string[]
  /** Opt-outs of the CRM that the mapping wants set and that cannot be written. */
  readonly unmirrored: readonly string[]
}

export function mappingProblems({ policy, mapping, schema, unready, unmirrored }: ProblemOptions): readonly Finding[] {
  const found = (rule: RuleId, fields: readonly string[]): { rule: RuleId; field: string }[] => fields.map((field) => ({ rule, field }))
  const unmapped = fieldsUsedByRules(policy).filter((field) => mapping.fields[field] === undefined && !ownFields.includes(field))
  return problemFindings([
    ...found('mapping.field_missing', missingFrom(schema.fields, mappedFields(mapping))),
    ...found('mapping.field_unmapped', unmapped),
    ...found('mapping.write_back_missing', unready),
    // One that is not even shown is reported as missing already.
    ...found(
      'mapping.mirror_read_only',
      unmirrored.filter((name) => schema.fields.some((field) => field.name === name)),
    ),
  ])
}

/** CRM fields that the company has said it needs: those of purposes that are on and of rules, the plumbing, and our own. */
export function declaredFields(policy: Policy, mapping: ObjectMapping, needed: ReadonlySet<string>): ReadonlySet<string> {
  const idle = Object.entries(mapping.fields).filter(([field]) => !needed.has(field) && policy.contactFields.includes(field))
  const plumbing = mappedFields({ ...mapping, fields: {}, texts: [] })
  const wanted = Object.entries(mapping.fields).filter(([field]) => needed.has(field))
  const declared = new Set([...plumbing, ...wanted.flatMap(([, source]) => source?.from ?? [])])
  for (const text of mapping.texts) if (!idle.some(([, source]) => source?.from.includes(text))) declared.add(text)
  return declared
}
