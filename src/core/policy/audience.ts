/** Who someone is for the rules: the first audience that surely fits; in doubt the one that the policy names for doubt. */
import { compileCondition, no, unknown, type CompileContext } from './condition-compile.ts'
import type { Frame } from '../judge/frame.ts'
import { createMailboxReader, type MailboxReader } from '../identity/identify.ts'
import type { Policy } from './schema.ts'

/** Index into `policy.audiences`. */
export function compileAudience(policy: Policy, context: CompileContext): (frame: Frame) => number {
  const tests = policy.audiences.map(({ when }) => (when === 'otherwise' ? null : compileCondition(when, context)))
  const inDoubt = policy.audiences.findIndex((audience) => audience.id === policy.unknowns.audience)
  return (frame) => {
    for (let i = 0; i < tests.length; i++) {
      const answer = tests[i]?.(frame)
      if (answer === unknown) return inDoubt
      if (answer !== no) return i
    }
    return inDoubt
  }
}

/** Local parts that name a function and not a person, from the audiences: such mailboxes never link two records. */
export function sharedLocalParts(policy: Policy): ReadonlySet<string> {
  const parts = new Set<string>()
  for (const { when } of policy.audiences) {
    if (when === 'otherwise') continue
    for (const { predicate } of when)
      if (predicate.is === 'email' && predicate.localPartIn !== null) for (const part of predicate.localPartIn) parts.add(String(part))
  }
  return parts
}

const mailboxReaders = new WeakMap<Policy, MailboxReader>()

/** Reads an address that comes by itself, as this policy does; made once for each policy. */
export function mailboxReaderOf(policy: Policy): MailboxReader {
  const reader = mailboxReaders.get(policy) ?? createMailboxReader(sharedLocalParts(policy))
  mailboxReaders.set(policy, reader)
  return reader
}
