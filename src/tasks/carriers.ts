/** Which task carries out which right. */
import type { Right } from '../core/request.ts'
import type { Carrier } from './carrier.ts'
import { changer } from './change.ts'
import { eraser } from './erase.ts'
import { closeRequest } from './request-file.ts'

/** Taken down, with its deadline, and carried out by somebody of the company: nothing happens here but the end. */
const byHand: Carrier = {
  tasks: (desk, { id, dueAt }) =>
    dueAt === null || dueAt > desk.shell.now() ? [] : [{ what: 'close', run: () => closeRequest(desk, id) }],
  truth: () => ({ message: 'Accord does not carry this right out yet, so that it cannot tell what was done' }),
}

export const carriers: { readonly [R in Right]: Carrier } = {
  access: byHand,
  rectification: changer,
  erasure: eraser,
  restriction: changer,
  objection: changer,
  portability: byHand,
  withdrawal: changer,
}
