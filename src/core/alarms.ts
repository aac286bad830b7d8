/** What the DPO is told that is about no single request. Nothing here names a person. */

/** `mail-failed`: one of a kind (`about`) cannot be made or opened. `comeback-failed`: a case of somebody who is seen again. `retention-failed`: a person of a list (`about`). `clock-ahead`: what was dated years ahead. `replayed`: an older copy of the database was brought up to what was erased since. `unconfirmed`: requests that ended because nobody confirmed them. `many-alerts`: of one kind (`about`), told together. */
export const alarmKinds = [
  'mail-failed',
  'comeback-failed',
  'retention-failed',
  'clock-ahead',
  'replayed',
  'unconfirmed',
  'many-alerts',
] as const
export type AlarmKind = (typeof alarmKinds)[number]
/** `event`: the same is told once. `about`: a short name or number of ours; `count`: of how many. */
export type Alarm = { readonly kind: AlarmKind; readonly event: string; readonly about?: string; readonly count?: number }
