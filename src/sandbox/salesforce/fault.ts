/** How Salesforce says no. A call fails with an array of these; one record of a collection fails with `statusCode` in place of `errorCode`. */

/** Salesforce docs: REST API error response, array of `{message, errorCode, fields}`. */
export class Fault extends Error {
  override name = 'Fault'
  readonly status: number
  readonly errorCode: string
  readonly fields: readonly string[] | undefined
  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message)
    this.status = status
    this.errorCode = errorCode
    this.fields = fields
  }
  body(): object[] {
    return [{ message: this.message, errorCode: this.errorCode, ...(this.fields === undefined ? {} : { fields: this.fields }) }]
  }
}

/** One record's error; single-record calls turn it into a Fault. */
export type RecordError = { statusCode: string; message: string; fields: readonly string[] }

export const recordError = (statusCode: string, message: string, fields: readonly string[] = []): RecordError => ({
  statusCode,
  message,
  fields,
})

export const notFound = (): Fault => new Fault(404, 'NOT_FOUND', 'The requested resource does not exist')
export const wrongMethod = (allowed: string): Fault =>
  new Fault(405, 'METHOD_NOT_ALLOWED', `HTTP Method not allowed. Allowed are ${allowed}`)

/** The HTTP status of a record error when the call names a single record. */
export function faultOf(error: RecordError): Fault {
  const missing = error.statusCode === 'ENTITY_IS_DELETED' || error.statusCode === 'INVALID_CROSS_REFERENCE_KEY'
  return new Fault(missing && error.fields.length === 0 ? 404 : 400, error.statusCode, error.message, error.fields)
}
