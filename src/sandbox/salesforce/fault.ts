/** How Salesforce says no. A call fails with an array of these; one record of a collection fails with `statusCode` in place of `errorCode`. */

/** Salesforce docs: REST API error response, array of `{message, errorCode, fields}`. */
export class Fault extends Error {
  override name = 'Fault'
  readonly status: number
  readonly errorCode: string
  readonly fields: readonly string[] | undefined
  readonly duplicateResult: object | undefined
  constructor(status: number, errorCode: string, message: string, fields?: readonly string[], duplicateResult?: object) {
    super(message)
    this.status = status
    this.errorCode = errorCode
    this.fields = fields
    this.duplicateResult = duplicateResult
  }
  body(): object[] {
    const { message, errorCode, fields, duplicateResult } = this
    if (duplicateResult !== undefined) return [{ duplicateResult, errorCode, message }]
    return [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }]
  }
}

/** One record's error; single-record calls turn it into a Fault. */
export type RecordError = { statusCode: string; message: string; fields: readonly string[]; duplicateResult?: object }

export const recordError = (statusCode: string, message: string, fields: readonly string[] = []): RecordError => ({
  statusCode,
  message,
  fields,
})

export const notFound = (): Fault => new Fault(404, 'NOT_FOUND', 'The requested resource does not exist')
/** In the words of live orgs; `allowed` as they list it, without blanks. */
export const wrongMethod = ({ method }: { method: string }, allowed: string): Fault =>
  new Fault(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed}`)

/** The HTTP status of a record error when the call names a single record. */
export function faultOf(error: RecordError): Fault {
  const missing = error.statusCode === 'ENTITY_IS_DELETED' || error.statusCode === 'INVALID_CROSS_REFERENCE_KEY'
  const status = missing && error.fields.length === 0 ? 404 : 400
  return new Fault(status, error.statusCode, error.message, error.fields, error.duplicateResult)
}
