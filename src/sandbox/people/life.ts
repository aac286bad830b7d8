/** What a person did with the company, as dates: days where the CRM keeps a day, instants where it keeps one. */
import { type Calendar, DAY_MS } from './calendar.ts'
import { type Dice, between, chance, pick } from './random.ts'
import type { Relationship } from './shares.ts'

/** Day numbers end in `On`, epoch milliseconds in `At`. The acts in HubSpot alone are the last seven. */
export type Life = {
  collectedOn: number
  createdAt: number
  modifiedAt: number
  lifecycle: 'subscriber' | 'lead' | 'marketingqualifiedlead' | 'opportunity' | 'customer' | 'other'
  customerSinceOn?: number
  lastPurchaseOn?: number
  contractStatus?: 'active' | 'ended'
  contractEndOn?: number
  warrantyEndOn?: number
  accountCreatedOn?: number
  lastSignInAt?: number
  eventRegisteredOn?: number
  newsletterStatus?: 'subscribed' | 'unsubscribed'
  formAt?: number
  replyAt?: number
  salesReplyAt?: number
  clickAt?: number
  salesClickAt?: number
  openAt?: number
  contactedAt?: number
}
export type Everyday = 'recent-prospect' | 'recent-reader'
type Chapter = (life: Life, calendar: Calendar, dice: Dice) => void

/** Far enough from three years and from the sixty days of warning before them. */
const RECENT_DAYS = { low: 20, high: 960 } as const

export function lifeOf(calendar: Calendar, dice: Dice, story: Relationship | Everyday): Life {
  const life: Life = { collectedOn: calendar.today, createdAt: 0, modifiedAt: 0, lifecycle: 'lead' }
  CHAPTERS[story](life, calendar, dice)
  life.createdAt = life.collectedOn * DAY_MS + officeHour(dice)
  life.modifiedAt = lastEdit(life, calendar, dice)
  return life
}

