/** Which contact points of a record can be used at all. */
import { contactFieldKind } from '../record/contact-field.ts'
import type { Frame } from './frame.ts'
import { isFrenchPlan, isPhone } from '../identity/phone.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { isPlaceholder } from '../text/placeholder.ts'
import type { PurposePair } from '../policy/purposes.ts'
import { remember } from '../text/remember.ts'
import type { ColumnOf, Row } from '../record/row.ts'

export type ReachOptions = {
  readonly pairs: readonly PurposePair[]
  readonly mapping: ObjectMapping
  readonly slotOf: (field: string) => number
  readonly columnOf: ColumnOf
  /** Where a national phone number is dialled when the record names no country. */
  readonly homeCountry: string
}
/** Filled anew for each record. By pair: there is something to use; something stands there and cannot be used. `reach`: the first as one number. */
export type Reached = { readonly reachable: Uint8Array; readonly broken: Uint8Array; reach: number }
type State = 'usable' | 'broken' | 'none'

/** A channel needs its contact point, an address has to be one, and a number must be one that can be dialled. */
export function compileReach(options: ReachOptions): (frame: Frame, row: Row) => Reached {
  const needs = [...new Set(options.pairs.map((pair) => pair.needs))]
  const points = needs.map((field) => compilePoint(field, options))
  const pointOf = options.pairs.map((pair) => needs.indexOf(pair.needs))
  const reached: Reached = { reachable: new Uint8Array(pointOf.length), broken: new Uint8Array(pointOf.length), reach: 0 }
  let broken = 0
  return (frame, row) => {
    let reach = 0
    let bad = 0
    for (let i = 0; i < points.length; i++) {
      const state = points[i]?.(frame, row)
      if (state === 'usable') reach |= 1 << i
      else if (state === 'broken') bad |= 1 << i
    }
    if (reach !== reached.reach || bad !== broken) {
      for (let i = 0; i < pointOf.length; i++) {
        reached.reachable[i] = (reach >> (pointOf[i] ?? 0)) & 1
        reached.broken[i] = (bad >> (pointOf[i] ?? 0)) & 1
      }
      reached.reach = reach
      broken = bad
    }
    return reached
  }
}

function compilePoint(field: string, { mapping, slotOf, columnOf, homeCountry }: ReachOptions): (frame: Frame, row: Row) => State {
  const slot = slotOf(field)
  switch (contactFieldKind(field)) {
    case 'email':
      return (frame) => (typeof frame.email === 'string' ? 'usable' : typeof frame.texts[slot] === 'string' ? 'broken' : 'none')
    case 'phone': {
      const numbers = (mapping.fields[field]?.from ?? []).map(columnOf)
      const countries = (mapping.fields['country']?.from ?? []).map(columnOf)
      return (_frame, row) => {
        let state: State = 'none'
        for (let i = 0; i < numbers.length; i++) {
          const text = row[numbers[i] ?? -1]
          if (text === null || text === undefined) continue
          if (isDialable(text, countryOf(row, countries) ?? homeCountry)) return 'usable'
          state = 'broken'
        }
        return state
      }
    }
    default:
      return (frame) => (typeof frame.texts[slot] === 'string' ? 'usable' : 'none')
  }
}

export function countryOf(row: Row, columns: readonly number[]): string | null {
  for (let i = 0; i < columns.length; i++) {
    const text = row[columns[i] ?? -1]
    // `-` is no country, and its numbers are dialled from home.
    if (typeof text === 'string' && (text === 'France' || text === 'FR' || !isPlaceholder(text))) return text
  }
  return null
}

/** French numbers are checked against the French plan; elsewhere only their length, because reading each would cost more than all the rest. */
export function isDialable(text: string, country: string): boolean {
  if (text === last.text && country === last.country) return last.dialable
  ;[last, before] = [before, last]
  if (text !== last.text || country !== last.country) last = { text, country, dialable: dials(text, country) }
  return last.dialable
}

/** Of one record the same two numbers are asked for twice: may they be called, and do they have to be put right? */
let last = { text: '', country: '', dialable: false }
let before = last

/** `FRANCE`, `fr`, `Réunion`: however a record spells it. */
const isFrench = remember(isFrenchPlan, 1_000)

function dials(text: string, country: string): boolean {
  if (country === 'FR' || country === 'France' || text.startsWith('+33') || isFrench(country)) return isPhone(text, country)
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= 48 && c <= 57) digits++
  }
  return digits >= 6 && digits <= 18
}
