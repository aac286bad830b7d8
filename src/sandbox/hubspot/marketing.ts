import { createHash } from 'node:crypto'
import type { ExportTask } from './export.ts'
import type { Form, Submission } from './form.ts'
import type { RecordList, ListFolder } from './list.ts'
import { demoForms } from './form-demo.ts'
import type { Part } from './part.ts'
import { demoDefinitions } from './subscription.ts'
import type { Definition, PendingOptOut, Preference } from './subscription.ts'

export type MarketingSettings = {
  /** The portal's data privacy settings: with them on, every choice needs a legal basis and its explanation. */
  privacy: boolean
  /** Whether the account has brands (business units). */
  brands: boolean
  /** How long a choice takes to reach the properties of the contact. */
  optOutLagMs: number
  /** unverified: whether a box ticked in a form subscribes somebody again who had unsubscribed from that kind of e-mail. */
  formResubscribes: boolean
  /** How long an export is at work. */
  exportMs: number
}

/** What a portal knows of people beside their records. Plain data: a snapshot is a copy. */
export type Marketing = {
  settings: MarketingSettings
  /** Counts changes, so that what was computed for an older state can be told. */
  changes: number
  readonly seed: number
  /** Of everything that gets an id here. */
  serial: number
  definitions: Definition[]
  /** By lower-case address. */
  preferences: Map<string, Preference>
  pendingOptOuts: PendingOptOut[]
  forms: Map<string, Form>
  /** In the order they came in. */
  submissions: Submission[]
  lists: Map<number, RecordList>
  folders: Map<number, ListFolder>
  exports: ExportTask[]
}

const DEFAULT_SETTINGS: MarketingSettings = { privacy: false, brands: false, optOutLagMs: 1000, formResubscribes: true, exportMs: 1000 }

export function createMarketing(seed: number): Marketing {
  const forms = demoForms()
  return {
    settings: { ...DEFAULT_SETTINGS },
    changes: 0,
    seed,
    serial: forms.length,
    definitions: demoDefinitions(),
    preferences: new Map(),
    pendingOptOuts: [],
    forms: new Map(forms.map((form) => [form.id, form])),
    submissions: [],
    lists: new Map(),
    folders: new Map(),
    exports: [],
  }
}

/** What a snapshot keeps: everything but levers, which start afresh, and exports, which are gone as open jobs and tokens are. */
export function marketingPart(portal: { marketing: Marketing }): Part {
  return {
    keep() {
      const kept = copyOf(portal.marketing)
      return () => {
        portal.marketing = { ...copyOf(kept), changes: portal.marketing.changes + 1 }
      }
    },
  }
}

function copyOf(marketing: Marketing): Marketing {
  return { ...structuredClone({ ...marketing, exports: [] }), settings: { ...DEFAULT_SETTINGS } }
}

/** The next id of something that is told by a GUID; the same one for the same seed and history. */
export function nextGuid(marketing: Marketing): string {
  const hex = createHash('sha256')
    .update(`${marketing.seed}:${++marketing.serial}`)
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