const CHAPTERS: Readonly<Record<Relationship | Everyday, Chapter>> = {
  'recent-prospect': (life, calendar, dice) => {
    life.collectedOn = calendar.today - between(dice, RECENT_DAYS.low, RECENT_DAYS.high)
    life.lifecycle = pick(dice, ['lead', 'lead', 'marketingqualifiedlead', 'opportunity'] as const)
    if (chance(dice, 0.5)) life.formAt = life.collectedOn * DAY_MS + officeHour(dice)
  },
  'recent-reader': (life, calendar, dice) => {
    life.collectedOn = calendar.today - between(dice, RECENT_DAYS.low, RECENT_DAYS.high)
    life.lifecycle = 'subscriber'
    life.newsletterStatus = 'subscribed'
  },
  'prospect-old': (life, calendar, dice) => {
    life.collectedOn = calendar.yearsAgo(3) - between(dice, 1, 1500)
  },
  'prospect-old-opened': (life, calendar, dice) => {
    life.collectedOn = calendar.yearsAgo(3) - between(dice, 1, 1500)
    life.openAt = recently(calendar, dice, 300)
    life.contactedAt = recently(calendar, dice, 200)
  },
  'prospect-old-clicked': (life, calendar, dice) => {
    life.collectedOn = calendar.yearsAgo(3) - between(dice, 1, 1500)
    if (chance(dice, 0.7)) life.clickAt = recently(calendar, dice, 700)
    else life.salesClickAt = recently(calendar, dice, 700)
    life.openAt = life.clickAt ?? life.salesClickAt ?? calendar.now
  },
  'prospect-due-soon': (life, calendar, dice) => {
    life.collectedOn = calendar.yearsAgo(3) + between(dice, 1, 59)
  },
  'customer-running': (life, calendar, dice) => {
    becomeCustomer(life, calendar.today - between(dice, 200, 3300), dice)
    life.contractStatus = 'active'
    life.lastPurchaseOn = calendar.today - between(dice, 5, 190)
    if (chance(dice, 0.3)) life.replyAt = recently(calendar, dice, 400)
    if (chance(dice, 0.1)) life.salesReplyAt = recently(calendar, dice, 400)
  },
  'former-customer-recent': (life, calendar, dice) => {
    endContract(life, calendar.today - between(dice, 30, 900), dice)
  },
  'former-customer-3-to-5': (life, calendar, dice) => {
    endContract(life, between(dice, calendar.yearsAgo(5) + 1, calendar.yearsAgo(3) - 1), dice)
  },
  'former-customer-over-5': (life, calendar, dice) => {
    endContract(life, calendar.yearsAgo(5) - between(dice, 1, 900), dice)
  },
  'sale-3-to-5': (life, calendar, dice) => {
    buyOnce(life, between(dice, calendar.yearsAgo(5) + 1, calendar.yearsAgo(3) - 1), dice)
  },
  'sale-over-5': (life, calendar, dice) => {
    buyOnce(life, calendar.yearsAgo(5) - between(dice, 1, 900), dice)
  },
  'sale-under-warranty': (life, calendar, dice) => {
    buyOnce(life, calendar.yearsAgo(3) - between(dice, 1, 300), dice)
    life.warrantyEndOn = calendar.today - between(dice, 30, 700)
  },
  applicant: (life, calendar, dice) => {
    life.collectedOn = calendar.today - between(dice, 30, 1400)
    life.lifecycle = 'other'
  },
  'account-idle': (life, calendar, dice) => {
    life.accountCreatedOn = calendar.yearsAgo(2) - between(dice, 100, 900)
    life.collectedOn = life.accountCreatedOn
    life.lastSignInAt = (life.accountCreatedOn + between(dice, 1, 99)) * DAY_MS + officeHour(dice)
  },
  'account-active': (life, calendar, dice) => {
    life.accountCreatedOn = calendar.today - between(dice, 800, 2000)
    life.collectedOn = life.accountCreatedOn
    life.lastSignInAt = recently(calendar, dice, 500)
  },
  'event-guest': (life, calendar, dice) => {
    life.eventRegisteredOn = calendar.today - between(dice, 10, 500)
    life.collectedOn = life.eventRegisteredOn
    life.formAt = life.collectedOn * DAY_MS + officeHour(dice)
  },
  'reader-old': (life, calendar, dice) => {
    life.collectedOn = calendar.yearsAgo(3) - between(dice, 1, 1200)
    life.lifecycle = 'subscriber'
    life.newsletterStatus = 'subscribed'
  },
}

function becomeCustomer(life: Life, since: number, dice: Dice): void {
  life.customerSinceOn = since
  life.collectedOn = since - between(dice, 0, 200)
  life.lifecycle = 'customer'
}

function endContract(life: Life, endOn: number, dice: Dice): void {
  becomeCustomer(life, endOn - between(dice, 365, 1500), dice)
  life.contractStatus = 'ended'
  life.contractEndOn = endOn
  life.lastPurchaseOn = endOn - between(dice, 0, 300)
}

function buyOnce(life: Life, on: number, dice: Dice): void {
  becomeCustomer(life, on, dice)
  life.lastPurchaseOn = on
}

function recently(calendar: Calendar, dice: Dice, days: number): number {
  return (calendar.today - between(dice, 2, days)) * DAY_MS + officeHour(dice)
}

/** Milliseconds into the day, between 7:00 and 18:00 UTC. */
export function officeHour(dice: Dice): number {
  return between(dice, 25_200_000, 64_800_000)
}

/** The CRM's own modification date: after everything that happened, never after now. Staff edits and imports move it, and prove nothing. */
function lastEdit(life: Life, calendar: Calendar, dice: Dice): number {
  const latest = Math.max(
    life.createdAt,
    life.lastSignInAt ?? 0,
    life.formAt ?? 0,
    life.replyAt ?? 0,
    life.salesReplyAt ?? 0,
    life.clickAt ?? 0,
    life.salesClickAt ?? 0,
    life.openAt ?? 0,
    life.contactedAt ?? 0,
    (life.lastPurchaseOn ?? 0) * DAY_MS,
    (life.contractEndOn ?? 0) * DAY_MS,
  )
  return Math.min(calendar.now, latest + Math.floor(dice() * Math.max(0, calendar.now - latest)))
}
