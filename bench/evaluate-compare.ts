/** Whether the judge and the peer decide the same for every contact. */
import type { Verdict } from '../src/core/judge/verdict.ts'
import type { Decisions } from './evaluate-peer.ts'
import { askPeer, batches, judgeOne, styles, today, type World } from './evaluate-world.ts'

/** One of `parts` that can be compared side by side: each takes every so-manieth batch. */
export type Share = { readonly part: number; readonly parts: number }

/**
 * Answers the rules that somebody met. Throws on the first contact that the two decide differently, naming its index and never its values. The two styles
 * of the peer share all but how often a rule is run: one contact in twenty is asked of both.
 */
export async function compare(world: World, count: number, { part, parts }: Share = { part: 0, parts: 1 }): Promise<ReadonlySet<string>> {
  const met = new Set<string>()
  let index = 0
  let turn = 0
  for (const batch of batches(world, count, 'compared')) {
    const mine = turn++ % parts === part
    for (const contact of batch) {
      const at = index++
      if (!mine) continue
      const ours = decisionsOf(judgeOne(world.judge, contact))
      for (const style of at % 20 === 0 ? styles : (['shared'] as const)) {
        const different = differences(ours, await askPeer(world, style, contact))
        if (different !== '') throw new Error(`contact ${at} is decided differently: ${different}`)
      }
      for (const rule of [ours.audience, ours.category, ours.hold ?? '', ...ours.permissions.map((text) => text.slice(1))]) met.add(rule)
    }
  }
  return met
}

function decisionsOf({ audience, permissions, retention }: Verdict): Decisions {
  return {
    audience,
    permissions: permissions.map(({ allowed, rule }) => `${allowed ? '+' : '-'}${rule}`),
    category: retention.rule,
    hold: retention.hold,
    due: retention.dueOn !== null && retention.dueOn <= today,
  }
}

function differences(ours: Decisions, theirs: Decisions): string {
  const plain = (['audience', 'category', 'hold', 'due'] as const).filter((key) => ours[key] !== theirs[key])
  const permissions = ours.permissions.flatMap((text, at) =>
    text === theirs.permissions[at] ? [] : [`${text} or ${theirs.permissions[at]}`],
  )
  return [...plain.map((key) => `${key} ${ours[key]} or ${theirs[key]}`), ...permissions].join(', ')
}
