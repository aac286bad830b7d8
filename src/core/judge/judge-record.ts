/** Several questions about one record, for which it is read once. */
import type { ConsentFact } from '../consent/consent.ts'
import type { ActDay, Identity, JudgeContext, JudgedRecord, RawFields } from './judge.ts'
import type { Held, Row, RowReader } from '../record/row.ts'
import type { Verdict } from './verdict.ts'

/** What can be said of a row, as long as no other record is read into it. `again`: the same record in the row, whatever was read into it meanwhile. */
export type Answers = {
  identity(row: Row, again: () => Row): Identity
  facts(row: Row, changedAt?: number, ours?: ReadonlySet<string>): readonly ConsentFact[]
  lastAct(row: Row): ActDay
  childsYes(row: Row, said: readonly ConsentFact[]): readonly ConsentFact[]
  judge(row: Row, context: JudgeContext): Verdict
  optOuts(row: Row, verdict: Verdict): RawFields | null
  patch(row: Row, verdict: Verdict): RawFields | null
}

export type RecordReader = { ofFields: (fields: RawFields) => JudgedRecord; ofHeld: (held: Held) => JudgedRecord }

/** All records share one row: whoever is asked after another has been read is read again. */
export function createRecordReader(rows: RowReader, answers: Answers): RecordReader {
  const shared = new SharedRow(rows, answers)
  return {
    ofFields: (fields) => new ReadRecord(shared, fields, null),
    ofHeld: (held) => new ReadRecord(shared, null, held),
  }
}

/** Who is in the row. */
class SharedRow {
  readonly answers: Answers
  readonly #rows: RowReader
  #inRow: ReadRecord | null = null
  #row: Row = []

  constructor(rows: RowReader, answers: Answers) {
    this.#rows = rows
    this.answers = answers
  }

  rowOf(record: ReadRecord): Row {
    if (this.#inRow === record) return this.#row
    this.#inRow = null
    this.#row = record.held === null ? this.#rows.read(record.fields ?? {}) : this.#rows.readHeld(record.held)
    this.#inRow = record
    return this.#row
  }
}

/** A class: six functions of its own for each record take longer to make than most of their answers. */
class ReadRecord implements JudgedRecord {
  readonly fields: RawFields | null
  readonly held: Held | null
  readonly #shared: SharedRow

  constructor(shared: SharedRow, fields: RawFields | null, held: Held | null) {
    this.#shared = shared
    this.fields = fields
    this.held = held
  }

  #row(): Row {
    return this.#shared.rowOf(this)
  }

  identity(): Identity {
    return this.#shared.answers.identity(this.#row(), () => this.#row())
  }

  facts(changedAt?: number, ours?: ReadonlySet<string>): readonly ConsentFact[] {
    return this.#shared.answers.facts(this.#row(), changedAt, ours)
  }

  lastAct(): ActDay {
    return this.#shared.answers.lastAct(this.#row())
  }

  childsYes(said: readonly ConsentFact[]): readonly ConsentFact[] {
    return this.#shared.answers.childsYes(this.#row(), said)
  }

  judge(context: JudgeContext): Verdict {
    return this.#shared.answers.judge(this.#row(), context)
  }

  optOuts(verdict: Verdict): RawFields | null {
    return this.#shared.answers.optOuts(this.#row(), verdict)
  }

  patch(verdict: Verdict): RawFields | null {
    return this.#shared.answers.patch(this.#row(), verdict)
  }
}
