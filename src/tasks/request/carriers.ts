/** Which task carries out which right. */
import type { Right } from '../../core/request/request.ts'
import type { Carrier } from './carrier.ts'
import { changer } from '../change/change.ts'
import { eraser } from '../erasure/erase.ts'
import { closeRequest } from './file.ts'

/** Taken down, with its deadline, and carried out by somebody of the company: nothing happens here but the end. */
const byHand: Carrier = {
  tasks: (deps, { id, dueAt }) =>
    dueAt === null || dueAt > deps.shell.now() ? [] : [{ what: 'close', run: () => closeRequest(deps, id) }],
  truth: () => ({ message: 'Accord does not carry this right out yet, so that it cannot tell what was done' }),
}

/** Answered by whoever sends the link or hands the file over, which note it themselves; here it only ends. */
const byCopy: Carrier = {
  ...byHand,
  truth: ({ id }) => {
    const short = id.slice(0, 8)
    return {
      message: `send the copy with "accord request link ${short}", or hand it over with "accord request export ${short} FILE --handed-over"`,
    }
  },
}

export const carriers: { readonly [R in Right]: Carrier } = {
  access: byCopy,
  rectification: changer,
  erasure: eraser,
  restriction: changer,
  objection: changer,
  portability: byCopy,
  withdrawal: changer,
}
