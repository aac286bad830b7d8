/** The answers of Salesforce, as far as they are used. Unknown keys are fine, missing ones are an error with their path. */
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'

const ErrorBody = z.object({
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  message: z.string().optional(),
  fields: z.array(z.string()).nullish(),
})
export const Faults = z.union([z.array(ErrorBody), ErrorBody])

export const Token = z.object({
  access_token: z.string().min(1),
  instance_url: z.string().min(1),
  /** `https://login.salesforce.com/id/<organisation>/<user>` */
  id: z.string().regex(/\/id\/[A-Za-z0-9]{15,18}\/[A-Za-z0-9]{15,18}$/),
  refresh_token: z.string().min(1).nullish(),
})
export const TokenRefusal = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) })

/** `null` says as much as nothing. */
const orElse = <S extends z.ZodType>(schema: S, other: z.output<S>) => schema.nullish().transform((value) => value ?? other)

const DescribedField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  custom: z.boolean(),
  updateable: z.boolean(),
  nillable: orElse(z.boolean(), false),
  encrypted: orElse(z.boolean(), false),
  length: orElse(z.number(), 0),
  relationshipName: z.string().nullish(),
  referenceTo: z.array(z.string()).nullish(),
  picklistValues: z.array(z.object({ value: z.string(), active: z.boolean(), label: z.string().nullish() })).nullish(),
  calculated: orElse(z.boolean(), false),
})
export type DescribedField = z.output<typeof DescribedField>
export const Describe = z.object({
  name: z.string(),
  keyPrefix: z.string().length(3).nullish(),
  queryable: z.boolean(),
  createable: orElse(z.boolean(), false),
  updateable: z.boolean(),
  fields: z.array(DescribedField),
})

export type Row = Record<string, unknown>
/** Rows stay untyped here, and as they came: every column is checked where it becomes text, once. */
const Row = z.custom<Row>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
export const QueryAnswer = z.object({ totalSize: z.number(), done: z.boolean(), records: z.array(Row) })
/** Of one request inside. */
export const CompositeAnswer = z.object({ compositeResponse: z.tuple([z.object({ httpStatusCode: z.number(), body: z.unknown() })]) })
export const SearchAnswer = z.object({ searchRecords: z.array(z.object({ Id: z.string().regex(/^[A-Za-z0-9]{15,18}$/) })) })
export const RetrieveAnswer = z.array(Row.nullable())
export const SaveAnswer = z.array(z.object({ id: z.string().nullish(), success: z.boolean(), errors: z.nullish(z.array(ErrorBody)) }))
export const CreateAnswer = z.object({ id: z.string(), success: z.literal(true) })

export const QueryJob = z.object({
  id: z.string().regex(/^[A-Za-z0-9]{15,18}$/),
  state: z.enum(['UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted', 'Open']),
  numberRecordsProcessed: z.number().nullish(),
})
export type QueryJob = z.output<typeof QueryJob>

/** Parses an answer; the error says what was read and which path is wrong, never what stands there. */
export function shaped<S extends z.ZodType>(schema: S, body: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw unreadable(what, parsed.error.issues[0]?.path.join('.') ?? '')
}

export function unreadable(what: string, path: string): ConnectorError {
  return new ConnectorError(
    'unexpected-shape',
    `Salesforce answered ${what} in a shape nobody knows${path && `: ${path} is missing or of another type`}`,
  )
}

const PicklistValues = z.looseObject({ value: z.array(z.looseObject({ fullName: z.string() })) })
/** The definition of a picklist: written back whole, so everything unknown in it is kept. */
export const FieldMetadata = z.object({
  Metadata: z.looseObject({ valueSet: z.looseObject({ valueSetDefinition: PicklistValues.nullish() }) }),
})
