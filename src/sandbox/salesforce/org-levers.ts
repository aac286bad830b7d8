/** Levers for what an administrator sets up: features, duplicate rules, field history; and the conversion of a lead by hand. */
import { z } from 'zod'
import { leverOn } from '../lever.ts'
import { convertLead } from './convert-lead.ts'
import { LIVE, writeRow } from './table.ts'
import { relateDirectly } from './after-write.ts'
import { shelve } from './org.ts'
import { tableOf } from './grants.ts'
import type { Org } from './org.ts'
import type { Levers } from '../lever.ts'
import type { World } from './call.ts'

const FeatureSwitch = z.strictObject({ name: z.enum(['privacy', 'personAccounts', 'relations']), on: z.boolean() })
const DuplicateRule = z.strictObject({
  object: z.string(),
  fields: z.array(z.string()).min(1),
  allowSave: z.boolean().default(true),
  on: z.boolean().default(true),
})
const TrackHistory = z.strictObject({ object: z.string(), fields: z.array(z.string()) })
const BinCapacity = z.strictObject({ records: z.int().min(0) })
const Switch = z.strictObject({ on: z.boolean() })
const SearchLag = z.strictObject({ ms: z.int().min(0) })
const ConvertLead = z.strictObject({
  leadId: z.string(),
  convertedStatus: z.string().default('Closed - Converted'),
  accountId: z.string().optional(),
  contactId: z.string().optional(),
  opportunityName: z.string().optional(),
  doNotCreateOpportunity: z.boolean().default(false),
})

const lever = leverOn<World>()

export const ORG_LEVERS: Levers<World> = {
  feature: lever(
    'Data Protection and Privacy, person accounts, contacts with several accounts',
    FeatureSwitch,
    ({ org }, body) => switchFeature(org, body),
    {
      name: 'personAccounts',
      on: true,
    },
  ),
  'duplicate-rule': lever(
    'A rule that refuses a second record with the same value in one of the fields',
    DuplicateRule,
    ({ org }, { on, ...rule }) => {
      const { duplicateRules } = org.switches
      checkFields(org, rule.object, rule.fields)
      const others = duplicateRules.filter(({ object }) => object.toLowerCase() !== rule.object.toLowerCase())
      duplicateRules.splice(0, duplicateRules.length, ...others, ...(on ? [rule] : []))
      return { rules: duplicateRules.length }
    },
  ),
  'track-history': lever(
    'Field history: the fields of the object that are tracked from now on',
    TrackHistory,
    ({ org }, { object, fields }) => {
      checkFields(org, object, fields)
      const prefix = `${object}.`.toLowerCase()
      for (const name of org.switches.tracked) if (name.startsWith(prefix)) org.switches.tracked.delete(name)
      for (const field of fields) org.switches.tracked.add(prefix + field.toLowerCase())
      return {}
    },
  ),
  'bin-capacity': lever(
    'How many records the recycle bin holds; the oldest leave after two hours when it is full',
    BinCapacity,
    ({ org }, { records }) => {
      org.switches.binCapacity = records
      return {}
    },
  ),
  'delete-keeps': lever('An org that confirms a delete and keeps the record', Switch, ({ org }, { on }) => {
    org.switches.deletesKeep = on
    return {}
  }),
  'search-lag': lever('How long SOSL does not see what was written', SearchLag, ({ org }, { ms }) => {
    org.switches.searchLagMs = ms
    return {}
  }),
  'convert-lead': lever('Converts a lead by hand', ConvertLead, ({ org }, { accountId, contactId, opportunityName, ...rest }) => {
    const optional = { ...(accountId === undefined ? {} : { accountId }), ...(contactId === undefined ? {} : { contactId }) }
    const converted = convertLead(org, { ...rest, ...optional, ...(opportunityName === undefined ? {} : { opportunityName }) })
    if (!converted.ok) throw new Error(converted.errors[0]?.message ?? 'conversion failed')
    return converted
  }),
}

function checkFields(org: Org, object: string, fields: readonly string[]): void {
  const { byName } = tableOf(org, object).object
  const unknown = fields.find((field) => !byName.has(field.toLowerCase()))
  if (unknown !== undefined) throw new Error(`Salesforce sandbox: no field ${object}.${unknown}`)
}

function switchFeature(org: Org, { name, on }: z.infer<typeof FeatureSwitch>): unknown {
  const { features } = org.switches
  if (on) features.add(name)
  else features.delete(name)
  shelve(org)
  if (name === 'privacy') writeRow(tableOf(org, 'Organization'), 0, [['PreferencesConsentManagementEnabled', on]])
  if (name === 'relations' && on) {
    const contacts = tableOf(org, 'Contact')
    contacts.stages.forEach((stage, row) => {
      if (stage === LIVE) relateDirectly(org, contacts, row)
    })
  }
  return { features: [...features].toSorted() }
}
