/** Several questions about one record, for which it is read once. */
import type { ConsentFact } from '../consent/consent.ts'
import type { ActDay, JudgeContext, JudgedRecord, RawFields } from './judge.ts'
import type { Held, Row, RowReader } from '../record/row.ts'
import type { Verdict } from './verdict.ts'

/** What can be said of a row, as long as no other record is read into it. */
export type Answers = {
  facts(row: Row, changedAt?: number, ours?: ReadonlySet<string>): readonly ConsentFact[]
  lastAct(row: Row): ActDay
  judge(row: Row, context: JudgeContext): Verdict
}

/** All records share one row: whoever is asked after another has been read is read again. */
export function createRecordReader(rows: RowReader, answers: Answers): (fields: RawFields, held?: Held) => JudgedRecord {
  let inRow: JudgedRecord | null = null
  let row: Row = []
  return (fields, held) => {
    const rowOf = (): Row => {
      if (inRow !== record) {
        inRow = null
        row = rows.read(fields, held)
        inRow = record
      }
      return row
    }
    const record: JudgedRecord = {
      facts: (changedAt, ours) => answers.facts(rowOf(), changedAt, ours),
      lastAct: () => answers.lastAct(rowOf()),
      judge: (context) => answers.judge(rowOf(), context),
    }
    return record
  }
}
