/**
 * One record as the rules see it. One frame serves a whole run and is filled anew for each record, so that judging allocates nothing but
 * the verdict; it is never kept or shared beyond one synchronous call.
 */
import { lastPlausibleDay } from '../time/calendar.ts'
import { normaliseEmail } from '../identity/email.ts'
import { birthDayOf, plausibleDay, unknownDay } from '../time/known-day.ts'
import type { Row } from '../record/row.ts'
import { compileSlot, type Slot, type SlotOptions } from '../record/slot.ts'
import type { Text } from '../text/text.ts'
import type { LocalDay } from '../time/time-zone.ts'

/** Marker in place of an epoch day. */
export const emptyDay = -Infinity

export type Frame = {
  /** By slot, see `slotOf`. */
  readonly texts: Text[]
  /** Epoch day by slot, for slots that hold dates: `emptyDay`, or `unknownDay`. */
  readonly days: number[]
  /** The record's own address in identity form; `undefined` when unreadable or no address. */
  email: Text
  /** The two halves of it, the local part without its plus tag; '' without an address. */
  mailbox: string
  domain: string
  /** Some slot could not be read. */
  gaps: boolean
  /** Earliest day after today on which something that was looked at changes by itself; Infinity for none. */
  nextDay: number
  /** An act of the person bears a date that has not come yet: when it was done cannot be told. */
  actAhead: boolean
  /** So does a consent that would be proved. */
  yesAhead: boolean
  /** Slots whose date is no usable one. */
  readonly badDays: number[]
  /** Slots whose text is no word that the policy or the mapping knows. */
  readonly strange: number[]
}

export type FrameReader = {
  readonly frame: Frame
  slotOf(contactField: string): number
  fill(row: Row, own: { readonly suppressed: boolean; readonly openRequest: boolean }): void
}

export type FrameOptions = SlotOptions & {
  /** Contact fields that some rule looks at. */
  readonly used: readonly string[]
  readonly today: number
  readonly localDay: LocalDay
}

export function createFrameReader(options: FrameOptions): FrameReader {
  const slots = options.used.map((field) => compileSlot(field, options))
  const index = new Map(slots.map((slot, at) => [slot.field, at]))
  const frame: Frame = {
    texts: slots.map(() => null),
    days: slots.map(() => emptyDay),
    email: null,
    mailbox: '',
    domain: '',
    gaps: false,
    nextDay: Infinity,
    actAhead: false,
    yesAhead: false,
    badDays: [],
    strange: [],
  }
  const dated = slots.flatMap((slot, at) => datedSlot(slot, at, options.today))
  const suppressed = index.get('suppressed')
  const openRequest = index.get('openRequest')
  const email = index.get('email')
  return {
    frame,
    slotOf: (field) => index.get(field) ?? -1,
    fill(row, own) {
      frame.nextDay = Infinity
      frame.actAhead = false
      frame.yesAhead = false
      frame.badDays.length = 0
      frame.strange.length = 0
      frame.gaps = false
      for (let i = 0; i < slots.length; i++) {
        const slot = slots[i] as Slot
        // Most of them, and a call for each is a third of the reading.
        const text = slot.plain === null ? slot.read(row) : row[slot.plain]
        if (text === undefined) frame.gaps = true
        const word = typeof text === 'string' && slot.word !== null ? slot.word(text) : text
        if (word === undefined && text !== undefined) frame.strange.push(i)
        frame.texts[i] = word
      }
      if (suppressed !== undefined) frame.texts[suppressed] = own.suppressed ? 'true' : 'false'
      if (openRequest !== undefined) frame.texts[openRequest] = own.openRequest ? 'true' : 'false'
      if (email !== undefined) readEmail(frame, frame.texts[email])
      for (let i = 0; i < dated.length; i++) {
        const slot = dated[i]
        if (slot !== undefined) frame.days[slot.at] = readDay(frame, slot, options.localDay)
      }
    },
  }
}

export function noteDay(frame: Frame, day: number): void {
  if (day < frame.nextDay) frame.nextDay = day
}

function readEmail(frame: Frame, text: Text): void {
  const email = text === null || text === undefined ? text : (normaliseEmail(text) ?? undefined)
  frame.email = email
  if (email === null || email === undefined) {
    frame.mailbox = ''
    frame.domain = ''
    return
  }
  const at = email.lastIndexOf('@')
  const plus = email.indexOf('+')
  // `info+shop@` is the mailbox `info@`.
  frame.mailbox = email.slice(0, plus > 0 && plus < at ? plus : at)
  frame.domain = email.slice(at + 1)
}

function datedSlot({ field, kind }: Slot, at: number, today: number): readonly DatedSlot[] {
  if (kind !== 'date' && kind !== 'dateAhead') return []
  return [{ at, latest: kind === 'date' ? today + 1 : lastPlausibleDay, dayOf: field === 'birthDate' ? birthDayOf : plausibleDay }]
}

type DatedSlot = { readonly at: number; readonly latest: number; readonly dayOf: (text: string, localDay: LocalDay) => number }

/** A date that cannot be is unknown, not empty: it must neither start a clock nor let a record look as if nothing were there. */
function readDay(frame: Frame, slot: DatedSlot, localDay: LocalDay): number {
  const text = frame.texts[slot.at]
  if (text === null) return emptyDay
  if (text === undefined) return unknownDay
  const day = slot.dayOf(text, localDay)
  if (day <= slot.latest) return day
  // The day from which on it can be read: one day of grace for clocks that disagree.
  if (day > slot.latest) noteDay(frame, day - 1)
  frame.badDays.push(slot.at)
  frame.texts[slot.at] = undefined
  return unknownDay
}
