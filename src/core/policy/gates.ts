/** What refuses every contact before any consent is looked at. What cannot be read refuses too. */
import { compileCondition, no, yes, type CompileContext } from './condition-compile.ts'
import type { Condition } from './condition.ts'
import type { Frame } from '../judge/frame.ts'
import { inForce, type Policy } from './schema.ts'

/** Told by what a gate looks at, not by its id: a company may rename its gates. */
export type GateKind = 'restricted' | 'asked' | 'objected' | 'child' | 'not_informed' | 'other'
/** What refuses when the person asked for a restriction by right, whatever gates the policy has. */
export const RESTRICTION = 'restriction'

/** What refuses marketing while the person waits for an answer to an erasure, an objection or a restriction. */
export const OPEN_REQUEST = 'open-request'
/** What a person has asked for, whatever gates the policy has. */
export type Asked = typeof RESTRICTION | typeof OPEN_REQUEST | null

/** Ids of the first gate that refuses; `null` when none does. `standing`: kinds that surely refuse. Filled anew for each record. */
export type GateState = {
  marketing: string | null
  service: string | null
  /** The two as one number: equal for equal refusals. */
  code: number
  readonly standing: Set<GateKind>
}

/** `child`: so says another record of the person, whatever birth date stands here, if any: nobody is taken for older than they may be. */
export function compileGates(policy: Policy, context: CompileContext): (frame: Frame, asked: Asked, child?: boolean) => GateState {
  const gates = policy.gates
    .filter((gate) => inForce(gate, context.today))
    .map((gate) => ({
      id: gate.id,
      exceptServiceOnly: gate.exceptServiceOnly,
      kind: gateKind(gate.refuseWhen),
      age: gate.refuseWhen.length === 1 && gateKind(gate.refuseWhen) === 'child',
      test: compileCondition(gate.refuseWhen, context),
    }))
  const state: GateState = { marketing: null, service: null, code: 0, standing: new Set() }
  const base = gates.length + 3
  return (frame, asked, child = false) => {
    state.marketing = null
    state.service = null
    state.code = 0
    if (state.standing.size > 0) state.standing.clear()
    for (let i = 0; i < gates.length; i++) {
      const gate = gates[i]
      const own = gate?.test(frame) ?? no
      const answer = child && gate?.age === true ? yes : own
      if (gate === undefined || answer === no) continue
      if (state.marketing === null) {
        state.marketing = gate.id
        state.code += i + 1
      }
      if (!gate.exceptServiceOnly && state.service === null) {
        state.service = gate.id
        state.code += (i + 1) * base
      }
      if (answer === yes) state.standing.add(gate.kind)
    }
    if (asked === RESTRICTION) restrict(state, base)
    if (asked === OPEN_REQUEST) freeze(state, base)
    return state
  }
}

/** Storage alone is left: art. 18(2). */
function restrict(state: GateState, base: number): void {
  if (state.marketing === null) {
    state.marketing = RESTRICTION
    state.code += base - 1
  }
  if (state.service === null) {
    state.service = RESTRICTION
    state.code += (base - 1) * base
  }
  state.standing.add('restricted')
}

/** What a contract needs goes on. */
function freeze(state: GateState, base: number): void {
  state.standing.add('asked')
  if (state.marketing !== null) return
  state.marketing = OPEN_REQUEST
  state.code += base - 2
}

function gateKind(condition: Condition): GateKind {
  const uses = (field: string): boolean => condition.some((part) => part.field === field)
  if (uses('restricted')) return 'restricted'
  if (uses('suppressed')) return 'objected'
  if (uses('birthDate')) return 'child'
  return uses('noticeSentAt') ? 'not_informed' : 'other'
}
